import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type RedisCluster, startRedisCluster } from '@seatwire/embedded';
import { afterAll, beforeAll } from 'vitest';
import { seatStoreContract } from './seat-store.contract.ts';
import { openSeatStore } from './seat-store.redis.ts';

let dir: string;
let cluster: RedisCluster;

beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'seatwire-cluster-'));
  cluster = await startRedisCluster({ dir, nodes: 3, appendfsync: 'no' });
});
afterAll(async () => {
  await cluster.stop();
  await rm(dir, { recursive: true, force: true });
});

seatStoreContract('the seat store on a Redis Cluster of three', () =>
  openSeatStore({ url: cluster.url.replace('redis://', 'redis+cluster://') }),
);
