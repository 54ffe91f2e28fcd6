import { type EventId, type OrderId, type UserId, uuidv7 } from '@seatwire/protocol';
import { Redis } from 'ioredis';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { acceptedOrders } from '../bus/keys.ts';
import { testRedisUrl } from '../testing/index.ts';
import { type AcceptedOrder, AcceptedOrders } from './accepted-orders.ts';

let redis: Redis;
let unreadable: unknown[];
let accepted: AcceptedOrders;
beforeEach(() => {
  redis = new Redis(testRedisUrl());
  unreadable = [];
  accepted = new AcceptedOrders(redis, (error) => void unreadable.push(error));
});
afterEach(() => redis.disconnect());

const buyer = uuidv7() as UserId;
const orderAt = (acceptedAt: number): AcceptedOrder => ({
  order: uuidv7() as OrderId,
  event: uuidv7() as EventId,
  places: [3, 4],
  amount: 9000,
  currency: 'EUR',
  acceptedAt,
});

test('accepted orders are found again, the oldest first, until they are dropped', async () => {
  const [late, early] = [orderAt(2000), orderAt(1000)];
  for (const order of [late, early]) await accepted.add(buyer, order);
  expect(await accepted.of(buyer)).toEqual([early, late]);
  expect(await accepted.find(buyer, late.order)).toEqual(late);
  await accepted.drop(buyer, [late.order, early.order]);
  expect(await accepted.of(buyer)).toEqual([]);
  expect(unreadable).toEqual([]);
});

test('a record that is not of the form is reported and counts as none; the others are still found', async () => {
  const [good, bad, cut] = [orderAt(1000), orderAt(2000), orderAt(3000)];
  await accepted.add(buyer, good);
  await redis.hset(acceptedOrders(buyer), bad.order, JSON.stringify({ ...bad, amount: '9000' }));
  await redis.hset(acceptedOrders(buyer), cut.order, '{"order":');
  expect(await accepted.of(buyer)).toEqual([good]);
  expect(unreadable).toHaveLength(2);
  expect(await accepted.find(buyer, bad.order)).toBeNull();
  expect(unreadable).toHaveLength(3);
});
