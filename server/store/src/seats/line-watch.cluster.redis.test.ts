/** On a Redis Cluster each node has its lines, and those that listen are of another make: all are replaced. */
import { randomUUID } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type RedisCluster, startRedisCluster } from '@seatwire/embedded';
import { Redis } from 'ioredis';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';

import { type FaultyLine, faultyLine } from '../testing/index.ts';
import { openRedis, type RedisClient } from './connections.ts';

let dir: string;
let cluster: RedisCluster;
let lines: FaultyLine[];
/** To each node, past the lines. */
let straight: Redis[];
let url: string;

beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'seatwire-lines-'));
  cluster = await startRedisCluster({ dir, nodes: 3, appendfsync: 'no' });
  lines = await Promise.all(cluster.nodes.map((node) => faultyLine(node.url)));
  straight = cluster.nodes.map((node) => new Redis(node.url));
  // What the nodes tell clients is where the lines are.
  await Promise.all(straight.map((node, i) => node.config('SET', 'cluster-announce-port', lines[i]!.port)));
  url = lines[0]!.url.replace('redis://', 'redis+cluster://');
  await vi.waitUntil(
    async () => {
      const maps = await Promise.all(straight.map((node) => node.call('CLUSTER', 'SLOTS')));
      return maps.every((map) => lines.every(({ port }) => JSON.stringify(map).includes(String(port))));
    },
    { timeout: 20_000, interval: 100 },
  );
});
afterAll(async () => {
  for (const node of straight) node.disconnect();
  await Promise.all(lines.map((line) => line.close()));
  await cluster.stop();
  await rm(dir, { recursive: true, force: true });
});

const WATCH = { lineWatchMs: 50, commandTimeoutMs: 200 };
const until = { timeout: 20_000, interval: 50 };

async function opened<T>(client: RedisClient, use: (client: RedisClient) => Promise<T>): Promise<T> {
  try {
    return await use(client);
  } finally {
    client.disconnect();
  }
}

test('[CF3] commands are answered by every node again after all lines went half open', () =>
  openRedis(url, 'commands', WATCH).then((client) =>
    opened(client, async () => {
      const keys = Array.from({ length: 16 }, (_, i) => `{p${String(i).padStart(2, '0')}}:x`);
      const setAll = () =>
        Promise.all(keys.map((key) => client.set(key, '1'))).then(
          () => 'set',
          () => 'not set',
        );
      await expect.poll(setAll, until).toBe('set');
      for (const line of lines) line.halfOpen();
      expect(await setAll()).toBe('not set');
      await expect.poll(setAll, until).toBe('set');
    }),
  ));

test('[CF3] channels, plain and sharded, are heard again after all lines went half open', () =>
  openRedis(url, 'pubsub', WATCH).then((client) =>
    opened(client, async () => {
      const heard = new Set<string>();
      const plain = randomUUID();
      // One for each node.
      const sharded = ['{p00}', '{p01}', '{p02}', '{p03}', '{p04}', '{p05}'].map(
        (tag) => `${tag}${randomUUID()}`,
      );
      client.on('message', (channel: string) => heard.add(channel));
      client.on('smessage' as 'message', (channel: string) => heard.add(channel));
      await client.subscribe(plain);
      for (const channel of sharded) await client.ssubscribe(channel);
      for (const line of lines) line.halfOpen();
      const publisher = await openRedis(cluster.url.replace('redis://', 'redis+cluster://'), 'commands');
      const told = async () => {
        await publisher.publish(plain, '');
        for (const channel of sharded) await publisher.spublish(channel, '');
        return heard.size;
      };
      await opened(publisher, () => expect.poll(told, until).toBe(1 + sharded.length));
    }),
  ));
