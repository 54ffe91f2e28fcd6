import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startRedis } from '@seatwire/embedded';
import { type EventId, uuidv7 } from '@seatwire/protocol';
import { findOrder, paymentOf } from '@seatwire/store';
import { faultyLine, testDatabase } from '@seatwire/store/testing';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { readConfig, type WorkerConfig } from '../config.ts';
import { type Arena, openArenaOn, PARTITIONS } from '../testing/arena.ts';
import { openArena } from '../testing/test-arena.ts';
import { rebuildCommand } from './rebuild.ts';
import { reconcileCommand, report } from './reconcile.ts';
import { type RunningWorker, run } from './run.ts';

const PAYING_MS = 2_000;

let arena: Arena;
let workers: RunningWorker[];
beforeEach(async () => {
  arena = await openArena({ holdMs: PAYING_MS, payingMs: PAYING_MS });
  workers = [];
});
afterEach(async () => {
  for (const worker of workers) await worker.stop();
  await arena.close();
});

const never = new AbortController().signal;
const configOf = (changed: Record<string, string> = {}): WorkerConfig =>
  readConfig([], {
    DATABASE_URL: arena.databaseUrl,
    REDIS_URL: arena.redisUrl,
    PARTITIONS: String(PARTITIONS),
    WORKER_NAME: `w${workers.length}`,
    WORKER_PORT: '0',
    CLAIM_IDLE_MS: '300',
    ...changed,
  });
async function work(changed?: Record<string, string>): Promise<RunningWorker> {
  const worker = await run(configOf(changed), arena.log);
  workers.push(worker);
  return worker;
}
const ask = async (worker: RunningWorker, path: string) => {
  const response = await fetch(`http://127.0.0.1:${worker.port}${path}`);
  return { status: response.status, text: await response.text() };
};
const until = (what: () => Promise<boolean>) => vi.waitUntil(what, { timeout: 15_000, interval: 25 });
const captured = async (order: Parameters<typeof paymentOf>[1]) =>
  (await paymentOf(arena.stores.db, order))?.state === 'captured';
const codeAt = async (place: number) => (await arena.stores.seats.snapshot(arena.event))?.codes[place];

describe('a worker', () => {
  test('[C5] a worker takes every accepted purchase to confirmed and captured, and ends what expires', async () => {
    const lapsing = await arena.checkOut([300]);
    const worker = await work();
    const sales = [await arena.sell([1, 2]), await arena.sell([3])];
    for (const { order } of sales) await until(() => captured(order));
    await until(async () => (await arena.stores.provider.find(lapsing.order))?.state === 'voided');
    expect(await codeAt(300)).toBe(0);
    expect((await ask(worker, '/healthz')).status).toBe(200);
    expect(await ask(worker, '/readyz')).toMatchObject({ status: 200 });
    const { text } = await ask(worker, '/metrics');
    expect(text).toContain('seatwire_worker_orders_total{status="confirmed"} 2');
    expect(text).toContain('seatwire_worker_jobs_total{queue="payments",job="capture",result="captured"} 2');
    expect((await ask(worker, '/etc/passwd')).status).toBe(404);
  });

  test('a worker goes on by itself after Redis lost everything it had', async () => {
    await work();
    const before = await arena.sell([1]);
    await until(() => captured(before.order));
    await arena.stores.redis.flushdb();
    await until(async () => (await codeAt(1)) === 2);
    const after = await arena.sell([2]);
    await until(() => captured(after.order));
  });

  test('a worker says it is not ready while Postgres is away, and goes on when it is back', async () => {
    const proxy = await faultyLine(arena.databaseUrl);
    try {
      const worker = await work({ DATABASE_URL: proxy.url });
      proxy.cut();
      const sale = await arena.sell([1]);
      await until(async () => (await ask(worker, '/readyz')).status === 503);
      expect((await ask(worker, '/healthz')).status).toBe(200);
      expect(await findOrder(arena.stores.db, sale.order)).toBeNull();
      proxy.mend();
      await until(() => captured(sale.order));
      await until(async () => (await ask(worker, '/readyz')).status === 200);
      await worker.stop();
      workers = [];
    } finally {
      await proxy.close();
    }
  });

  test('a worker goes on after Redis was killed and started again, with its data', async () => {
    const dir = await mkdtemp(join(tmpdir(), 'seatwire-worker-redis-'));
    const redis = await startRedis({ dir });
    const database = await testDatabase();
    const hall = await openArenaOn(database.url, redis.url);
    const worker = await work({ DATABASE_URL: database.url, REDIS_URL: redis.url });
    const taken = async (order: Parameters<typeof paymentOf>[1]) =>
      (await paymentOf(hall.stores.db, order))?.state === 'captured';
    try {
      const before = await hall.sell([1]);
      await until(() => taken(before.order));
      await redis.kill();
      await redis.restart();
      await until(async () => (await ask(worker, '/readyz')).status === 200);
      await until(() =>
        hall.stores.redis.ping().then(
          () => true,
          () => false,
        ),
      );
      const after = await hall.sell([2]);
      await until(() => taken(after.order));
      expect([...(await hall.stores.seats.snapshot(hall.event))!.codes.slice(0, 4)]).toEqual([0, 2, 2, 0]);
    } finally {
      await worker.stop();
      workers = [];
      await hall.close();
      await redis.stop();
      await rm(dir, { recursive: true, force: true });
    }
  });

  test('a worker does not start without the ledger, and says why', async () => {
    const proxy = await faultyLine(1);
    await proxy.close();
    const config = configOf({ DATABASE_URL: `postgres://127.0.0.1:${proxy.port}/none` });
    await expect(run(config, arena.log)).rejects.toMatchObject({
      name: 'Unavailable',
      dependency: 'postgres',
    });
  });

  test('a worker stops within its time with nothing left open', async () => {
    const worker = await work();
    await arena.sell([1]);
    const began = performance.now();
    await worker.stop();
    workers = [];
    expect(performance.now() - began).toBeLessThan(5_000);
    await expect(ask(worker, '/healthz')).rejects.toThrow();
  });
});

describe('the commands', () => {
  test('rebuild works with no worker running, flushing what waits first', async () => {
    const sale = await arena.sell([5, 6]);
    const before = await arena.stores.seats.snapshot(arena.event);
    const rebuilt = await rebuildCommand(configOf(), arena.log, arena.event, never);
    expect(rebuilt).toMatchObject({ kind: 'rebuilt', sold: 2 });
    const after = await arena.stores.seats.snapshot(arena.event);
    expect(after!.epoch).not.toBe(before!.epoch);
    expect(await codeAt(5)).toBe(2);
    expect((await findOrder(arena.stores.db, sale.order))?.status).toBe('confirmed');
    expect(await rebuildCommand(configOf(), arena.log, uuidv7() as EventId, never)).toEqual({
      kind: 'unknown_event',
    });
  });

  test('reconcile compares one event or all, and reports in words', async () => {
    await arena.sell([5, 6]);
    await rebuildCommand(configOf(), arena.log, arena.event, never);
    const all = await reconcileCommand(configOf(), arena.log, null);
    expect(all).toEqual([{ event: arena.event, sold: 2, differences: [], inFlight: 0 }]);
    expect(report(all as Exclude<typeof all, 'unknown_event'>)).toBe(
      `${arena.event}: 2 sold, no differences\n1 events compared, no differences`,
    );
    expect(await reconcileCommand(configOf(), arena.log, uuidv7() as EventId)).toBe('unknown_event');
  });
});
