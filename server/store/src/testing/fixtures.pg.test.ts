import { Redis } from 'ioredis';
import pg from 'pg';
import { afterAll, expect, test } from 'vitest';
import { testDatabase, testRedisUrl } from './index.ts';

const redis = new Redis(testRedisUrl());
afterAll(() => redis.quit());

test('a test database is a clone of its own, dropped with its connections', async () => {
  const [one, two] = await Promise.all([testDatabase(), testDatabase()]);
  const client = new pg.Client(one.url);
  client.on('error', () => undefined);
  await client.connect();
  await client.query('create table only_here ()');
  const other = new pg.Client(two.url);
  await other.connect();
  await expect(other.query('select from only_here')).rejects.toThrow('does not exist');
  await other.end();
  await Promise.all([one.drop(), two.drop()]);
  await expect(client.query('select 1')).rejects.toThrow();
});

test('a file that has a Postgres has a Redis too, empty at first', async () => {
  expect(await redis.dbsize()).toBe(0);
  await redis.set('mark', '1');
  expect(await redis.dbsize()).toBe(1);
});
