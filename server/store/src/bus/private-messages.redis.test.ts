import { randomUUID } from 'node:crypto';
import { type EventId, type HoldId, type OpId, randomToken, type UserId, uuidv7 } from '@seatwire/protocol';
import { Redis } from 'ioredis';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { testRedisUrl } from '../testing/index.ts';
import { NEWS_CHANNEL } from './keys.ts';
import { listenToNews, type News, publishNews } from './private-messages.ts';

let redis: Redis;
let subscriber: Redis;
beforeEach(() => {
  redis = new Redis(testRedisUrl());
  subscriber = new Redis(testRedisUrl());
});
afterEach(() => {
  redis.disconnect();
  subscriber.disconnect();
});

/** Channels are shared by all test files: only what is addressed to this user is ours. */
const to = uuidv7() as UserId;
const hold = randomToken() as HoldId;
const event = uuidv7() as EventId;

async function listen() {
  const heard: News[] = [];
  const malformed: unknown[] = [];
  const stop = await listenToNews(
    subscriber,
    (news) => void (news.to === to && heard.push(news)),
    (error) => void malformed.push(error),
  );
  return { heard, malformed, stop };
}

const ended: News = { to, message: { type: 'hold-ended', event, hold, reason: 'expired' } };
const touched: News = { to, touched: { event, hold }, op: randomUUID() as OpId };

test('notices and holds that changed are heard as they were published, in order', async () => {
  const { heard, stop } = await listen();
  const ending: News = { to, message: { type: 'hold-ending', event, hold, expiresAt: 1 } };
  await publishNews(redis, [ending, touched, ended]);
  await expect.poll(() => heard.length).toBe(3);
  expect(heard).toEqual([ending, touched, ended]);
  await stop();
});

test('what is not of the form is reported and dropped, and takes nothing along', async () => {
  const { heard, malformed, stop } = await listen();
  const unknown = { to, message: { type: 'hold-lost', event, hold } };
  const broken = { to, message: { type: 'hold-ended', event: 'not an event', hold, reason: 'expired' } };
  await redis.publish(NEWS_CHANNEL, '{');
  await redis.publish(NEWS_CHANNEL, JSON.stringify(ended));
  await redis.publish(NEWS_CHANNEL, JSON.stringify([touched, unknown, null, broken, ended]));
  await expect.poll(() => heard.length).toBe(2);
  expect(heard).toEqual([touched, ended]);
  expect(malformed).toHaveLength(5);
  await stop();
});
