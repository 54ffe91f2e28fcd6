import type { Service } from '@seatwire/program';
import { type OrderId, randomToken } from '@seatwire/protocol';
import {
  cancelOrder,
  flushPurchases,
  openRedis,
  type PaymentProvider,
  type Purchase,
  paymentOf,
  Unavailable,
} from '@seatwire/store';
import { faultyLine } from '@seatwire/store/testing';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { openPaymentQueue, type PaymentQueue } from '../job-queue.ts';
import { paymentWorker } from '../job-runner.ts';
import { paymentsDueService } from '../payments-due.ts';
import type { Arena, Sale } from '../testing/arena.ts';
import { openArena } from '../testing/test-arena.ts';

let arena: Arena;
let queue: PaymentQueue;
let ending: (() => unknown)[];

beforeEach(async () => {
  arena = await openArena();
  queue = openPaymentQueue(await redisOf('commands'), { attempts: 3, backoffMs: 10 });
  ending = [() => queue.close()];
});
afterEach(async () => {
  for (const end of ending.toReversed()) await end();
  await arena.close();
});

const redisOf = (role: 'commands' | 'jobs') => openRedis(arena.redisUrl, role);

async function start(service: Service): Promise<void> {
  await service.start();
  ending.push(() => service.drain().then(() => service.stop()));
}
async function work(provider: PaymentProvider = arena.stores.provider): Promise<void> {
  const connection = await redisOf('jobs');
  ending.push(() => connection.disconnect());
  const { db } = arena.stores;
  await start(
    paymentWorker({ db, provider, connection, concurrency: 4, metrics: arena.metrics, log: arena.log }),
  );
}
async function sweepDue(): Promise<void> {
  const { db, redis } = arena.stores;
  const { metrics, log } = arena;
  await start(paymentsDueService({ db, redis, queue, holder: 'a', everyMs: 50, graceMs: 0, metrics, log }));
}

/** A sale that the ledger has confirmed; no job is queued for it. */
async function confirmed(places: readonly number[], card?: string): Promise<Sale> {
  const sale = await arena.sell(places, card === undefined ? {} : { card });
  const prices = places.map(() => 2_500);
  const purchase: Purchase = {
    ...sale,
    kind: 'purchase',
    event: arena.event,
    prices,
    amount: prices.length * 2_500,
    currency: 'EUR',
    acceptedAt: Date.now(),
  };
  await flushPurchases(arena.stores.db, [purchase]);
  return sale;
}
const atProvider = async (order: OrderId) => (await arena.stores.provider.find(order))?.state ?? null;
const inLedger = async (order: OrderId) => (await paymentOf(arena.stores.db, order))?.state ?? null;
const until = (what: () => Promise<boolean>) => vi.waitUntil(what, { timeout: 10_000, interval: 20 });
const done = async (action: string, result: string) =>
  (await arena.metrics.payments.get()).values.find(
    ({ labels }) => labels.action === action && labels.result === result,
  )?.value ?? 0;
const failures = async () =>
  (await arena.metrics.paymentFailures.get()).values.reduce((sum, { value }) => sum + value, 0);

/** The provider, with some of it replaced. */
function provider(changed: Partial<PaymentProvider>): PaymentProvider {
  const real = arena.stores.provider;
  return {
    name: real.name,
    methods: () => real.methods(),
    authorise: (request) => real.authorise(request),
    capture: (order) => real.capture(order),
    void: (order) => real.void(order),
    refund: (order, amount) => real.refund(order, amount),
    find: (order) => real.find(order),
    close: () => real.close(),
    ...changed,
  };
}

describe('payment jobs', () => {
  test('a capture that fails once is tried again, and the money is taken once', async () => {
    const sale = await confirmed([1, 2], 'tok_capture_fails_once');
    await work();
    await queue.add('capture', [sale.order]);
    await until(async () => (await inLedger(sale.order)) === 'captured');
    expect(await atProvider(sale.order)).toBe('captured');
    expect(await failures()).toBe(1);
    expect(await done('capture', 'captured')).toBe(1);
  });

  test('nothing is captured before the ledger has confirmed the order', async () => {
    const sale = await arena.sell([3]); // accepted, never flushed
    await work();
    await queue.add('capture', [sale.order]);
    await until(async () => (await done('capture', 'not_confirmed')) === 1);
    expect(await atProvider(sale.order)).toBe('authorised');
  });

  test('an order asked for twice is one job while it waits, and one capture after all', async () => {
    const sale = await confirmed([4]);
    await queue.add('capture', [sale.order]);
    await queue.add('capture', [sale.order]);
    let captures = 0;
    await work(
      provider({
        capture(order) {
          captures++;
          return arena.stores.provider.capture(order);
        },
      }),
    );
    await until(async () => (await inLedger(sale.order)) === 'captured');
    expect(captures).toBe(1);
    await queue.add('capture', [sale.order]); // as a redelivery does
    await until(async () => (await done('capture', 'captured')) === 2);
    expect(await atProvider(sale.order)).toBe('captured');
  });

  test('a void lets go of a lapsed checkout, and bars it from being authorised later', async () => {
    const lapsed = await arena.checkOut([5]);
    await work();
    await queue.add('void', [lapsed.order]);
    await until(async () => (await atProvider(lapsed.order)) === 'voided');
    const { order } = lapsed;
    const late = await arena.stores.provider.authorise({
      order,
      amount: 2_500,
      currency: 'EUR',
      method: 'tok_ok',
      deadlineMs: 1_000,
    });
    expect(late.kind).not.toBe('authorised');
  });

  test('a void leaves a confirmed order alone', async () => {
    const sale = await confirmed([6]);
    await work();
    await queue.add('void', [sale.order]);
    await until(async () => (await done('void', 'confirmed')) === 1);
    expect(await atProvider(sale.order)).toBe('authorised');
  });

  test('a cancelled order is refunded once it was captured, and voided before', async () => {
    const [captured, reserved, standing] = [await confirmed([7]), await confirmed([8]), await confirmed([9])];
    await work();
    await queue.add('capture', [captured.order]);
    await until(async () => (await inLedger(captured.order)) === 'captured');
    for (const { order } of [captured, reserved])
      await cancelOrder(arena.stores.db, order, 'changed my mind');
    await queue.add('refund', [captured.order, reserved.order, standing.order]);
    await until(async () => (await done('refund', 'not_cancelled')) === 1);
    await until(async () => (await inLedger(captured.order)) === 'refunded');
    await until(async () => (await inLedger(reserved.order)) === 'voided');
    expect(await atProvider(standing.order)).toBe('authorised');
  });

  test('a capture nobody queued is found by the ledger and made', async () => {
    const sale = await confirmed([10]);
    await work();
    await sweepDue();
    await until(async () => (await inLedger(sale.order)) === 'captured');
  });

  test('a job that ran out of attempts is woken while the ledger still calls for it', async () => {
    const sale = await confirmed([11]);
    let down = true;
    await work(
      provider({
        async capture(order) {
          if (down) throw new Unavailable('payments', 'down');
          return arena.stores.provider.capture(order);
        },
      }),
    );
    await queue.add('capture', [sale.order]);
    await until(async () => (await failures()) === 3);
    expect(await inLedger(sale.order)).toBe('authorised');
    down = false;
    await queue.add('capture', [sale.order]); // the failed job of this id makes this a no-op
    await sweepDue();
    await until(async () => (await inLedger(sale.order)) === 'captured');
  });

  test('what the provider forbids is not tried again', async () => {
    const sale = await confirmed([12]);
    await arena.stores.provider.void(sale.order); // behind the ledger's back
    await work();
    await queue.add('capture', [sale.order]);
    await until(async () => (await failures()) === 1);
    await sweepDue();
    const looks = async () => (await arena.metrics.paymentsDue.get()).values[0]?.value ?? 0;
    await until(async () => (await looks()) >= 3);
    expect(await failures()).toBe(1);
  });

  test('jobs are done again after every line of the worker went half open', async () => {
    const line = await faultyLine(arena.redisUrl);
    ending.push(() => line.close());
    // Waits inside Redis take up to 2 s.
    const connection = await openRedis(line.url, 'jobs', { lineWatchMs: 1_000 });
    ending.push(() => connection.disconnect());
    const { db, provider } = arena.stores;
    const { metrics, log } = arena;
    await start(paymentWorker({ db, provider, connection, concurrency: 4, metrics, log }));
    const [before, after] = [await confirmed([20]), await confirmed([21])];
    await queue.add('capture', [before.order]);
    await until(async () => (await inLedger(before.order)) === 'captured');
    line.halfOpen();
    await queue.add('capture', [after.order]);
    await until(async () => (await inLedger(after.order)) === 'captured');
  });

  test('adding fails, and does not hang, while Redis does not answer', async () => {
    const connection = await redisOf('commands');
    const cut = openPaymentQueue(connection);
    connection.disconnect();
    await expect(cut.add('capture', [randomToken() as string as OrderId])).rejects.toThrow();
    await cut.close().catch(() => {});
  });
});
