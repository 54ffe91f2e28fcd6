/** What an older version wrote into a running Redis is still read. */
import { testRedisUrl } from '@seatwire/store/testing';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { arena, granted, newBuyer } from './contract/fixture.ts';
import { eventKeys } from './keys.ts';
import { openSeatStore, type RedisSeatStore } from './seat-store.redis.ts';

let store: RedisSeatStore;
beforeAll(async () => {
  store = await openSeatStore({ url: testRedisUrl() });
});
afterAll(() => store.close());

test('[CB7] a checkout that did not keep the end before it reverts to the end it has', async () => {
  const a = await arena(store);
  const { hold, expiresAt } = await a.paying([1]);
  const { state } = eventKeys(a.event, store.partitions);
  const record = (await store.redis.hget(state, `#${hold}`))!;
  expect(record.split(' ')).toHaveLength(10);
  await store.redis.hset(state, `#${hold}`, record.split(' ').slice(0, 9).join(' '));
  expect((await store.findHold(a.event, hold))?.state).toBe('paying');
  expect(granted(await store.revert(a.ref(hold))).expiresAt).toBe(expiresAt);
  granted(await store.release(a.ref(hold)));
});

test('[CB8] a transition that does not name its hold is about none', async () => {
  const a = await arena(store);
  const { hold } = await a.held([1], { buyer: newBuyer() });
  const { journal } = eventKeys(a.event, store.partitions);
  const words = (await store.redis.lindex(journal, -1))!;
  expect(words).toContain(hold);
  await store.redis.lset(journal, -1, words.slice(0, words.lastIndexOf(' ') + 1));
  const { epoch } = (await store.snapshot(a.event))!;
  expect(await store.since(a.event, epoch, 0)).toMatchObject([{ kind: 'hold', places: [1], holds: [] }]);
});
