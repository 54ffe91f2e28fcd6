/** What only the Redis store can do wrong: losing its connection, its data, its memory, or its journal's beginning. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Transition } from '@seatwire/protocol';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { type StoreProcess, startRedis } from '../embedded/index.ts';
import { arena, granted, newBuyer, newEpoch, newOp, until } from './contract/fixture.ts';
import { openSeatStore, type RedisSeatStore, type SeatStoreOptions } from './seat-store.redis.ts';
import { StoreUnavailable } from './seat-store.ts';

let dir: string;
let server: StoreProcess;
const opened: RedisSeatStore[] = [];

const open = async (options: Partial<SeatStoreOptions> = {}) => {
  const store = await openSeatStore({ url: server.url, commandTimeoutMs: 500, pulseMs: 50, ...options });
  opened.push(store);
  return store;
};

beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'seatwire-faults-'));
  server = await startRedis({ dir, appendfsync: 'always' });
});
afterEach(async () => {
  await Promise.all(opened.splice(0).map((store) => store.close()));
  await server.kill();
  await rm(dir, { recursive: true, force: true });
});

test('every call settles within its deadline while Redis is stopped, and works again afterwards', async () => {
  const store = await open();
  const a = await arena(store);
  await a.held([1]);
  process.kill(server.pid, 'SIGSTOP');
  const start = performance.now();
  const asked = [
    a.hold([2]),
    store.snapshot(a.event),
    store.expireDue(a.partition, 10),
    store.holdsOf(a.event, a.buyer),
  ];
  const results = await Promise.allSettled([...asked, store.outbox.backlog(0), store.freeze(a.event)]);
  expect(performance.now() - start).toBeLessThan(1_500);
  for (const result of results) {
    expect(result.status === 'rejected' && result.reason).toBeInstanceOf(StoreUnavailable);
  }
  process.kill(server.pid, 'SIGCONT');
  const op = newOp();
  const hold = await until(
    () => a.hold([5], { op, buyer: newBuyer() }).catch(() => null),
    (result) => result !== null,
  );
  // The freeze above was sent before the stop was over: a timeout means unknown, not failed.
  expect(hold).toMatchObject(hold!.ok ? { ok: true } : { code: 'event_rebuilding' });
});

test('no more commands wait at once than allowed', async () => {
  const store = await open({ maxWaiting: 10 });
  const a = await arena(store);
  process.kill(server.pid, 'SIGSTOP');
  const waiting = Array.from({ length: 10 }, () => a.hold([1]).catch((error: unknown) => error));
  await expect(a.hold([2])).rejects.toThrow('already wait');
  process.kill(server.pid, 'SIGCONT');
  await Promise.all(waiting);
});

test('a killed Redis fails calls at once, and a store opened without one says so', async () => {
  const store = await open();
  const a = await arena(store);
  await server.kill();
  await expect(a.hold([1])).rejects.toBeInstanceOf(StoreUnavailable);
  const start = performance.now();
  await expect(a.hold([1])).rejects.toBeInstanceOf(StoreUnavailable);
  expect(performance.now() - start).toBeLessThan(400);
  await expect(openSeatStore({ url: server.url, connectTimeoutMs: 300 })).rejects.toBeInstanceOf(
    StoreUnavailable,
  );
});

test('[IN8] what was accepted before a kill is there after it, and the subscription goes on without a gap', async () => {
  const store = await open();
  const a = await arena(store);
  const heard: Transition[] = [];
  await store.subscribe(a.event, (transition) => heard.push(transition));
  const sold = await a.sold([1]);
  await server.kill();
  const port = server.port;
  server = await startRedis({ dir, port, appendfsync: 'always' });
  await until(
    () => store.snapshot(a.event).catch(() => null),
    (snapshot) => snapshot !== null,
  );
  expect(await a.map()).toMatch(/^020/);
  await until(
    () => a.hold([5]).catch(() => null),
    (result) => result?.ok === true,
  );
  await until(
    async () => heard.at(-1)?.version,
    (version) => version === 3,
  );
  expect(heard.map(({ version }) => version)).toEqual([1, 2, 3]);
  const batches = await store.outbox.read('worker-1', [a.partition], 10, 0);
  expect(batches[0]!.entries).toMatchObject([{ order: sold.order }]);
}, 60_000);

test('transitions that pub/sub swallowed are read from the journal', async () => {
  const store = await open({ pulseMs: 100 });
  const a = await arena(store);
  const heard: number[] = [];
  await store.subscribe(a.event, ({ version }) => heard.push(version));
  const writer = await open();
  const b = Object.assign(await arena(writer), { event: a.event });
  await store.redis.call('CLIENT', 'KILL', 'TYPE', 'pubsub');
  for (let place = 0; place < 10; place++) await b.held([place], { buyer: newBuyer() });
  await until(
    async () => heard.length,
    (n) => n >= 10,
  );
  expect(heard).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10]);
});

test('however often the versions are compared, nothing is heard but what happened', async () => {
  const store = await open({ pulseMs: 1 });
  const heard: string[] = [];
  for (let round = 0; round < 30; round++) {
    const a = await arena(store);
    const leave = await store.subscribe(a.event, ({ kind }) => heard.push(kind));
    await a.held([1]);
    await until(
      async () => heard.length,
      (n) => n > round,
    );
    await leave();
  }
  expect(heard).toEqual(Array(30).fill('hold'));
});

test('a journal shorter than the gap makes listeners take a snapshot', async () => {
  const store = await open({ journalLength: 5 });
  const a = await arena(store, { places: 600, rules: { maxPerBuyer: 600 } });
  for (let place = 0; place < 260; place++) await a.held([place]);
  const { epoch } = (await store.snapshot(a.event))!;
  expect(await store.since(a.event, epoch, 200)).toBeNull();
  expect(await store.since(a.event, epoch, 256)).toHaveLength(4);
  const length = await store.redis.llen(`{p${String(a.partition).padStart(2, '0')}}:e:${a.event}:journal`);
  expect(length).toBeLessThan(5 + 256);
});

test('without memory a hold is refused before it changes anything, and what frees or sells still works', async () => {
  const store = await open();
  const a = await arena(store);
  const [held, paying] = [await a.held([1]), await a.paying([2])];
  const before = (await store.snapshot(a.event))!;
  await store.redis.config('SET', 'maxmemory', '1');
  await expect(a.hold([3])).rejects.toBeInstanceOf(StoreUnavailable);
  await expect(store.extend(a.ref(held.hold))).rejects.toBeInstanceOf(StoreUnavailable);
  expect(await store.snapshot(a.event)).toEqual({ ...before, at: expect.any(Number) });
  granted(await store.release(a.ref(held.hold)));
  granted(await store.confirm({ ...a.ref(paying.hold), order: paying.order, payment: 'x' }));
  expect(await a.map()).toMatch(/^0020/);
  await store.redis.config('SET', 'maxmemory', '0');
});

test('an outbox entry that is not of the form is handed over as unreadable, and blocks nothing', async () => {
  const store = await open();
  const a = await arena(store);
  const key = `{p${String(a.partition).padStart(2, '0')}}:outbox`;
  await store.redis.xadd(key, '*', 'kind', 'purchase', 'event', 'nonsense');
  const { order } = await a.sold([1]);
  const [batch] = await store.outbox.read('worker-1', [a.partition], 10, 0);
  expect(batch).toMatchObject({
    entries: [{ order }],
    unreadable: [{ content: '{"kind":"purchase","event":"nonsense"}' }],
  });
});

test('a wiped Redis is an event without state, and its outbox is there again', async () => {
  const store = await open();
  const a = await arena(store);
  await a.sold([1]);
  await store.outbox.read('worker-1', [a.partition], 10, 0);
  await store.redis.flushall();
  expect(await a.hold([1])).toEqual({ ok: false, code: 'event_rebuilding' });
  expect(await store.rebuild(a.event, a.plan, newEpoch(), null)).toBe(true);
  const { order } = await a.sold([1]);
  const [batch] = await store.outbox.read('worker-1', [a.partition], 10, 0);
  expect(batch!.entries).toMatchObject([{ order }]);
});
