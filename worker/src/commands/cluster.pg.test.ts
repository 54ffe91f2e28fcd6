import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type RedisCluster, startRedisCluster } from '@seatwire/embedded';
import { findOrder, paymentOf, withoutState } from '@seatwire/store';
import { testDatabase } from '@seatwire/store/testing';
import { Redis } from 'ioredis';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { readConfig } from '../config.ts';
import { type Arena, openArenaOn, PARTITIONS } from '../testing/arena.ts';
import { reconcileCommand } from './reconcile.ts';
import { run } from './run.ts';

let folder: string;
let cluster: RedisCluster;
let arena: Arena;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'seatwire-worker-cluster-'));
  cluster = await startRedisCluster({ dir: folder, appendfsync: 'no' });
  const nodes = cluster.nodes.map(({ port }) => `127.0.0.1:${port}`).join();
  arena = await openArenaOn((await testDatabase()).url, `redis+cluster://${nodes}`);
});
afterAll(async () => {
  await arena?.close();
  await cluster?.stop();
  await rm(folder, { recursive: true, force: true });
});

test('over a Redis Cluster a worker confirms, captures, voids, rebuilds and reconciles as over one Redis', async () => {
  const { databaseUrl, redisUrl, event, log } = arena;
  const { db, redis, seats, provider } = arena.stores;
  const config = readConfig([], {
    DATABASE_URL: databaseUrl,
    REDIS_URL: redisUrl,
    PARTITIONS: String(PARTITIONS),
    WORKER_PORT: '0',
    CLAIM_IDLE_MS: '500',
  });
  const worker = await run(config, log);
  try {
    const lapsed = await arena.checkOut([9]);
    const op = 'release-op-1' as Parameters<typeof seats.release>[0]['op'];
    await seats.release({ event, buyer: arena.buyer, op, hold: lapsed.hold });
    const sales = [await arena.sell([1, 2]), await arena.sell([3])];
    const wait = { timeout: 15_000, interval: 25 };
    for (const { order } of sales) {
      await vi.waitUntil(async () => (await paymentOf(db, order))?.state === 'captured', wait);
      expect((await findOrder(db, order))?.status).toBe('confirmed');
    }
    await vi.waitUntil(async () => (await provider.find(lapsed.order))?.state === 'voided', wait);

    for (const { url } of cluster.nodes) {
      const node = new Redis(url);
      await node.flushall();
      node.disconnect();
    }
    expect(await withoutState(redis, [event], seats.partitions)).toEqual([event]);
    await vi.waitUntil(async () => (await withoutState(redis, [event], seats.partitions)).length === 0, wait);
    expect([...(await seats.snapshot(event))!.codes.slice(0, 5)]).toEqual([0, 2, 2, 2, 0]);
    const compared = await reconcileCommand(config, log, event);
    // The simulated provider lived in the Redis that was wiped; its payments are gone with it.
    const kinds =
      compared === 'unknown_event' ? [compared] : compared[0]!.differences.map(({ kind }) => kind);
    expect(kinds).toEqual(['payment', 'payment']);
  } finally {
    await worker.stop();
  }
});
