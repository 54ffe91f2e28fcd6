import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Writable } from 'node:stream';
import { type StoreProcess, startRedis, startRedisCluster } from '@seatwire/embedded';
import type { Cluster, Redis } from 'ioredis';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { openRedis } from './connections.ts';

/** It has one, though its type does not say so. */
type WithWritev = Writable & { _writev: NonNullable<Writable['_writev']> };

let dir: string;
let server: StoreProcess;

beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'seatwire-joined-'));
  server = await startRedis({ dir, appendfsync: 'no' });
});

afterAll(async () => {
  await server?.stop();
  await rm(dir, { recursive: true, force: true });
});

/** How many writes reach the socket while a hundred commands are given in one turn. */
async function writesOfAHundred(role: 'commands' | 'jobs'): Promise<number> {
  const client = (await openRedis(server.url, role)) as Redis;
  try {
    const one = vi.spyOn(client.stream, '_write');
    const many = vi.spyOn(client.stream as WithWritev, '_writev');
    const answers = await Promise.all(Array.from({ length: 100 }, (_, i) => client.echo(String(i))));
    expect(answers).toEqual(Array.from({ length: 100 }, (_, i) => String(i)));
    return one.mock.calls.length + many.mock.calls.length;
  } finally {
    client.disconnect();
  }
}

test('the commands of one turn leave in one write', async () => {
  expect(await writesOfAHundred('commands')).toBe(1);
});

test('control: of a connection that does not join them, in many', async () => {
  expect(await writesOfAHundred('jobs')).toBeGreaterThan(1);
});

test('a connection made again joins them too', async () => {
  const client = (await openRedis(server.url, 'commands')) as Redis;
  const again = new Promise((resolve) => client.once('ready', resolve));
  client.disconnect(true);
  await again;
  const many = vi.spyOn(client.stream as WithWritev, '_writev');
  await Promise.all(Array.from({ length: 100 }, () => client.ping()));
  expect(many).toHaveBeenCalledTimes(1);
  client.disconnect();
});

test('of a Redis Cluster, one write a node', async () => {
  const cluster = await startRedisCluster({ dir: join(dir, 'cluster'), nodes: 3, appendfsync: 'no' });
  const client = (await openRedis(cluster.url.replace('redis:', 'redis+cluster:'), 'commands')) as Cluster;
  try {
    const keys = Array.from({ length: 100 }, (_, i) => `key-${i}`);
    // Every node has been spoken to, so every connection is made.
    await Promise.all(keys.map((key) => client.get(key)));
    const writes = client.nodes('master').map((node) => vi.spyOn(node.stream as WithWritev, '_writev'));
    await Promise.all(keys.map((key) => client.get(key)));
    expect(writes.map((write) => write.mock.calls.length)).toEqual([1, 1, 1]);
  } finally {
    client.disconnect();
    await cluster.stop();
  }
});
