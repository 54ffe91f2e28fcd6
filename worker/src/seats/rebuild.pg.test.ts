import { repeat, type Service } from '@seatwire/program';
import type { EventId } from '@seatwire/protocol';
import { randomToken, uuidv7 } from '@seatwire/protocol';
import { findOrder, noteRebuild, openRedis, requestRebuild, unfinishedRebuilds } from '@seatwire/store';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { flushOfStores } from '../flush/flush-of-stores.ts';
import type { Stores } from '../stores.ts';
import { type Arena, PARTITIONS } from '../testing/arena.ts';
import { openArena } from '../testing/test-arena.ts';
import { ABANDONED_MS, type RebuildParts, rebuild } from './rebuild.ts';
import { rebuildMissing, rebuildRequests } from './rebuilds.ts';

let arena: Arena;
let ending: (() => unknown)[];
beforeEach(async () => {
  arena = await openArena();
  ending = [];
});
afterEach(async () => {
  for (const end of ending.toReversed()) await end();
  await arena.close();
});

const never = new AbortController().signal;
const parts = (stores: Stores = arena.stores): RebuildParts => ({
  ...stores,
  metrics: arena.metrics,
  log: arena.log,
});
const snapshot = () => arena.stores.seats.snapshot(arena.event);
async function start(service: Service): Promise<Service> {
  await service.start();
  ending.push(() => service.stop());
  return service;
}
const flush = () =>
  start(
    flushOfStores(
      arena.stores,
      { partitions: PARTITIONS, consumer: 'flush', batchSize: 100, lingerMs: 1, claimIdleMs: 200 },
      arena,
      { blockMs: 20 },
    ),
  );
const drained = () =>
  vi.waitUntil(
    async () => (await arena.stores.seats.outbox.backlog(arena.stores.seats.partitionOf(arena.event))) === 0,
  );
const lookForMissing = () => {
  const looking = { ...parts(), holder: 'a', everyMs: 50 };
  const run = (signal: AbortSignal) => rebuildMissing(looking, signal);
  return start(repeat({ name: 'missing events', everyMs: 50, log: arena.log, run }));
};
async function answerRequests(): Promise<Service> {
  const blocking = await openRedis(arena.redisUrl, 'blocking');
  ending.push(() => blocking.disconnect());
  return start(rebuildRequests({ ...parts(), blocking }));
}

describe('a rebuild', () => {
  test('a rebuild after Redis lost everything brings back what the ledger has, under a new epoch', async () => {
    await flush();
    const sale = await arena.sell([5, 6]);
    await drained();
    const before = await snapshot();
    await arena.stores.redis.flushdb();
    expect(await snapshot()).toBeNull();
    await lookForMissing();
    await vi.waitUntil(async () => (await snapshot()) !== null);
    const after = await snapshot();
    expect(after!.codes).toEqual(before!.codes);
    expect(after!.epoch).not.toBe(before!.epoch);
    expect(await arena.stores.seats.soldFences(arena.event)).toEqual(
      new Map([
        [5, sale.fence],
        [6, sale.fence],
      ]),
    );
    const next = await arena.sell([7]);
    expect(next.fence).toBeGreaterThan(sale.fence);
  });

  test('a rebuild on command waits for purchases that were accepted and not yet flushed: none is lost', async () => {
    const sale = await arena.sell([8, 9]);
    const held = await arena.checkOut([10]);
    const rebuilding = rebuild(parts(), arena.event, 'always', never);
    // Before the freeze it may be held, and then it is taken.
    await vi.waitUntil(async () => {
      const tried = await tryHold(11);
      return !tried.ok && tried.code !== 'place_taken';
    });
    expect(await tryHold(11)).toMatchObject({ ok: false, code: 'event_rebuilding' });
    await flush();
    expect(await rebuilding).toMatchObject({ kind: 'rebuilt', sold: 2 });
    expect((await findOrder(arena.stores.db, sale.order))?.status).toBe('confirmed');
    expect([...(await snapshot())!.codes.slice(8, 12)]).toEqual([2, 2, 0, 0]);
    expect(await arena.stores.seats.findHold(arena.event, held.hold)).toBeNull();
    expect((await tryHold(11)).ok).toBe(true);
  });

  test('control: without the wait, an accepted purchase is sold again', async () => {
    await arena.sell([8]);
    const { seats, db } = arena.stores;
    const replaces = await seats.freeze(arena.event);
    const { findSeatPlan } = await import('@seatwire/store');
    const plan = await findSeatPlan(db, arena.event);
    await seats.rebuild(arena.event, plan!, randomToken() as Parameters<typeof seats.rebuild>[2], replaces);
    expect((await snapshot())!.codes[8]).toBe(0);
    expect((await tryHold(8)).ok).toBe(true);
  });

  test('a rebuild by several workers at once is made by one', async () => {
    await arena.stores.redis.flushdb();
    const others = [await arena.another(), await arena.another(), await arena.another()];
    const results = await Promise.all(
      [arena.stores, ...others].map((stores) => rebuild(parts(stores), arena.event, 'missing', never)),
    );
    const kinds = results.map(({ kind }) => kind);
    expect(kinds.filter((kind) => kind === 'rebuilt')).toHaveLength(1);
    expect(kinds.every((kind) => ['rebuilt', 'outrun', 'present'].includes(kind))).toBe(true);
    expect((await snapshot())!.epoch).toBe(
      results.flatMap((r) => (r.kind === 'rebuilt' ? [r.epoch] : []))[0],
    );
  });

  test('a rebuild of an event that is there is left undone unless commanded: its holds live on', async () => {
    const { hold } = await arena.checkOut([12]);
    expect(await rebuild(parts(), arena.event, 'missing', never)).toEqual({ kind: 'present' });
    expect(await arena.stores.seats.findHold(arena.event, hold)).not.toBeNull();
  });

  test('a rebuild of an event the ledger does not know is refused, and freezes nothing', async () => {
    const unknown = uuidv7() as EventId;
    expect(await rebuild(parts(), unknown, 'always', never)).toEqual({ kind: 'unknown_event' });
    expect(await unfinishedRebuilds(arena.stores.redis, Date.now() + 1_000)).toEqual([]);
  });

  test('a rebuild whose worker died half way is finished by another', async () => {
    await noteRebuild(arena.stores.redis, arena.event, Date.now() - ABANDONED_MS - 1);
    const frozen = await arena.stores.seats.freeze(arena.event);
    await lookForMissing();
    await vi.waitUntil(async () => (await snapshot())?.epoch !== frozen);
    expect((await tryHold(11)).ok).toBe(true);
    await vi.waitUntil(async () => (await unfinishedRebuilds(arena.stores.redis, Date.now())).length === 0);
  });

  test('a rebuild is made when a server asks for it', async () => {
    await arena.stores.redis.flushdb();
    await answerRequests();
    expect(await requestRebuild(arena.stores.redis, arena.event)).toBe(true);
    await vi.waitUntil(async () => (await snapshot()) !== null);
  });
});

describe('a large event', () => {
  test('a large event of 50,000 places is rebuilt in less than 5 s', async () => {
    const large = await openArena({ places: 50_000 });
    ending.push(() => large.close());
    await large.stores.redis.flushdb();
    const began = performance.now();
    const result = await rebuild({ ...large.stores, ...large }, large.event, 'missing', never);
    expect(result).toMatchObject({ kind: 'rebuilt', places: 50_000 });
    expect(performance.now() - began).toBeLessThan(5_000);
  });
});

async function tryHold(place: number) {
  return arena.stores.seats.hold({
    event: arena.event,
    buyer: arena.buyer,
    op: randomToken() as Parameters<Stores['seats']['hold']>[0]['op'],
    hold: randomToken() as Parameters<Stores['seats']['hold']>[0]['hold'],
    priceRevision: 1,
    want: { kind: 'places', places: [place], prices: [2_500] },
  });
}
