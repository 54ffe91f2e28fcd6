import { repeat, type Service } from '@seatwire/program';
import { type OrderId, uuidv7 } from '@seatwire/protocol';
import {
  buryDeadLetter,
  cancelOrder,
  type DeadLetter,
  deadLetters,
  flushPurchases,
  openRedis,
  type PaymentProvider,
  type Purchase,
  paymentOf,
  type RedisClient,
  Unavailable,
} from '@seatwire/store';
import { faultyLine } from '@seatwire/store/testing';
import { Queue } from 'bullmq';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { type JobQueues, openJobQueues, QUEUE_PREFIX } from '../job-queues.ts';
import { jobRunner } from '../job-runner.ts';
import { revivePaymentsDue } from '../payments-due.ts';
import type { Arena, Sale } from '../testing/arena.ts';
import { openArena } from '../testing/test-arena.ts';
import { jobs } from './jobs.ts';

let arena: Arena;
let queues: JobQueues;
let ending: (() => unknown)[];

beforeEach(async () => {
  arena = await openArena();
  queues = openJobQueues({ jobs: hasty, connection: await redisOf('commands'), failed });
  ending = [() => queues.close()];
});
afterEach(async () => {
  for (const end of ending.toReversed()) await end();
  await arena.close();
});

/** The jobs, tried three times in quick succession. */
const hasty = jobs.map((job) => ({ ...job, attempts: 3, backoffMs: 10 }));
const failed = () => undefined;
const redisOf = (role: 'commands' | 'jobs') => openRedis(arena.redisUrl, role);

async function start(service: Service): Promise<void> {
  await service.start();
  ending.push(() => service.drain().then(() => service.stop()));
}
async function work(provider: PaymentProvider = arena.stores.provider, line?: RedisClient): Promise<void> {
  const connection = line ?? (await redisOf('jobs'));
  ending.push(() => connection.disconnect());
  const { db, redis } = arena.stores;
  const { metrics, log } = arena;
  const bury = (letter: DeadLetter) => buryDeadLetter(redis, letter);
  const concurrency = { payments: 4 };
  for (const service of jobRunner({ jobs: hasty, db, provider, connection, concurrency, bury, metrics, log }))
    await start(service);
}
async function sweepDue(): Promise<void> {
  const parts = { db: arena.stores.db, queues, graceMs: 0, metrics: arena.metrics };
  const run = () => revivePaymentsDue(parts);
  await start(repeat({ name: 'payments due', everyMs: 50, log: arena.log, run }));
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
  (await arena.metrics.jobs.get()).values.find(
    ({ labels }) => labels.job === action && labels.result === result,
  )?.value ?? 0;
const failures = async () =>
  (await arena.metrics.jobFailures.get()).values.reduce((sum, { value }) => sum + value, 0);

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
    await queues.add('capture', [sale]);
    await until(async () => (await inLedger(sale.order)) === 'captured');
    expect(await atProvider(sale.order)).toBe('captured');
    expect(await failures()).toBe(1);
    expect(await done('capture', 'captured')).toBe(1);
  });

  test('nothing is captured before the ledger has confirmed the order', async () => {
    const sale = await arena.sell([3]); // accepted, never flushed
    await work();
    await queues.add('capture', [sale]);
    await until(async () => (await done('capture', 'not_confirmed')) === 1);
    expect(await atProvider(sale.order)).toBe('authorised');
  });

  test('an order asked for twice is one job while it waits, and one capture after all', async () => {
    const sale = await confirmed([4]);
    await queues.add('capture', [sale]);
    await queues.add('capture', [sale]);
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
    await queues.add('capture', [sale]); // as a redelivery does
    await until(async () => (await done('capture', 'captured')) === 2);
    expect(await atProvider(sale.order)).toBe('captured');
  });

  test('a void lets go of a lapsed checkout, and bars it from being authorised later', async () => {
    const lapsed = await arena.checkOut([5]);
    await work();
    await queues.add('void', [lapsed]);
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
    await queues.add('void', [sale]);
    await until(async () => (await done('void', 'confirmed')) === 1);
    expect(await atProvider(sale.order)).toBe('authorised');
  });

  test('a cancelled order is refunded once it was captured, and voided before', async () => {
    const [captured, reserved, standing] = [await confirmed([7]), await confirmed([8]), await confirmed([9])];
    await work();
    await queues.add('capture', [captured]);
    await until(async () => (await inLedger(captured.order)) === 'captured');
    for (const { order } of [captured, reserved])
      await cancelOrder(arena.stores.db, order, 'changed my mind');
    await queues.add('refund', [captured, reserved, standing]);
    await until(async () => (await done('refund', 'not_cancelled')) === 1);
    await until(async () => (await inLedger(captured.order)) === 'refunded');
    await until(async () => (await inLedger(reserved.order)) === 'voided');
    expect(await atProvider(standing.order)).toBe('authorised');
  });

  test('a capture that was never queued is found by the ledger and made', async () => {
    const sale = await confirmed([10]);
    await work();
    await sweepDue();
    await until(async () => (await inLedger(sale.order)) === 'captured');
  });

  test('a job without attempts left is woken while the ledger still calls for it', async () => {
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
    await queues.add('capture', [sale]);
    await until(async () => (await failures()) === 3);
    expect(await inLedger(sale.order)).toBe('authorised');
    down = false;
    await queues.add('capture', [sale]); // the failed job of this id makes this a no-op
    await sweepDue();
    await until(async () => (await inLedger(sale.order)) === 'captured');
  });

  test('a step that the provider forbids is not tried again', async () => {
    const sale = await confirmed([12]);
    await arena.stores.provider.void(sale.order); // behind the ledger's back
    await work();
    await queues.add('capture', [sale]);
    await until(async () => (await failures()) === 1);
    await sweepDue();
    const looks = async () => (await arena.metrics.paymentsDue.get()).values[0]?.value ?? 0;
    await until(async () => (await looks()) >= 3);
    expect(await failures()).toBe(1);
  });

  test.each([
    ['of an unknown name', 'cashback', { order: 'any' }, /no job is called cashback/],
    ['with data of another form', 'capture', { order: 7 }, /cannot be read/],
  ])(
    'a job %s is tried again, and kept as a dead letter after its last attempt',
    async (_, name, data, why) => {
      const queue = new Queue('payments', { connection: await redisOf('commands'), prefix: QUEUE_PREFIX });
      ending.push(() => queue.close());
      await queue.add(name, data, { jobId: 'odd', attempts: 3, removeOnComplete: true });
      await work();
      const letters = () => deadLetters(arena.stores.redis, 10);
      await until(async () => (await letters()).length > 0);
      const [letter, ...others] = await letters();
      expect(others).toEqual([]);
      expect(letter).toMatchObject({ source: 'jobs of payments', entry: 'odd' });
      expect(letter!.reason).toMatch(why);
      expect(JSON.parse(letter!.content)).toEqual({ name, data });
      expect(await failures()).toBe(2);
      await until(async () => (await queue.getJob('odd')) === undefined);
    },
  );

  test('jobs are done again after every line of the worker went half open', async () => {
    const line = await faultyLine(arena.redisUrl);
    ending.push(() => line.close());
    // Waits inside Redis take up to 2 s.
    const connection = await openRedis(line.url, 'jobs', { lineWatchMs: 1_000 });
    await work(arena.stores.provider, connection);
    const [before, after] = [await confirmed([20]), await confirmed([21])];
    await queues.add('capture', [before]);
    await until(async () => (await inLedger(before.order)) === 'captured');
    line.halfOpen();
    await queues.add('capture', [after]);
    await until(async () => (await inLedger(after.order)) === 'captured');
  });

  test('adding a job fails, and does not hang, while Redis does not answer', async () => {
    const connection = await redisOf('commands');
    const cut = openJobQueues({ jobs, connection, failed });
    connection.disconnect();
    const order = uuidv7() as OrderId;
    await expect(cut.add('capture', [{ order }])).rejects.toThrow(/closed|writeable/);
    await cut.close().catch(() => {});
  });
});
