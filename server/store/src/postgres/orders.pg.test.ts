import { type EventId, type OrderId, uuidv7 } from '@seatwire/protocol';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type TestDatabase, testDatabase } from '../testing/index.ts';
import { SAMPLE_PRICE, samplePurchase, sampleSale } from '../testing/sample-sale.ts';
import { closeDatabase, type Database, openDatabase } from './database.ts';
import { flushPurchases } from './flush-purchases.ts';
import { cancelOrder, findOrder, ordersOf, salesOf } from './orders.ts';
import { paymentOf, paymentsDue, recordPayment, uncapturedOrders } from './payments.ts';

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

const unknown = () => uuidv7() as OrderId;

describe('an order', () => {
  test('an order is found with its tickets, as they are printed', async () => {
    const sale = await sampleSale(db);
    const purchase = samplePurchase(sale, [21, 95]);
    await flushPurchases(db, [purchase]);
    const order = await findOrder(db, purchase.order);
    expect(order).toEqual({
      id: purchase.order,
      event: sale.event.id,
      title: sale.event.title,
      venue: sale.event.venue,
      city: sale.event.city,
      startsAt: sale.event.startsAt,
      timeZone: sale.event.timeZone,
      buyer: purchase.buyer,
      status: 'confirmed',
      amount: 2 * SAMPLE_PRICE,
      currency: 'EUR',
      createdAt: new Date(purchase.acceptedAt).toISOString(),
      tickets: [
        { id: expect.any(String), place: 21, label: 'Section A, row 2, seat 2', price: SAMPLE_PRICE },
        { id: expect.any(String), place: 95, label: 'Floor, general admission', price: SAMPLE_PRICE },
      ],
      reason: null,
    });
    expect(await findOrder(db, unknown())).toBeNull();
  });

  test("an order is listed among its buyer's, latest first, by event and page, and among no other buyer's", async () => {
    const [one, two] = [await sampleSale(db), await sampleSale(db)];
    const [buyer, other] = one.buyers as [never, never];
    const bought = [
      samplePurchase(one, [1], { buyer, acceptedAt: 1_000 }),
      samplePurchase(two, [1], { buyer, acceptedAt: 3_000 }),
      samplePurchase(one, [2], { buyer, acceptedAt: 2_000 }),
      samplePurchase(one, [3], { buyer: other }),
    ];
    await flushPurchases(db, bought);
    const ids = async (wanted: object) =>
      (await ordersOf(db, buyer, { limit: 10, offset: 0, ...wanted })).orders.map(({ id }) => id);
    expect(await ids({})).toEqual([bought[1]!.order, bought[2]!.order, bought[0]!.order]);
    expect(await ids({ event: one.event.id })).toEqual([bought[2]!.order, bought[0]!.order]);
    expect(await ids({ limit: 1, offset: 1 })).toEqual([bought[2]!.order]);
    const others = await ordersOf(db, other, { limit: 10, offset: 0 });
    expect(others).toMatchObject({ total: 1, orders: [{ event: one.event.id }] });
    expect(others).not.toHaveProperty('orders.0.buyer');
  });

  test('an order is cancelled once; again gives the same answer, and its place can be sold anew', async () => {
    const sale = await sampleSale(db);
    const purchase = samplePurchase(sale, [2, 1]);
    await flushPurchases(db, [purchase]);
    const cancelled = {
      event: sale.event.id,
      buyer: purchase.buyer,
      fence: purchase.fence,
      places: [1, 2],
    };
    const answers = await Promise.all(
      Array.from({ length: 5 }, () => cancelOrder(db, purchase.order, 'changed my mind')),
    );
    expect(answers).toEqual(Array(5).fill(cancelled));
    expect(await findOrder(db, purchase.order)).toMatchObject({ status: 'cancelled', reason: null });
    expect(await salesOf(db, sale.event.id)).toEqual({ sold: 0, revenue: 0, currency: 'EUR' });
    const next = samplePurchase(sale, [1]);
    expect(await flushPurchases(db, [next])).toEqual([{ order: next.order, status: 'confirmed' }]);
    expect(await cancelOrder(db, purchase.order, 'again')).toEqual(cancelled);
    expect((await salesOf(db, sale.event.id)).sold).toBe(1);
  });

  test('an order that is unknown or was rejected cannot be cancelled', async () => {
    const sale = await sampleSale(db);
    const [first, second] = [samplePurchase(sale, [1]), samplePurchase(sale, [1])];
    await flushPurchases(db, [first, second]);
    expect(await cancelOrder(db, second.order, 'x')).toBeNull();
    expect(await cancelOrder(db, unknown(), 'x')).toBeNull();
  });

  test('an unknown event has no sales to tell', async () => {
    await expect(salesOf(db, uuidv7() as EventId)).rejects.toThrow();
  });
});

describe('payments', () => {
  test('payments move only forwards, and may be recorded again', async () => {
    const sale = await sampleSale(db);
    const [one, two] = [samplePurchase(sale, [1]), samplePurchase(sale, [2])];
    await flushPurchases(db, [one, two]);
    for (const state of ['captured', 'captured', 'refunded', 'refunded'] as const) {
      expect(await recordPayment(db, one.order, state)).toBe('recorded');
      expect(await paymentOf(db, one.order)).toMatchObject({ state });
    }
    expect(await recordPayment(db, two.order, 'voided')).toBe('recorded');
    for (const state of ['authorised', 'captured', 'refunded'] as const) {
      expect(await recordPayment(db, two.order, state)).toBe('out_of_order');
    }
    expect(await recordPayment(db, one.order, 'voided')).toBe('out_of_order');
    expect(await recordPayment(db, unknown(), 'voided')).toBe('unknown_order');
    expect(await paymentOf(db, unknown())).toBeNull();
  });

  test('payments are due as their orders ask: capture, void or refund, until they are recorded', async () => {
    const sale = await sampleSale(db);
    const [sold, refused, cancelled, voided] = [
      samplePurchase(sale, [1]),
      samplePurchase(sale, [1]),
      samplePurchase(sale, [2]),
      samplePurchase(sale, [3]),
    ];
    await flushPurchases(db, [sold, refused, cancelled, voided]);
    await recordPayment(db, cancelled.order, 'captured');
    await cancelOrder(db, cancelled.order, 'x');
    await cancelOrder(db, voided.order, 'x');
    const ours = new Set([sold, refused, cancelled, voided].map(({ order }) => order));
    const due = async () =>
      Object.fromEntries(
        (await paymentsDue(db, 1_000)).flatMap(({ order, action }) =>
          ours.has(order) ? [[order, action]] : [],
        ),
      );
    expect(await due()).toEqual({
      [sold.order]: 'capture',
      [refused.order]: 'void',
      [cancelled.order]: 'refund',
      [voided.order]: 'void',
    });
    expect((await uncapturedOrders(db, 1_000)).filter((order) => ours.has(order))).toEqual([sold.order]);
    expect(await uncapturedOrders(db, 1_000, 60_000)).toEqual([]);
    expect(await paymentsDue(db, 1_000, 60_000)).toEqual([]);
    await recordPayment(db, sold.order, 'captured');
    await recordPayment(db, refused.order, 'voided');
    await recordPayment(db, cancelled.order, 'refunded');
    await recordPayment(db, voided.order, 'voided');
    expect(await due()).toEqual({});
  });
});
