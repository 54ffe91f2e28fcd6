import { type OrderBody, SeatMap } from '@seatwire/protocol';
import { describe, expect, test } from 'vitest';
import { PLANTS } from './config.ts';
import { planted } from './planted-fault.ts';
import { type Evidence, judge } from './proof.ts';
import type { Finding, OrderFinding } from './run-file.ts';

const EPOCH = 'e'.repeat(22);

/** Two buyers, two sockets: places 3 and 4 in one order, 7 in another; 1 was sold before. */
function evidence(): Evidence {
  const before = new SeatMap(10);
  before.set(1, 2);
  const after = new SeatMap(10);
  for (const place of [1, 3, 4, 7]) after.set(place, 2);
  const map = (socket: number): Finding => ({
    kind: 'map',
    socket,
    epoch: EPOCH,
    version: 42,
    checksum: after.checksum,
    sold: 4,
    held: 0,
  });
  return {
    sockets: 2,
    orders: [order('a', [3, 4]), order('b', [7])],
    before,
    complete: true,
    after: { epoch: EPOCH, version: 42, map: after },
    findings: [map(0), map(1), told(0, 'a', [3, 4]), told(1, 'b', [7])],
  };
}

const PRICE = 4200;

/** What a client was told. */
function told(socket: number, order: string, places: number[]): OrderFinding {
  return {
    kind: 'order',
    socket,
    order,
    places,
    prices: places.map(() => PRICE),
    amount: places.length * PRICE,
    currency: 'EUR',
    status: 'confirmed',
  };
}

/** What the ledger has. */
function order(id: string, places: number[]): OrderBody {
  return {
    id,
    status: 'confirmed',
    amount: places.length * PRICE,
    currency: 'EUR',
    tickets: places.map((place) => ({ id: `${id}-${place}`, place, label: String(place), price: PRICE })),
  } as unknown as OrderBody;
}

describe('the proof', () => {
  test('the proof holds when clients, server and ledger agree', () => {
    const verdict = judge(evidence());
    expect(verdict).toMatchObject({ proven: true, soldTwice: [], problems: [] });
    expect(verdict.line).toMatch(
      /^0 places sold twice; all maps equal; the money adds up: 12600 EUR minor units \(2 clients/,
    );
  });

  test.each(PLANTS.filter((plant) => plant !== 'wrong-map'))('the proof fails for a planted %s', (plant) => {
    expect(judge(planted(plant, evidence())).proven).toBe(false);
  });

  test.each([
    ['double-sale', '2 places sold twice; all maps equal; the money adds up'],
    [
      'lost-ticket',
      '0 places sold twice; all maps equal; map and ledger differ at 2 places; 1 purchases lost; the',
    ],
    ['wrong-price', '0 places sold twice; all maps equal; the money does not add up'],
  ] as const)('says in its one line what a planted %s did', (plant, line) => {
    expect(judge(planted(plant, evidence())).line.slice(0, line.length)).toBe(line);
  });

  test('the proof counts a place that two live tickets name', () => {
    const verdict = judge(planted('double-sale', evidence()));
    expect(verdict.soldTwice).toEqual([3, 4]);
    expect(verdict.line).toMatch(/^2 places sold twice/);
  });

  test('the proof counts a place that was sold before the run', () => {
    const { orders, ...rest } = evidence();
    expect(judge({ ...rest, orders: [...orders, order('c', [1])] }).soldTwice).toEqual([1]);
  });

  test('the proof does not count a cancelled order', () => {
    const { orders, ...rest } = evidence();
    const cancelled = { ...order('c', [7]), status: 'cancelled' as const };
    expect(judge({ ...rest, orders: [...orders, cancelled] }).proven).toBe(true);
  });

  test('the proof fails when a client has another map, an older one, or none', () => {
    const given = evidence();
    const [first, ...others] = given.findings;
    for (const change of [{ checksum: 1 }, { version: 41 }, { epoch: 'f'.repeat(22) }]) {
      const verdict = judge({ ...given, findings: [{ ...first!, ...change } as Finding, ...others] });
      expect(verdict.line).toMatch(/0 places sold twice; 1 of 2 maps differ/);
      expect(verdict.proven).toBe(false);
    }
    expect(judge({ ...given, findings: others }).problems).toContain('1 of 2 sockets reported a map');
  });

  test('the proof fails when an accepted order is not in the ledger, or for other places', () => {
    const given = evidence();
    expect(judge({ ...given, orders: [order('a', [3, 4])] }).problems[0]).toMatch(
      /order b was accepted for 7; the ledger has nothing/,
    );
    expect(judge({ ...given, orders: [order('a', [3, 4]), order('b', [8])] }).proven).toBe(false);
  });

  test('the proof fails when the map shows as sold what no buyer bought, or as free what one did', () => {
    const given = evidence();
    given.after.map.set(9, 2);
    given.after.map.set(7, 0);
    const findings = given.findings.map((finding) =>
      finding.kind === 'map' ? { ...finding, checksum: given.after.map.checksum } : finding,
    );
    expect(judge({ ...given, findings }).problems).toEqual([
      'place 7 is sold in the ledger, not on the map',
      'place 9 is sold on the map, not in the ledger',
    ]);
  });

  test('the proof fails when an order does not cost what its tickets do, or what its buyer was told', () => {
    const given = evidence();
    const [first, second] = given.orders;
    const dearer = { ...second!, amount: PRICE + 1 };
    expect(judge({ ...given, orders: [first!, dearer] })).toMatchObject({
      proven: false,
      problems: [
        `order b is ${PRICE + 1} EUR; its tickets are ${PRICE}`,
        `order b is ${PRICE + 1} EUR; its buyer was told ${PRICE} EUR`,
      ],
    });
    const tickets = second!.tickets.map((ticket) => ({ ...ticket, price: PRICE + 1 }));
    const verdict = judge({ ...given, orders: [first!, { ...dearer, tickets }] });
    expect(verdict.problems).toContain(`place 7 of order b costs ${PRICE + 1}; its buyer was told ${PRICE}`);
    expect(verdict.line).toMatch(/the money does not add up/);
  });

  test('the proof of one generator among several lets others buy, but loses none of its own', () => {
    const { orders, ...rest } = evidence();
    expect(judge({ ...rest, orders: [order('a', [3, 4])], complete: true }).proven).toBe(false);
    const own = rest.findings.filter((finding) => finding.kind !== 'order' || finding.order === 'a');
    expect(judge({ ...rest, findings: own, orders: [order('a', [3, 4])], complete: false }).proven).toBe(
      true,
    );
    rest.after.map.set(3, 0);
    expect(judge({ ...rest, findings: own, orders, complete: false }).problems).toContain(
      'place 3 is sold in the ledger, not on the map',
    );
  });
});
