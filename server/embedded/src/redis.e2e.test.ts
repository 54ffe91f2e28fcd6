import { spawn } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { Redis } from 'ioredis';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { exitOf } from './child.ts';
import type { EmbeddedStoreError } from './error.ts';
import { freePort } from './free-port.ts';
import { signal } from './process-table.ts';
import { startRedis } from './redis.ts';
import { startRedisCluster } from './redis-cluster.ts';
import { redisProgram } from './redis-program.ts';
import { temporaryFolder } from './temporary-folder.ts';

let folder: Awaited<ReturnType<typeof temporaryFolder>>;
beforeEach(async () => {
  folder = await temporaryFolder();
});
afterEach(() => folder.remove());

async function withClient<T>(url: string, use: (client: Redis) => Promise<T>): Promise<T> {
  const client = new Redis(url, {
    maxRetriesPerRequest: 1,
    commandTimeout: 5_000,
    retryStrategy: () => null,
  });
  client.on('error', () => undefined);
  try {
    return await use(client);
  } finally {
    client.disconnect();
  }
}

test('every write Redis acknowledged is there after 20 SIGKILLs in mid-stream', async () => {
  const redis = await startRedis({ dir: folder.path });
  let acknowledged = 0;
  for (let round = 0; round < 20; round++) {
    await withClient(redis.url, async (client) => {
      const writing = (async () => {
        for (;;) {
          await client.rpush('log', acknowledged);
          acknowledged++;
        }
      })().catch((error: unknown) => error);
      const target = acknowledged + 50;
      while (acknowledged < target) await new Promise((resolve) => setImmediate(resolve));
      await redis.kill();
      expect(await writing).toBeInstanceOf(Error);
    });
    await redis.restart();
    const kept = await withClient(redis.url, (client) => client.lrange('log', 0, -1));
    // The last write may be there without its answer having arrived: count it as acknowledged from now on.
    expect(kept.length - acknowledged).toBeOneOf([0, 1]);
    expect(kept).toEqual(kept.map((_, i) => String(i)));
    acknowledged = kept.length;
  }
  await redis.stop();
});

test('a restart keeps the port and the data', async () => {
  const redis = await startRedis({ dir: folder.path });
  await withClient(redis.url, (client) => client.set('seat', 'A1'));
  const { url, pid } = redis;
  await redis.restart();
  expect([redis.url, redis.pid === pid]).toEqual([url, false]);
  expect(await withClient(redis.url, (client) => client.get('seat'))).toBe('A1');
  await redis.stop();
  await redis.stop();
});

test('it evicts nothing, listens on loopback alone, and syncs each write to disk', async () => {
  const redis = await startRedis({ dir: folder.path });
  const settings = await withClient(redis.url, (client) =>
    client.config('GET', 'bind', 'maxmemory-policy', 'appendfsync', 'save'),
  );
  expect(settings).toEqual(expect.arrayContaining(['127.0.0.1', 'noeviction', 'always', '']));
  await redis.stop();
});

test('a port somebody has is refused with its number, whoever listens there', async () => {
  const server = createServer();
  const port = await freePort();
  await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve));
  await expect(startRedis({ dir: folder.path, port })).rejects.toMatchObject({
    code: 'port_taken',
    message: expect.stringContaining(`${port}`),
  });
  server.close();

  const first = await startRedis({ dir: join(folder.path, 'first'), port });
  await expect(startRedis({ dir: join(folder.path, 'second'), port })).rejects.toMatchObject({
    code: 'port_taken',
  });
  await first.stop();
});

test('a Redis left by a killed run is ended and its data kept; a stranger that only names the folder lives', async () => {
  const first = await startRedis({ dir: folder.path });
  await withClient(first.url, (client) => client.set('seat', 'A1'));
  await first.kill();
  const config = join(folder.path, 'redis.conf');
  // As a run killed together with its guards leaves it: a Redis nobody claims the folder for.
  const orphan = spawn(await redisProgram(), [config], { stdio: 'ignore', detached: true });
  const stranger = spawn('tail', ['-f', config], { stdio: 'ignore' });

  const second = await startRedis({ dir: folder.path });
  await exitOf(orphan);
  expect(await withClient(second.url, (client) => client.get('seat'))).toBe('A1');
  expect(stranger.exitCode).toBeNull();
  stranger.kill('SIGKILL');
  await second.stop();
});

test('its owner is told when it ends unasked, and only then', async () => {
  const told: EmbeddedStoreError[] = [];
  const redis = await startRedis({ dir: folder.path, onExit: (error) => told.push(error) });
  await redis.restart();
  await redis.kill();
  await redis.restart();
  expect(told).toEqual([]);
  signal(redis.pid, 'SIGKILL');
  await expect.poll(() => told.length).toBe(1);
  expect(told[0]?.code).toBe('exited');
  await redis.restart();
  await redis.stop();
  expect(told).toHaveLength(1);
});

test('a setting Redis does not know ends the start with its own words', async () => {
  await expect(startRedis({ dir: folder.path, extraArgs: ['--no-such-setting', '1'] })).rejects.toMatchObject(
    {
      code: 'start_failed',
      message: expect.stringContaining('no-such-setting'),
    },
  );
});

test('a damaged append-only file is reported, not thrown away', async () => {
  const redis = await startRedis({ dir: folder.path });
  await withClient(redis.url, (client) => client.set('seat', 'A1'));
  await redis.stop();
  await writeFile(join(folder.path, 'appendonlydir', 'appendonly.aof.1.incr.aof'), '*2\r\nnonsense\r\n', {
    flag: 'a',
  });
  await writeFile(join(folder.path, 'appendonlydir', 'appendonly.aof.1.incr.aof'), '*1\r\n$4\r\nPING\r\n', {
    flag: 'a',
  });
  await expect(startRedis({ dir: folder.path })).rejects.toMatchObject({
    code: 'start_failed',
    message: expect.stringMatching(/append only file/i),
  });
});

test('three nodes form a cluster that serves every slot, and form it again after a stop', async () => {
  for (let start = 0; start < 2; start++) {
    const cluster = await startRedisCluster({ dir: folder.path });
    const client = new Redis.Cluster(cluster.nodes.map(({ port }) => ({ host: '127.0.0.1', port })));
    const keys = Array.from({ length: 64 }, (_, i) => `{p${i}}`);
    if (start === 0) await Promise.all(keys.map((key) => client.set(key, key)));
    expect(await Promise.all(keys.map((key) => client.get(key)))).toEqual(keys);
    expect(client.nodes('master')).toHaveLength(3);
    client.disconnect();
    await cluster.stop();
  }
});
