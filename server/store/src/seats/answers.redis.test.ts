/** I4 over time: how long answers are kept, that old ones go in small steps, and that a rebuild keeps the young. */
import { testRedisUrl } from '@seatwire/store/testing';
import { afterEach, expect, test } from 'vitest';
import { type Arena, alone, arena, granted, newBuyer, newEpoch, newOp, until } from './contract/fixture.ts';
import { eventKeys } from './keys.ts';
import { openSeatStore, type RedisSeatStore, type SeatStoreOptions } from './seat-store.redis.ts';

const opened: RedisSeatStore[] = [];
const open = async (options: Partial<SeatStoreOptions> = {}) => {
  const store = await openSeatStore({ url: testRedisUrl(), ...options });
  opened.push(store);
  return store;
};
afterEach(async () => {
  await Promise.all(opened.splice(0).map((store) => store.close()));
});

const keysOf = (store: RedisSeatStore, a: Arena) => eventKeys(a.event, store.partitions);
const answersOf = async (store: RedisSeatStore, a: Arena) =>
  (await store.redis.hkeys(keysOf(store, a).state)).filter((field) => field.includes(':'));

/** Answers as if given `ageMs` ago. */
async function plant(store: RedisSeatStore, a: Arena, count: number, ageMs: number): Promise<void> {
  const second = Math.floor((Date.now() - ageMs) / 1000);
  for (let i = 0; i < count; i += 1_000) {
    const some = Array.from({ length: Math.min(1_000, count - i) }, (_, k) => [
      `${a.buyer}:planted-${i + k}`,
      `${second}${'d'.repeat(16)}ok 1 x`,
    ]);
    await store.redis.hset(keysOf(store, a).state, ...some.flat());
  }
}

/** The event's next look at its answers, now. */
async function comesUp(store: RedisSeatStore, a: Arena): Promise<void> {
  const { state, due } = keysOf(store, a);
  await store.redis.hset(state, 'forget', '0 0 0 0');
  await store.redis.zadd(due, 0, a.event);
}

test('[IN4] an event gone quiet forgets its answers once they are old, and is then looked at no more', async () => {
  const store = await open({ opMs: 40 });
  const a = await alone(store, { rules: { holdMs: 15 } });
  const op = newOp();
  const first = granted(await a.hold([1], { op }));
  expect(await a.hold([1], { op })).toEqual(first);
  await until(
    async () => {
      await store.expireDue(a.partition, 100);
      return store.redis.zscore(keysOf(store, a).due, a.event);
    },
    (score) => score === null,
  );
  expect(await answersOf(store, a)).toEqual([]);
  expect(granted(await a.hold([1], { op })).version).toBe(3);
});

test('[IN4] a sweep forgets answers older than said and no other', async () => {
  const store = await open({ opMs: 60_000 });
  const a = await alone(store);
  const op = newOp();
  const first = granted(await a.hold([1], { op }));
  await plant(store, a, 300, 62_000);
  await comesUp(store, a);
  await store.expireDue(a.partition, 100);
  expect(await answersOf(store, a)).toEqual([`${a.buyer}:${op}`]);
  expect(await a.hold([1], { op })).toEqual(first);
  await plant(store, a, 300, 58_000);
  await comesUp(store, a);
  await store.expireDue(a.partition, 100);
  expect(await answersOf(store, a)).toHaveLength(301);
});

test('[IN4] a sweep looks at a bounded number of answers and goes on where it stopped', async () => {
  const store = await open({ opMs: 60_000 });
  const a = await alone(store);
  await plant(store, a, 50_000, 120_000);
  await comesUp(store, a);
  await store.expireDue(a.partition, 100);
  const left = await store.redis.hlen(keysOf(store, a).state);
  expect(left).toBeLessThan(40_000);
  expect(left).toBeGreaterThan(10_000);
  await until(
    async () => {
      await store.expireDue(a.partition, 100);
      return store.redis.zscore(keysOf(store, a).due, a.event);
    },
    (score) => score === null,
  );
  expect(await answersOf(store, a)).toEqual([]);
});

test('[IN4] answers given while a round is under way are met by the next', async () => {
  const store = await open({ opMs: 60_000 });
  const a = await alone(store);
  await plant(store, a, 50_000, 120_000);
  await comesUp(store, a);
  await store.expireDue(a.partition, 100);
  const { hold } = await a.held([1]);
  granted(await store.release(a.ref(hold)));
  const { due, state } = keysOf(store, a);
  await until(
    async () => {
      await store.expireDue(a.partition, 100);
      return store.redis.hget(state, 'forget');
    },
    (forget) => forget?.split(' ')[1] === '0',
  );
  expect(Number(await store.redis.zscore(due, a.event))).toBeGreaterThan(Date.now());
  expect(await answersOf(store, a)).toHaveLength(2);
});

test('[IN4] rebuilds keep the answers, one after another, and they still grow old', async () => {
  const store = await open({ opMs: 60_000 });
  const a = await arena(store);
  await plant(store, a, 2_500, 0);
  const op = newOp();
  const first = granted(await a.hold([1, 2], { op }));
  for (let round = 0; round < 2; round++) {
    const { epoch } = (await store.snapshot(a.event))!;
    expect(await store.rebuild(a.event, a.plan, newEpoch(), epoch)).toBe(true);
    expect(await a.hold([1, 2], { op })).toEqual(first);
    expect(await a.hold([1, 3], { op })).toEqual({ ok: false, code: 'op_conflict' });
  }
  expect(await answersOf(store, a)).toHaveLength(2_501);
  expect(await a.version()).toBe(0);
  expect(await store.redis.zscore(keysOf(store, a).due, a.event)).not.toBeNull();
  granted(await a.hold([1, 2], { buyer: newBuyer() }));
});

test('a rebuild that comes too late freezes nothing', async () => {
  const store = await open();
  const a = await arena(store);
  expect(await store.rebuild(a.event, a.plan, newEpoch(), newEpoch())).toBe(false);
  granted(await a.hold([1]));
});
