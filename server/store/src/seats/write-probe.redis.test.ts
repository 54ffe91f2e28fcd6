import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { type StoreProcess, startRedis, startRedisCluster, temporaryFolder } from '@seatwire/embedded';
import { Redis } from 'ioredis';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { openRedis, type RedisClient } from './connections.ts';
import { probeWrites } from './write-probe.ts';

const PARTITIONS = 16;
let folder: Awaited<ReturnType<typeof temporaryFolder>>;
beforeEach(async () => {
  folder = await temporaryFolder();
});
afterEach(() => folder.remove());

describe('one Redis', () => {
  let server: StoreProcess;
  let redis: RedisClient;
  beforeEach(async () => {
    server = await startRedis({ dir: join(folder.path, 'redis'), appendfsync: 'no' });
    redis = await openRedis(server.url, 'commands');
  });
  afterEach(async () => {
    redis.disconnect();
    await server.kill();
  });

  test.each<[string, (redis: RedisClient) => Promise<unknown>]>([
    ['is a replica', (redis) => redis.replicaof('127.0.0.1', 1)],
    ['is out of memory', (redis) => redis.config('SET', 'maxmemory', '1')],
    ['lacks the replicas it wants', (redis) => redis.config('SET', 'min-replicas-to-write', '1')],
    [
      'cannot save',
      async (redis) => {
        await redis.config('SET', 'save', '3600 1');
        // It works in a folder that is gone, as on a full disk: no new file.
        await rm(join(folder.path, 'redis'), { recursive: true });
        await redis.bgsave();
        await vi.waitUntil(
          async () => (await redis.info('persistence')).includes('rdb_last_bgsave_status:err'),
          { timeout: 10_000 },
        );
      },
    ],
  ])('[CB54] one Redis that %s answers, and sells nothing', async (_, breakIt) => {
    await probeWrites(redis, PARTITIONS);
    await breakIt(redis);
    expect(await redis.get('any')).toBeNull();
    await expect(probeWrites(redis, PARTITIONS)).rejects.toMatchObject({
      name: 'Unavailable',
      dependency: 'redis',
    });
  });

  test('[CB54] the write probe of one Redis leaves nothing behind', async () => {
    await probeWrites(redis, PARTITIONS);
    const keys = await redis.keys('*');
    expect(keys).toHaveLength(1);
    expect(await redis.pttl(keys[0]!)).toBeGreaterThan(0);
  });
});

test('[CB54] a cluster of which one master takes no writes is not sound', async () => {
  const cluster = await startRedisCluster({ dir: folder.path, appendfsync: 'no' });
  const nodes = cluster.nodes.map(({ port }) => `127.0.0.1:${port}`).join();
  const redis = await openRedis(`redis+cluster://${nodes}`, 'commands');
  const one = new Redis(cluster.nodes.at(-1)!.url);
  try {
    await probeWrites(redis, PARTITIONS);
    await one.config('SET', 'maxmemory', '1');
    await expect(probeWrites(redis, PARTITIONS)).rejects.toMatchObject({
      name: 'Unavailable',
      dependency: 'redis',
    });
    await one.config('SET', 'maxmemory', '0');
    await probeWrites(redis, PARTITIONS);
  } finally {
    one.disconnect();
    redis.disconnect();
    await cluster.stop();
  }
});
