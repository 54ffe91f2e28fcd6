/** Holds that meet are one call to Redis, and a library of scripts that Redis lost is loaded again. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Transition } from '@seatwire/protocol';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { type StoreProcess, startRedis } from '../embedded/index.ts';
import { arena, granted, newBuyer, newOp, until } from './contract/fixture.ts';
import { GROUP_BOUNDS } from './hold-groups.ts';
import { LIBRARY_PREFIX } from './scripts.ts';
import { openSeatStore, type RedisSeatStore, type SeatStoreOptions } from './seat-store.redis.ts';

let dir: string;
let server: StoreProcess;
const opened: RedisSeatStore[] = [];

const open = async (options: Partial<SeatStoreOptions> = {}) => {
  const store = await openSeatStore({ url: server.url, ...options });
  opened.push(store);
  return store;
};

beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'seatwire-groups-'));
  server = await startRedis({ dir, appendfsync: 'no' });
});
afterEach(async () => {
  await Promise.all(opened.splice(0).map((store) => store.close()));
});
afterAll(async () => {
  await server.stop();
  await rm(dir, { recursive: true, force: true });
});

async function callsDuring(store: RedisSeatStore, act: () => Promise<unknown>): Promise<number> {
  await store.redis.config('RESETSTAT');
  await act();
  const stats = await store.redis.info('commandstats');
  return Number(/cmdstat_fcall:calls=(\d+)/.exec(stats)?.[1] ?? 0);
}

const libraries = async (store: RedisSeatStore) =>
  ((await store.redis.call('FUNCTION', 'LIST', 'LIBRARYNAME', `${LIBRARY_PREFIX}*`)) as unknown[]).length;

test('holds of one turn are one call, in which each has its own answer', async () => {
  const store = await open();
  const a = await arena(store, { rules: { maxPerBuyer: 3 } });
  const [buyer, op] = [newBuyer(), newOp()];
  const calls = await callsDuring(store, async () => {
    const [first, taken, repeated, conflict, best, limit, other] = await Promise.all([
      a.hold([1, 2], { buyer, op }),
      a.hold([2, 3], { buyer: newBuyer() }),
      a.hold([1, 2], { buyer, op }),
      a.hold([9], { buyer, op }),
      a.best(1, [{ first: 0, count: 40, price: 1 }], { buyer }),
      a.hold([9], { buyer }),
      a.hold([9], { buyer: newBuyer() }),
    ]);
    expect(granted(first!)).toMatchObject({ version: 1, places: [1, 2] });
    expect(taken).toEqual({ ok: false, code: 'place_taken', places: [2] });
    expect(repeated).toEqual(first);
    expect(conflict).toEqual({ ok: false, code: 'op_conflict' });
    expect(granted(best!)).toMatchObject({ version: 2, buyer });
    expect(limit).toEqual({ ok: false, code: 'buyer_limit' });
    expect(granted(other!)).toMatchObject({ version: 3, places: [9] });
  });
  expect(calls).toBe(1);
  expect(await store.holdsOf(a.event, buyer)).toHaveLength(2);
});

test('[IN3] a group is heard as its transitions one by one, and the journal has each', async () => {
  const store = await open();
  const a = await arena(store, { places: 700, rules: { maxPerBuyer: 700 } });
  const heard: Transition[] = [];
  await store.subscribe(a.event, (transition) => heard.push(transition));
  await Promise.all(Array.from({ length: 300 }, (_, i) => a.held([2 * i])));
  await until(
    async () => heard.length,
    (length) => length >= 300,
  );
  expect(heard.map(({ version }) => version)).toEqual(Array.from({ length: 300 }, (_, i) => i + 1));
  const { epoch } = (await store.snapshot(a.event))!;
  expect(await store.since(a.event, epoch, 0)).toEqual(heard);
});

test('[IN5] a group ends what is past its end behind what it granted before', async () => {
  const store = await open();
  const a = await arena(store, { rules: { holdMs: 1 } });
  const { hold } = await a.held([5]);
  await until(
    () => store.findHold(a.event, hold),
    (found) => found === null,
  );
  const [before, inTheWay] = await Promise.all([1, 5].map((place) => a.hold([place], { buyer: newBuyer() })));
  expect([granted(before!).version, granted(inTheWay!).version]).toEqual([2, 4]);
  const { epoch } = (await store.snapshot(a.event))!;
  expect((await store.since(a.event, epoch, 1))!.map(({ kind }) => kind)).toEqual(['hold', 'expire', 'hold']);
});

test('while Redis is behind, what waits too long is refused and is never carried out', async () => {
  const bounds = { ...GROUP_BOUNDS, most: 4, underWay: 1, waiting: 40, waitMs: 50 };
  const store = await open({ groups: bounds });
  const a = await arena(store, { places: 200, rules: { maxPerBuyer: 200 } });
  process.kill(server.pid, 'SIGSTOP');
  const first = a.hold([0]);
  await new Promise((resolve) => setImmediate(() => setImmediate(resolve)));
  const waiting = Array.from({ length: 40 }, (_, i) => a.hold([i + 1]));
  expect(await a.hold([100])).toEqual({ ok: false, code: 'overloaded' });
  expect(await Promise.all(waiting)).toEqual(Array(40).fill({ ok: false, code: 'overloaded' }));
  process.kill(server.pid, 'SIGCONT');
  granted(await first);
  granted(await a.hold([150]));
  expect(await a.version()).toBe(2);
});

test('a Redis without the library gets it when it is first missed, once', async () => {
  const store = await open();
  const a = await arena(store);
  await store.redis.call('FUNCTION', 'FLUSH');
  const answers = await Promise.all([a.hold([1]), store.snapshot(a.event), store.holdsOf(a.event, a.buyer)]);
  granted(answers[0]);
  expect(await libraries(store)).toBe(1);
});

test('libraries of other versions stand beside ours while they are few', async () => {
  const first = await open({ journalLength: 1_000 });
  const a = await arena(first);
  await first.redis.call('FUNCTION', 'FLUSH');
  granted(await a.hold([1]));
  for (let version = 2; version <= 6; version++) await open({ journalLength: version * 1_000 });
  expect(await libraries(first)).toBe(6);
  for (let version = 7; version <= 12; version++) await open({ journalLength: version * 1_000 });
  expect(await libraries(first)).toBeLessThan(10);
  granted(await a.hold([3], { buyer: newBuyer() }));
});
