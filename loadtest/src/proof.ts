/** The verdict: from what the clients saw, what the ledger says, and the map before and after. Pure, so that a planted fault can show it fails. */
import type { OrderBody, SeatMap } from '@seatwire/protocol';
import type { Finding, MapFinding, OrderFinding } from './run-file.ts';

export interface Evidence {
  readonly sockets: number;
  readonly findings: readonly Finding[];
  /** Of all buyers of the run, as REST gives them afterwards. */
  readonly orders: readonly OrderBody[];
  readonly before: SeatMap;
  /** Whether these are all the buyers there were: only then must every place sold since be one of their tickets. */
  readonly complete: boolean;
  readonly after: { readonly epoch: string; readonly version: number; readonly map: SeatMap };
}

export interface Verdict {
  readonly proven: boolean;
  /** Places that more than one live ticket names, or that were sold before. */
  readonly soldTwice: readonly number[];
  /** What is wrong, one line each; empty when proven. */
  readonly problems: readonly string[];
  /** The line that counts. */
  readonly line: string;
}

const MOST_LINES = 10;

export function judge(evidence: Evidence): Verdict {
  const { findings, orders, before, after, sockets, complete } = evidence;
  const maps = findings.filter((f): f is MapFinding => f.kind === 'map');
  const accepted = findings.filter((f): f is OrderFinding => f.kind === 'order');
  const problems: string[] = [];

  const live = orders.filter((order) => order.status === 'confirmed');
  const tickets = live.flatMap((order) => order.tickets.map((ticket) => ticket.place));
  const seen = new Set<number>();
  const soldTwice = tickets.filter((place) => before.get(place) === 2 || seen.size === seen.add(place).size);
  for (const place of soldTwice) problems.push(`place ${place} is sold twice`);

  const ledger = new Map(live.map((order) => [order.id as string, order]));
  let lost = 0;
  for (const { order, places } of accepted) {
    const kept = ledger.get(order)?.tickets.map((ticket) => ticket.place) ?? [];
    if (places.every((place) => kept.includes(place)) && kept.length === places.length) continue;
    lost++;
    problems.push(
      `order ${order} was accepted for ${places.join(', ')}; the ledger has ${kept.join(', ') || 'nothing'}`,
    );
  }

  const money = moneyProblems(live, accepted);
  problems.push(...money);

  const here = `epoch ${after.epoch}, version ${after.version}, checksum ${after.map.checksum}`;
  const apart = maps.filter(
    (map) =>
      map.epoch !== after.epoch || map.version !== after.version || map.checksum !== after.map.checksum,
  );
  for (const { socket, epoch, version, checksum } of apart)
    problems.push(
      `socket ${socket} has epoch ${epoch}, version ${version}, checksum ${checksum}; the server ${here}`,
    );
  if (maps.length !== sockets) problems.push(`${maps.length} of ${sockets} sockets reported a map`);

  const sold = new Set(tickets);
  let astray = 0;
  for (let place = 0; place < after.map.places; place++) {
    const expected = before.get(place) === 2 || sold.has(place);
    const shown = after.map.get(place) === 2;
    if (shown === expected || !(complete || expected)) continue;
    astray++;
    problems.push(
      `place ${place} is ${expected ? 'sold in the ledger, not' : 'sold'} on the map${expected ? '' : ', not in the ledger'}`,
    );
  }

  const mapsEqual = maps.length === sockets && apart.length === 0;
  return {
    proven: problems.length === 0,
    soldTwice,
    problems: [
      ...problems.slice(0, MOST_LINES),
      ...(problems.length > MOST_LINES ? [`and ${problems.length - MOST_LINES} more`] : []),
    ],
    line: [
      `${soldTwice.length} places sold twice`,
      mapsEqual ? 'all maps equal' : `${sockets - maps.length + apart.length} of ${sockets} maps differ`,
      ...(astray > 0 ? [`map and ledger differ at ${astray} places`] : []),
      ...(lost > 0 ? [`${lost} purchases lost`] : []),
      `${money.length === 0 ? 'the money adds up' : 'the money does not add up'}${total(live)}`,
      `(${maps.length} clients and the server at version ${after.version}; ${live.length} orders, ${tickets.length} tickets)`,
    ]
      .join('; ')
      .replace('; (', ' ('),
  };
}

/**
 * What is compared: each ledger order's amount, which is what the provider was asked for, with the sum of its tickets' prices; and
 * both with what the buyer was told when the places were held. Captures themselves are not told over REST.
 */
function moneyProblems(live: readonly OrderBody[], accepted: readonly OrderFinding[]): string[] {
  const problems: string[] = [];
  const told = new Map(accepted.map((order) => [order.order, order]));
  for (const { id, amount, currency, tickets } of live) {
    const sum = tickets.reduce((minor, ticket) => minor + ticket.price, 0);
    if (sum !== amount) problems.push(`order ${id} is ${amount} ${currency}; its tickets are ${sum}`);
    const promise = told.get(id);
    if (promise === undefined) continue;
    if (promise.amount !== amount || promise.currency !== currency)
      problems.push(
        `order ${id} is ${amount} ${currency}; its buyer was told ${promise.amount} ${promise.currency}`,
      );
    const prices = new Map(promise.places.map((place, i) => [place, promise.prices[i]]));
    for (const { place, price } of tickets)
      if (prices.has(place) && prices.get(place) !== price)
        problems.push(
          `place ${place} of order ${id} costs ${price}; its buyer was told ${prices.get(place)}`,
        );
  }
  return problems;
}

/** `: 12.50 EUR`, by currency; empty when nothing was sold. */
function total(live: readonly OrderBody[]): string {
  const sums = new Map<string, number>();
  for (const { amount, currency } of live) sums.set(currency, (sums.get(currency) ?? 0) + amount);
  return [...sums]
    .map(([currency, minor], i) => `${i === 0 ? ': ' : ' + '}${minor} ${currency} minor units`)
    .join('');
}
