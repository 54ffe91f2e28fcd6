import { Redis } from 'ioredis';
import { expect, test } from 'vitest';
import { testRedisUrl } from './index.ts';

test('a file keeps its own Redis database, empty at first', async () => {
  const redis = new Redis(testRedisUrl());
  expect(await redis.dbsize()).toBe(0);
  expect(testRedisUrl()).toBe(testRedisUrl());
  await redis.set('mark', '1');
  await redis.quit();
});
