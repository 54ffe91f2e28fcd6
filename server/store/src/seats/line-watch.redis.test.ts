/** Every kind of line to Redis notices by itself that its peer is gone, and is replaced. */
import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Redis } from 'ioredis';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { type FaultyLine, faultyLine, testRedisUrl } from '../testing/index.ts';
import { type OpenRedisOptions, openRedis, type RedisClient, type RedisRole } from './connections.ts';
import { stuckLines } from './line-watch.ts';

const WATCH = { lineWatchMs: 50 };

let line: FaultyLine;
let straight: RedisClient;
let opened: RedisClient[];
beforeEach(async () => {
  opened = [];
  line = await faultyLine(testRedisUrl());
  straight = await openRedis(testRedisUrl(), 'commands');
});
afterEach(async () => {
  for (const client of [straight, ...opened]) client.disconnect();
  await line.close();
});

async function open(role: RedisRole, options: OpenRedisOptions = WATCH): Promise<RedisClient> {
  const client = await openRedis(line.url, role, options);
  opened.push(client);
  return client;
}
const answers = (client: RedisClient) =>
  Promise.race([client.ping(), sleep(300)]).then(
    (answer) => answer === 'PONG',
    () => false,
  );
const until = { timeout: 10_000, interval: 20 };

describe('a line that went half open', () => {
  test.each<RedisRole>(['commands', 'blocking', 'pubsub', 'jobs'])(
    'a line that went half open is replaced without a call: %s',
    async (role) => {
      const client = await open(role);
      line.halfOpen();
      await expect.poll(() => answers(client), until).toBe(true);
    },
  );

  test('[CF3] the control: an unwatched line that went half open is never replaced', async () => {
    const client = await open('commands', { lineWatchMs: 1_000_000 });
    line.halfOpen();
    await sleep(1_500);
    expect(await answers(client)).toBe(false);
  });

  test('[CF3] a line that went half open fails what waits inside Redis, and what is asked next is answered', async () => {
    const client = await open('blocking');
    const list = randomUUID();
    const waiting = client.brpop(list, 0.05);
    line.halfOpen();
    await expect(waiting).rejects.toThrow();
    await straight.lpush(list, 'news');
    const taken = () => client.brpop(list, 0.05).catch(() => null);
    await expect.poll(async () => (await taken())?.[1], until).toBe('news');
  });

  test('[CF3] a line that went half open subscribes again to all its channels', async () => {
    const client = await open('pubsub');
    const [plain, sharded] = [`a ${randomUUID()}`, `b ${randomUUID()}`];
    const heard = new Set<string>();
    client.on('message', (_, text: string) => heard.add(text));
    client.on('smessage', (_: string, text: string) => heard.add(text));
    await client.subscribe(plain);
    await client.ssubscribe(sharded);
    line.halfOpen();
    const told = async () => {
      await straight.publish(plain, 'plain');
      await straight.spublish(sharded, 'sharded');
      return [...heard].sort();
    };
    await expect.poll(told, until).toEqual(['plain', 'sharded']);
  });

  test('[CF3] a line that BullMQ made after another is replaced as well when it went half open', async () => {
    const first = (await open('jobs')) as Redis;
    const client = first.duplicate();
    client.on('error', () => {});
    opened.push(client);
    const list = randomUUID();
    await client.ping();
    line.halfOpen();
    expect(await answers(client)).toBe(false);
    await straight.lpush(list, 'a job');
    await expect.poll(async () => (await client.brpop(list, 0.05))?.[1], until).toBe('a job');
  });
});

describe('a line that swallows', () => {
  test.each<'all' | 'replies'>(['all', 'replies'])(
    'fails a command within its deadline (%s), and the next works once it is mended',
    async (what) => {
      const client = await open('commands', { ...WATCH, commandTimeoutMs: 100 });
      line.swallow(what);
      await expect(client.set('k', 'v')).rejects.toThrow();
      await expect.poll(() => client.status, until).not.toBe('ready');
      line.mend();
      await expect.poll(() => answers(client), until).toBe(true);
    },
  );

  test('[CF3] a line that swallows bytes and takes new connections meanwhile is given up again and again, not waited for', async () => {
    const client = (await open('pubsub')) as Redis;
    line.swallow();
    const tried = new Set<unknown>();
    await expect.poll(() => tried.add(client.stream).size, until).toBeGreaterThan(2);
    line.mend();
    await expect.poll(() => answers(client), until).toBe(true);
  });
});

test('[CF3] a client that cannot be replaced is named while others live, and none when no connection gets through', async () => {
  const [stuck, other] = [await open('pubsub'), await openRedis(testRedisUrl(), 'commands', WATCH)];
  opened.push(other);
  const named = (ms: number) => stuckLines({ stuck, other }, ms);
  expect(named(500)).toEqual([]);
  line.swallow();
  await expect.poll(() => named(500), until).toEqual(['stuck']);
  line.mend();
  await expect.poll(() => named(500), until).toEqual([]);
  other.disconnect();
  line.swallow();
  await sleep(1_500);
  expect(named(500)).toEqual([]);
  expect(stuckLines({ stuck }, 500)).toEqual([]);
});

test('[CF3] a line whose answers come late is left alone', async () => {
  const client = (await open('commands', { lineWatchMs: 200, commandTimeoutMs: 2_000 })) as Redis;
  const { stream } = client;
  let turn = 0;
  line.delay(() => [0, 250, 50, 200][turn++ % 4]!);
  for (let i = 0; i < 10; i++) expect(await client.echo(String(i))).toBe(String(i));
  expect(client.stream).toBe(stream);
});

test('[CF3] what was taken off a list is handed over, however late the answer that brings it', async () => {
  const client = await open('blocking', { lineWatchMs: 1_000 });
  const list = randomUUID();
  line.delay(400);
  const waiting = client.brpop(list, 0.1);
  await straight.lpush(list, 'taken');
  expect(await waiting).toEqual([list, 'taken']);
});

test('[CF3] a command that was carried out and whose line was cut is answered as lost, once', async () => {
  const client = await open('commands');
  const key = randomUUID();
  line.cutAfter((sent) => sent.includes(key));
  await expect(client.incr(key)).rejects.toThrow();
  await expect.poll(() => client.incr(key).catch(() => 0), until).toBe(2);
  expect(await straight.get(key)).toBe('2');
});

test('[CF3] at the numbers that production uses a dead line is replaced within 10 s', async () => {
  const roles: readonly RedisRole[] = ['commands', 'blocking', 'pubsub', 'jobs'];
  const clients = await Promise.all(roles.map((role) => open(role, {})));
  line.halfOpen();
  for (const client of clients) expect(await answers(client)).toBe(false);
  const replaced = (client: RedisClient) =>
    expect.poll(() => answers(client), { timeout: 10_000 }).toBe(true);
  await Promise.all(clients.map(replaced));
});
