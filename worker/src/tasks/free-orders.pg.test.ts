/** Orders of amount 0 behind the outbox: sold like any other, and no provider hears of them. */

import type { Service } from '@seatwire/program';
import type { Notice, OpId } from '@seatwire/protocol';
import { randomToken } from '@seatwire/protocol';
import { findOrder, type PaymentProvider, paymentOf, paymentsDue, statusOfOrder } from '@seatwire/store';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { flushOfStores } from '../flush/flush-of-stores.ts';
import { type Arena, openArenaOn, PARTITIONS } from '../testing/arena.ts';
import { openArena } from '../testing/test-arena.ts';
import { capture } from './capture.ts';
import type { PaymentAction } from './payment-queue.ts';
import { refund } from './refund.ts';
import { voidPayment } from './void.ts';

let arena: Arena;
let queued: string[];
let told: Notice[];
let flush: Service;

/** Every call is one too many. */
const provider = new Proxy({} as PaymentProvider, {
  get: (_, name) => () => {
    throw new Error(`the provider was asked: ${String(name)}`);
  },
});
const until = (what: () => Promise<boolean>) => vi.waitUntil(what, { timeout: 10_000, interval: 20 });
const statusOf = (order: Parameters<typeof statusOfOrder>[1]) => statusOfOrder(arena.stores.db, order);

beforeEach(async () => {
  arena = await openArena({ price: 0 });
  queued = [];
  told = [];
  const { metrics, log } = arena;
  const config = { partitions: PARTITIONS, consumer: 'a', batchSize: 100, lingerMs: 0, claimIdleMs: 60_000 };
  const payments = {
    add: async (action: PaymentAction, orders: readonly string[]) =>
      void queued.push(...orders.map((order) => `${action} ${order}`)),
  };
  const tell = async (notices: readonly Notice[]) => void told.push(...notices);
  flush = flushOfStores(arena.stores, config, { metrics, log }, { payments, tell });
  await flush.start();
});
afterEach(async () => {
  await flush.drain();
  await flush.stop();
  await arena.close();
});

test('[CB18] a free order is confirmed, has no payment, and queues none', async () => {
  const { order } = await arena.sell([1, 2]);
  await until(async () => (await statusOf(order)) === 'confirmed');
  await until(async () => told.length > 0);
  const { db } = arena.stores;
  expect(await findOrder(db, order)).toMatchObject({ status: 'confirmed', amount: 0 });
  expect(await paymentOf(db, order)).toBeNull();
  expect(await paymentsDue(db, 10)).toEqual([]);
  expect(queued).toEqual([]);
  expect(await capture({ db, provider }, order)).toBe('nothing');
  expect(await refund({ db, provider }, order)).toBe('not_cancelled');
});

test('[CB18] a free order that the ledger refuses has nothing to void', async () => {
  const { db, seats } = arena.stores;
  const first = await arena.sell([1]);
  await until(async () => (await statusOf(first.order)) === 'confirmed');
  await seats.cancel({ event: arena.event, buyer: arena.buyer, fence: first.fence, places: [1] });
  const second = await arena.sell([1]);
  await until(async () => (await statusOf(second.order)) === 'rejected');
  await until(async () => told.length > 1);
  expect(queued).toEqual([]);
  expect(await voidPayment({ db, provider }, second.order)).toBe('nothing');
});

test('[CB18] a free hold that ends in checkout leaves nothing to void', async () => {
  const { seats } = arena.stores;
  const { hold, buyer } = await arena.checkOut([3]);
  const op = randomToken() as OpId;
  expect(await seats.release({ event: arena.event, buyer, op, hold })).toMatchObject({ ok: true });
  const { order } = await arena.sell([3]);
  await until(async () => (await statusOf(order)) === 'confirmed');
  expect(queued).toEqual([]);
});

test('[CB18] the control: an order that costs something queues its capture, or its void', async () => {
  const paid = await openArenaOn(arena.databaseUrl, arena.redisUrl, { price: 100 });
  const { order } = await paid.sell([1]);
  const lapsing = await paid.checkOut([2]);
  const op = randomToken() as OpId;
  const { event, hold, buyer } = { ...lapsing, event: paid.event };
  expect(await paid.stores.seats.release({ event, buyer, op, hold })).toMatchObject({ ok: true });
  await until(async () => queued.length > 1);
  expect(queued.toSorted()).toEqual([`capture ${order}`, `void ${lapsing.order}`]);
  expect((await paymentOf(paid.stores.db, order))?.state).toBe('authorised');
  await paid.close();
});
