import { type EventId, type OrderId, type UserId, uuidv7 } from '@seatwire/protocol';
import pg from 'pg';
import { sql } from 'slonik';
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import { type TestDatabase, testDatabase } from '../testing/index.ts';
import { SAMPLE_PRICE, type SampleSale, samplePurchase, sampleSale } from '../testing/sample-sale.ts';
import type { Purchase } from '../words/purchase.ts';
import { closeDatabase, type Database, openDatabase } from './database.ts';
import { flushPurchases, MalformedPurchase } from './flush-purchases.ts';
import { cancelOrder, findOrder, salesOf } from './orders.ts';
import { paymentOf } from './payments.ts';
import { liveTickets } from './seat-plans.ts';

let database: TestDatabase;
let db: Database;
beforeAll(async () => {
  database = await testDatabase();
  db = await openDatabase(database.url);
});
afterAll(async () => {
  await closeDatabase(db);
  await database.drop();
});

const confirmed = ({ order }: Purchase) => ({ order, status: 'confirmed' });
const rejected = ({ order }: Purchase, reason: string, takenBy: { place: number; fence: number }[]) => ({
  order,
  status: 'rejected',
  reason,
  takenBy,
});

describe('a batch', () => {
  test('a batch becomes tickets, revenue and authorised payments', async () => {
    const sale = await sampleSale(db);
    const one = samplePurchase(sale, [3, 4]);
    const two = samplePurchase(sale, [90], { buyer: sale.buyers[1]! });
    expect(await flushPurchases(db, [one, two])).toEqual([confirmed(one), confirmed(two)]);
    expect(await liveTickets(db, sale.event.id)).toEqual([
      { place: 3, fence: one.fence, order: one.order, buyer: one.buyer },
      { place: 4, fence: one.fence, order: one.order, buyer: one.buyer },
      { place: 90, fence: two.fence, order: two.order, buyer: two.buyer },
    ]);
    expect(await salesOf(db, sale.event.id)).toEqual({ sold: 3, revenue: 3 * SAMPLE_PRICE, currency: 'EUR' });
    expect(await paymentOf(db, one.order)).toEqual({
      payment: one.payment,
      order: one.order,
      amount: 2 * SAMPLE_PRICE,
      currency: 'EUR',
      state: 'authorised',
    });
  });

  test('a batch written again, in whole, in part or twice within itself, gives the same outcomes and no more tickets', async () => {
    const sale = await sampleSale(db);
    const one = samplePurchase(sale, [1, 2]);
    const late = samplePurchase(sale, [2, 3]);
    const two = samplePurchase(sale, [5]);
    const first = await flushPurchases(db, [one, late]);
    expect(await flushPurchases(db, [one, late])).toEqual(first);
    expect(await flushPurchases(db, [late, two, two])).toEqual([first[1], confirmed(two), confirmed(two)]);
    expect((await liveTickets(db, sale.event.id)).map(({ place }) => place)).toEqual([1, 2, 5]);
  });

  test('a batch of nothing is nothing', async () => {
    expect(await flushPurchases(db, [])).toEqual([]);
  });

  test('a batch with an unknown event or buyer, or one that contradicts itself, is refused and writes nothing', async () => {
    const sale = await sampleSale(db);
    const good = samplePurchase(sale, [1]);
    const bad = [
      samplePurchase(sale, [2], { event: uuidv7() as EventId }),
      samplePurchase(sale, [2], { buyer: uuidv7() as UserId }),
      samplePurchase(sale, []),
      samplePurchase(sale, [2, 2]),
      samplePurchase(sale, [2], { amount: 1 }),
      samplePurchase(sale, [2], { prices: [] }),
    ];
    for (const purchase of bad.slice(0, 2)) {
      await expect(flushPurchases(db, [good, purchase])).rejects.toMatchObject({ code: '23503' });
    }
    for (const purchase of bad.slice(2)) {
      await expect(flushPurchases(db, [good, purchase])).rejects.toThrow(MalformedPurchase);
    }
    expect(await findOrder(db, good.order)).toBeNull();
    expect(await liveTickets(db, sale.event.id)).toEqual([]);
  });
});

describe('a place that is taken', () => {
  test('a place that is taken refuses the whole order, which stays in the ledger as rejected and names the tickets in the way', async () => {
    const sale = await sampleSale(db);
    const first = samplePurchase(sale, [10, 11]);
    await flushPurchases(db, [first]);
    const second = samplePurchase(sale, [11, 12]);
    const other = samplePurchase(sale, [13]);
    expect(await flushPurchases(db, [second, other])).toEqual([
      rejected(second, 'place_taken', [{ place: 11, fence: first.fence }]),
      confirmed(other),
    ]);
    expect((await liveTickets(db, sale.event.id)).map(({ place }) => place)).toEqual([10, 11, 13]);
    expect(await findOrder(db, second.order)).toMatchObject({
      status: 'rejected',
      reason: 'place_taken',
      tickets: [],
    });
    expect(await paymentOf(db, second.order)).toMatchObject({ state: 'authorised' });
  });

  test('a place asked for twice within one batch goes to the order that comes first in it', async () => {
    const sale = await sampleSale(db);
    const first = samplePurchase(sale, [1, 2]);
    const second = samplePurchase(sale, [2, 3]);
    const third = samplePurchase(sale, [3]);
    expect(await flushPurchases(db, [first, second, third])).toEqual([
      confirmed(first),
      rejected(second, 'place_taken', [{ place: 2, fence: first.fence }]),
      confirmed(third),
    ]);
  });

  test('a place asked for twice within one batch goes to the second when the first is refused for another place', async () => {
    const sale = await sampleSale(db);
    const before = samplePurchase(sale, [1]);
    await flushPurchases(db, [before]);
    const first = samplePurchase(sale, [1, 2]);
    const second = samplePurchase(sale, [2, 3]);
    expect(await flushPurchases(db, [first, second])).toEqual([
      rejected(first, 'place_taken', [{ place: 1, fence: before.fence }]),
      confirmed(second),
    ]);
  });

  test('a place of another event does not stand in the way', async () => {
    const [one, two] = [await sampleSale(db), await sampleSale(db)];
    const purchases = [samplePurchase(one, [7]), samplePurchase(two, [7])];
    expect(await flushPurchases(db, purchases)).toEqual(purchases.map(confirmed));
  });
});

describe('fences', () => {
  test('an order with an older fence than the live ticket is stale', async () => {
    const sale = await sampleSale(db);
    await flushPurchases(db, [samplePurchase(sale, [1], { fence: 20 })]);
    const stale = samplePurchase(sale, [1], { fence: 19 });
    expect(await flushPurchases(db, [stale])).toEqual([
      rejected(stale, 'stale_fence', [{ place: 1, fence: 20 }]),
    ]);
  });

  test('an order with an older fence than a cancelled ticket is stale; one with a newer gets the place', async () => {
    const sale = await sampleSale(db);
    const sold = samplePurchase(sale, [1, 2], { fence: 20 });
    await flushPurchases(db, [sold]);
    await cancelOrder(db, sold.order, 'changed my mind');
    const stale = samplePurchase(sale, [2, 3], { fence: 19 });
    const newer = samplePurchase(sale, [2], { fence: 21 });
    expect(await flushPurchases(db, [stale, newer])).toEqual([
      rejected(stale, 'stale_fence', []),
      confirmed(newer),
    ]);
    // The rejected order keeps its answer, and the cancelled one was confirmed in its time.
    expect(await flushPurchases(db, [stale, sold])).toEqual([
      rejected(stale, 'stale_fence', []),
      confirmed(sold),
    ]);
    expect((await liveTickets(db, sale.event.id)).map(({ order }) => order)).toEqual([newer.order]);
  });
});

describe('two flushes at once', () => {
  test('two flushes at once one of which is cancelled while the other waits for it: the older fence does not outlive the newer', async () => {
    const sale = await sampleSale(db);
    const [older, newer] = [
      samplePurchase(sale, [1], { fence: 10 }),
      samplePurchase(sale, [1], { fence: 11 }),
    ];
    const client = new pg.Client(database.url);
    await client.connect();
    onTestFinished(() => client.end());
    await client.query('begin');
    await client.query(
      `insert into orders (id, event_id, buyer_id, hold, fence, status, amount, currency, accepted_at)
       values ($1, $2, $3, 'h', 11, 'confirmed', 0, 'EUR', now())`,
      [newer.order, newer.event, newer.buyer],
    );
    await client.query(
      'insert into tickets (id, order_id, event_id, place, fence, price) values ($1, $1, $2, 1, 11, 0)',
      [newer.order, newer.event],
    );
    const outcome = flushPurchases(db, [older]);
    const waiting = sql.unsafe`
      select from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'`;
    await expect.poll(() => db.exists(waiting)).toBe(true);
    await client.query("update orders set status = 'cancelled', cancelled_at = now() where id = $1", [
      newer.order,
    ]);
    await client.query('update tickets set live = false where order_id = $1', [newer.order]);
    await client.query('commit');
    expect(await outcome).toEqual([rejected(older, 'stale_fence', [])]);
  });

  /** Pairs of orders for the same places, each of a pair in another flush at the same time. */
  async function race(ledger: Database, sale: SampleSale, rounds: number): Promise<number> {
    for (let round = 0; round < rounds; round++) {
      const places = [round * 2, round * 2 + 1];
      const [one, two] = [samplePurchase(sale, places), samplePurchase(sale, places.toReversed())];
      const outcomes = (
        await Promise.all([flushPurchases(ledger, [one]), flushPurchases(ledger, [two])])
      ).flat();
      expect(outcomes.map(({ order }) => order)).toEqual([one.order, two.order]);
    }
    const tickets = await liveTickets(ledger, sale.event.id);
    return tickets.length - new Set(tickets.map(({ place }) => place)).size;
  }

  test('two flushes at once for the same places: one wins, the other is rejected, no place is sold twice', async () => {
    const sale = await sampleSale(db, { places: 400 });
    expect(await race(db, sale, 150)).toBe(0);
    expect((await salesOf(db, sale.event.id)).sold).toBe(300);
  });

  test('control: without the unique index the same race sells places twice', async () => {
    const unguarded = await testDatabase();
    const client = new pg.Client(unguarded.url);
    await client.connect();
    await client.query('drop index tickets_one_live_per_place');
    await client.end();
    const ledger = await openDatabase(unguarded.url);
    const sale = await sampleSale(ledger, { places: 400 });
    expect(await race(ledger, sale, 150)).toBeGreaterThan(0);
    await closeDatabase(ledger);
    await unguarded.drop();
  });

  test('two flushes at once of the same batch: one set of tickets, the same answers', async () => {
    const sale = await sampleSale(db, { places: 400 });
    const batch = Array.from({ length: 100 }, (_, i) => samplePurchase(sale, [i * 2, i * 2 + 1]));
    const answers = await Promise.all(Array.from({ length: 4 }, () => flushPurchases(db, batch)));
    for (const answer of answers) expect(answer).toEqual(batch.map(confirmed));
    expect((await salesOf(db, sale.event.id)).sold).toBe(200);
  });

  test('two flushes at once of big, shuffled, overlapping batches: whole orders only, no deadlock, no place sold twice', async () => {
    const sale = await sampleSale(db, { places: 400 });
    const orders = Array.from({ length: 300 }, (_, i) => {
      const at = (i * 37) % 390;
      return samplePurchase(sale, [at, at + 3, at + 5]);
    });
    const batches = [0, 1, 2, 3].map((part) => orders.filter((_, i) => i % 4 === part));
    const outcomes = (await Promise.all(batches.map((batch) => flushPurchases(db, batch)))).flat();
    const won = new Set(outcomes.flatMap(({ order, status }) => (status === 'confirmed' ? [order] : [])));
    const tickets = await liveTickets(db, sale.event.id);
    expect(new Set(tickets.map(({ place }) => place)).size).toBe(tickets.length);
    expect(tickets.length).toBe(won.size * 3);
    expect(new Set(tickets.map(({ order }) => order))).toEqual(won as ReadonlySet<OrderId>);
    // No order was refused without cause: each refused order names a live ticket that still stands.
    for (const outcome of outcomes) {
      if (outcome.status === 'confirmed') continue;
      for (const { place, fence } of outcome.takenBy) {
        expect(tickets.find((ticket) => ticket.place === place)?.fence).toBe(fence);
      }
    }
  });
});
