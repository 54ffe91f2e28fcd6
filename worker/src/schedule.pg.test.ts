/** What a worker does by time, one run by hand. */
import { uuidv7 } from '@seatwire/protocol';
import { LOST_ANSWER_MS, rotateRefreshToken, saveRefreshToken } from '@seatwire/store';
import { storedRefreshTokens, usedEarlier } from '@seatwire/store/testing';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { readConfig } from './config.ts';
import { schedule } from './schedule.ts';
import type { Arena } from './testing/arena.ts';
import { openArena } from './testing/test-arena.ts';

let arena: Arena;
beforeEach(async () => {
  arena = await openArena();
});
afterEach(() => arena.close());

test('[SE9] the salt of a refresh token goes when no repeat may need it, though its family rests', async () => {
  const { stores, databaseUrl, redisUrl, buyer, metrics, log } = arena;
  const config = readConfig([], { DATABASE_URL: databaseUrl, REDIS_URL: redisUrl });
  const queues = { revive: async () => undefined };
  const salts = schedule(config, { ...stores, queues, metrics, log }).find(
    ({ name }) => name === 'refresh salts',
  );
  const token = () => ({ id: uuidv7(), hash: uuidv7(), expiresAt: Date.now() + 6e5 });
  const first = { ...token(), family: uuidv7(), user: buyer };
  await saveRefreshToken(stores.db, first);
  const salt = 'the salt of the trade';
  await rotateRefreshToken(stores.db, { hash: first.hash, salt, next: token() });
  expect(salts?.everyMs).toBeLessThanOrEqual(15_000);
  const run = async () => {
    await stores.redis.flushdb(); // the work lease that was taken
    await salts?.run(new AbortController().signal);
    return storedRefreshTokens(stores.db);
  };
  expect(await run()).toContain(salt);
  await usedEarlier(stores.db, LOST_ANSWER_MS + 1);
  expect(await run()).not.toContain(salt);
});
