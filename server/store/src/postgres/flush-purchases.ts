/**
 * Purchases become tickets: one transaction a batch, all of an order or nothing of it.
 *
 * The batch is first written as if it were alone, in four set-based statements. Then one query looks for other claims on those
 * places. Without one, it commits. Otherwise it goes back to the savepoint and writes anew, now with the refused orders as
 * refused. Looking *after* writing makes it exact: a live ticket in the unique index keeps every other flush waiting, so a claim
 * that the query does not see can no longer arise. Tickets are written in order of (event, place) and orders in order of
 * id, so two flushes cannot wait for each other.
 *
 * Who gets a place: the order committed first; inside a batch, the order that comes first in it (the outbox's order). No order
 * gets a place under a fence that is not above all the place was sold under before, even if those tickets are cancelled.
 */
import { type OrderId, orderId, REJECT_CODES, type RejectCode, uuidv7 } from '@seatwire/protocol';
import { type CommonQueryMethods, sql } from 'slonik';
import { z } from 'zod';
import { Unavailable } from '../unavailable.ts';
import type { Purchase } from '../words/purchase.ts';
import type { Database } from './database.ts';

export type FlushOutcome =
  | { readonly order: OrderId; readonly status: 'confirmed' }
  | ({ readonly order: OrderId; readonly status: 'rejected' } & Refused);

interface Refused {
  /** `stale_fence`: a place was sold under a higher fence before. `place_taken`: only lower ones stand in the way. */
  readonly reason: RejectCode;
  /** The live tickets in the way, for repair. */
  readonly takenBy: readonly { readonly place: number; readonly fence: number }[];
}

/** A purchase that contradicts itself, for any state of the ledger: a defect of the program that wrote it. */
export class MalformedPurchase extends Error {
  override readonly name = 'MalformedPurchase';
  readonly order: OrderId;

  constructor(order: OrderId, what: string) {
    super(`Purchase ${order}: ${what}`);
    this.order = order;
  }
}

/**
 * One outcome for each purchase given, in that order. The same order again gets the outcome it got first, so after a lost
 * reply call again. A refused order is stored as rejected. Throws `MalformedPurchase`, and the driver's error for an unknown
 * event or buyer, and then nothing of the batch is written.
 */
export async function flushPurchases(
  db: Database,
  purchases: readonly Purchase[],
): Promise<readonly FlushOutcome[]> {
  if (purchases.length === 0) return [];
  const batch = new Map<OrderId, Purchase>();
  for (const purchase of purchases) {
    checkWhole(purchase);
    if (!batch.has(purchase.order)) batch.set(purchase.order, purchase);
  }
  const outcomes = await db.transaction((tx) => writeBatch(tx, [...batch.values()]));
  return purchases.map((purchase) => outcomes.get(purchase.order)!);
}

type Outcomes = Map<OrderId, FlushOutcome>;

async function writeBatch(tx: CommonQueryMethods, batch: readonly Purchase[]): Promise<Outcomes> {
  const known: Known = { stored: new Map(), refused: new Map() };
  // Each round that is not the last settles at least one order more, but for places that are freed while we look.
  for (let round = 0; round < batch.length + 10; round++) {
    try {
      return await tx.transaction((savepoint) => writeRound(savepoint, batch, known));
    } catch (error) {
      if (!(error instanceof Contested)) throw error;
      for (const outcome of error.stored) known.stored.set(outcome.order, outcome);
      for (const [order, refused] of error.refused) known.refused.set(order, refused);
    }
  }
  throw new Unavailable('postgres', `A batch of ${batch.length} orders stayed contested.`);
}

/** What earlier rounds found out. */
interface Known {
  readonly stored: Outcomes;
  readonly refused: Map<OrderId, Refused>;
}

/** Ends a round: what it wrote rested on orders that were stored before, or on places that others have. */
class Contested extends Error {
  readonly stored: readonly FlushOutcome[];
  readonly refused: ReadonlyMap<OrderId, Refused>;

  constructor(stored: readonly FlushOutcome[], refused: ReadonlyMap<OrderId, Refused>) {
    super('contested');
    this.stored = stored;
    this.refused = refused;
  }
}

async function writeRound(
  tx: CommonQueryMethods,
  batch: readonly Purchase[],
  known: Known,
): Promise<Outcomes> {
  const fresh = batch.filter(({ order }) => !known.stored.has(order));
  const refused = refusedWithin(fresh, known.refused);
  const written = await insertOrders(tx, fresh, refused);
  if (written.size < fresh.length) {
    const before = fresh.filter(({ order }) => !written.has(order));
    throw new Contested(await storedOutcomes(tx, before), new Map());
  }
  const granted = fresh.filter(({ order }) => !refused.has(order));
  if (granted.length > 0) {
    const complete = await insertTickets(tx, granted);
    const others = await otherClaims(tx, granted);
    if (!complete || others.length > 0) throw new Contested([], refusals(granted, others));
  }
  const outcomes: Outcomes = new Map(known.stored);
  for (const { order } of fresh) {
    const refusal = refused.get(order);
    outcomes.set(order, refusal ? { order, status: 'rejected', ...refusal } : { order, status: 'confirmed' });
  }
  return outcomes;
}

/** The orders that cannot be granted: those known to be refused, and those that want what an earlier one of the batch gets. */
function refusedWithin(
  batch: readonly Purchase[],
  known: ReadonlyMap<OrderId, Refused>,
): ReadonlyMap<OrderId, Refused> {
  const refused = new Map(known);
  const claims = new Map<string, number>();
  for (const { order, event, places, fence } of batch) {
    if (refused.has(order)) continue;
    const takenBy = places.flatMap((place) => {
      const by = claims.get(`${event} ${place}`);
      return by === undefined ? [] : [{ place, fence: by }];
    });
    if (takenBy.length > 0) refused.set(order, refusedBy(fence, takenBy));
    else for (const place of places) claims.set(`${event} ${place}`, fence);
  }
  return refused;
}

function refusals(
  granted: readonly Purchase[],
  others: readonly OtherClaim[],
): ReadonlyMap<OrderId, Refused> {
  const contested = new Set(others.map((claim) => claim.order));
  const refused = new Map<OrderId, Refused>();
  for (const { order, fence } of granted) {
    if (!contested.has(order)) continue;
    const claims = others.filter((claim) => claim.order === order);
    const takenBy = claims.flatMap(({ place, live }) => (live === null ? [] : [{ place, fence: live }]));
    const cancelled = claims.flatMap(({ place, cancelled }) =>
      cancelled === null ? [] : [{ place, fence: cancelled }],
    );
    refused.set(order, { ...refusedBy(fence, [...takenBy, ...cancelled]), takenBy });
  }
  return refused;
}

const refusedBy = (fence: number, claims: Refused['takenBy']): Refused => ({
  reason: claims.some((claim) => claim.fence >= fence) ? 'stale_fence' : 'place_taken',
  takenBy: claims,
});

function checkWhole({ order, places, prices, amount }: Purchase): void {
  if (places.length === 0) throw new MalformedPurchase(order, 'no places');
  if (places.length !== prices.length) throw new MalformedPurchase(order, 'not one price a place');
  if (new Set(places).size !== places.length) throw new MalformedPurchase(order, 'a place named twice');
  const sum = prices.reduce((total, price) => total + price, 0);
  if (sum !== amount)
    throw new MalformedPurchase(order, `the amount is ${amount}, the prices add up to ${sum}`);
}

/** Returns which were not there before. Waits for other flushes of the same orders. */
async function insertOrders(
  tx: CommonQueryMethods,
  batch: readonly Purchase[],
  refused: ReadonlyMap<OrderId, Refused>,
): Promise<ReadonlySet<OrderId>> {
  const rows = batch.map((purchase) => {
    const { places, prices } = purchase;
    const refusal = refused.get(purchase.order);
    return [
      purchase.order,
      purchase.event,
      purchase.buyer,
      purchase.hold,
      purchase.fence,
      refusal ? 'rejected' : 'confirmed',
      purchase.amount,
      purchase.currency,
      purchase.acceptedAt,
      refusal?.reason ?? null,
      refusal ? JSON.stringify({ takenBy: refusal.takenBy, places, prices }) : null,
      purchase.payment,
    ];
  });
  const types = [
    'uuid',
    'uuid',
    'uuid',
    'text',
    'int8',
    'text',
    'int8',
    'text',
    'int8',
    'text',
    'jsonb',
    'text',
  ];
  const written = await tx.anyFirst(sql.type(z.object({ id: orderId }))`
    with purchase (id, event_id, buyer_id, hold, fence, status, amount, currency, accepted_ms, reason, refusal, payment) as (
      select * from ${sql.unnest(rows, types)}
    ), written as (
      insert into orders (id, event_id, buyer_id, hold, fence, status, amount, currency, accepted_at, reason, refusal)
      select id, event_id, buyer_id, hold, fence, status, amount, currency, to_timestamp(accepted_ms / 1000.0), reason, refusal
      from purchase order by id
      on conflict (id) do nothing
      returning id
    ), paid as (
      insert into payments (order_id, payment, amount, currency, state)
      select id, payment, amount, currency, 'authorised' from purchase join written using (id) where amount > 0
    )
    select id from written`);
  return new Set(written);
}

/** Returns whether all could be written. Waits for other flushes of the same places. */
async function insertTickets(tx: CommonQueryMethods, granted: readonly Purchase[]): Promise<boolean> {
  const rows = granted.flatMap(({ order, event, fence, places, prices }) =>
    places.map((place, index) => [uuidv7(), order, event, place, fence, prices[index]!]),
  );
  const { rowCount } = await tx.query(sql.unsafe`
    insert into tickets (id, order_id, event_id, place, fence, price)
    select * from ${sql.unnest(rows, ['uuid', 'uuid', 'uuid', 'int4', 'int8', 'int8'])}
      as ticket (id, order_id, event_id, place, fence, price)
    order by event_id, place
    on conflict do nothing`);
  return rowCount === rows.length;
}

/** Claims that forbid a granted order one of its places. `live`, `cancelled`: the fence of the live ticket, the highest of the cancelled ones. */
const otherClaim = z.object({
  order: orderId,
  place: z.int(),
  live: z.int().nullable(),
  cancelled: z.int().nullable(),
});
type OtherClaim = z.output<typeof otherClaim>;

async function otherClaims(
  tx: CommonQueryMethods,
  granted: readonly Purchase[],
): Promise<readonly OtherClaim[]> {
  const rows = granted.flatMap(({ order, event, fence, places }) =>
    places.map((place) => [order, event, place, fence]),
  );
  return tx.any(sql.type(otherClaim)`
    select wanted.order_id as order, wanted.place,
      case when other.order_id <> wanted.order_id then other.fence end as live,
      case when before.fence >= wanted.fence then before.fence end as cancelled
    from ${sql.unnest(rows, ['uuid', 'uuid', 'int4', 'int8'])} as wanted (order_id, event_id, place, fence)
    left join lateral (
      -- The limit keeps it one index probe a place, even when the planner is wrong about the table's size.
      select order_id, fence from tickets t
      where t.event_id = wanted.event_id and t.place = wanted.place and t.live limit 1
    ) other on true
    left join lateral (
      select max(fence) as fence from tickets t
      where t.event_id = wanted.event_id and t.place = wanted.place and not t.live
    ) before on true
    where other.order_id <> wanted.order_id or before.fence >= wanted.fence`);
}

const storedRow = z.object({
  id: orderId,
  status: z.string(),
  reason: z.enum(REJECT_CODES).nullable(),
  taken_by: z.array(z.object({ place: z.int(), fence: z.int() })).nullable(),
});

/** What was answered to these orders the first time; one that has since been cancelled was confirmed. */
async function storedOutcomes(tx: CommonQueryMethods, batch: readonly Purchase[]): Promise<FlushOutcome[]> {
  const rows = await tx.any(sql.type(storedRow)`
    select id, status, reason, refusal -> 'takenBy' as taken_by from orders
    where id = any(${sql.array(
      batch.map(({ order }) => order),
      'uuid',
    )})`);
  return rows.map(({ id, reason, taken_by }) =>
    reason === null
      ? { order: id, status: 'confirmed' }
      : { order: id, status: 'rejected', reason, takenBy: taken_by ?? [] },
  );
}
