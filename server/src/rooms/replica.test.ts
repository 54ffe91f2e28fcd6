import { type HoldId, type MapCode, randomToken, type UserId, uuidv7 } from '@seatwire/protocol';
import type { Transition } from '@seatwire/store';
import fc from 'fast-check';
import { describe, expect, test, vi } from 'vitest';
import { roomsOptions } from '../testing/options.ts';
import { Replica } from './replica.ts';
import { StoreClock } from './store-clock.ts';
import { ScriptedStore } from './testing/scripted-store.ts';

async function openReplica(store: ScriptedStore) {
  const heard: Transition[] = [];
  const hooks = {
    changed: vi.fn(),
    replaced: vi.fn(),
    missing: vi.fn(),
    trouble: vi.fn(),
    heard: (transition: Transition) => void heard.push(transition),
  };
  const opened = await Replica.open(store, store.event, new StoreClock(), hooks, roomsOptions().history);
  if (!opened) throw new Error('no state');
  return { ...opened, hooks, heard };
}

const mapOf = (replica: Replica): number[] =>
  Array.from({ length: replica.map.places }, (_, place) => replica.map.get(place));
const caughtUp = (replica: Replica, store: ScriptedStore) =>
  vi.waitFor(() => {
    replica.flush(0);
    expect([replica.epoch, replica.version]).toEqual([store.epoch, store.version]);
    expect(mapOf(replica)).toEqual([...store.codes]);
  });

describe('Replica', () => {
  test('Replica has no room for an event without state, and leaves no subscription behind', async () => {
    const store = new ScriptedStore(8);
    store.missing = true;
    await expect(openReplica(store)).rejects.toThrow('no state');
    expect(store.subscribers).toBe(0);
  });

  test('Replica misses nothing that happens between subscribing and the snapshot, nor after', async () => {
    const store = new ScriptedStore(8);
    let go = () => {};
    store.hold = new Promise((resolve) => {
      go = resolve;
    });
    const opening = openReplica(store);
    await vi.waitFor(() => expect(store.calls.snapshot).toBe(1));
    store.change(1, [3]);
    go();
    const { replica } = await opening;
    store.change(2, [4]);
    await caughtUp(replica, store);
    expect(store.calls.snapshot).toBe(1);
  });

  test('Replica knows from the journal what changed before it was opened, as far as that goes back', async () => {
    const store = new ScriptedStore(8);
    for (const place of [1, 2, 3]) store.change(1, [place]);
    const { replica } = await openReplica(store);
    expect([...replica.history.since(1)!].sort()).toEqual([2, 3]);
    store.journal.shift();
    const later = await openReplica(store);
    expect(later.replica.history.since(1)).toBeNull();
    expect([...later.replica.history.since(3)!]).toEqual([]);
  });

  test('Replica keeps the published map apart from what is pending, last state wins', async () => {
    const store = new ScriptedStore(8);
    const { replica } = await openReplica(store);
    store.change(1, [1, 2]);
    store.change(0, [2]);
    store.change(2, [1]);
    expect([replica.version, replica.latest, replica.map.get(1)]).toEqual([0, 3, 0]);
    expect(replica.flush(0)).toEqual({ from: 0, to: 3, places: [1] });
    expect(replica.flush(0)).toBeNull();
    expect(replica.map.get(1)).toBe(2);
  });

  test('Replica heals by a snapshot, still as a diff, when the feed could not tell what happened', async () => {
    const store = new ScriptedStore(8);
    const { replica, hooks } = await openReplica(store);
    store.change(1, [1], { lost: true });
    store.change(2, [5], { lost: true });
    store.loseTheThread();
    await vi.waitFor(() => expect(replica.latest).toBe(2));
    expect(replica.flush(0)).toEqual({ from: 0, to: 2, places: [1, 5] });
    expect(hooks.replaced).not.toHaveBeenCalled();
  });

  test('Replica takes over another epoch as a whole, and says so', async () => {
    const store = new ScriptedStore(8);
    const { replica, hooks } = await openReplica(store);
    store.change(1, [1]);
    store.rebuild();
    await caughtUp(replica, store);
    expect(hooks.replaced).toHaveBeenCalledTimes(1);
    expect(replica.history.since(0)).toBeNull();
  });

  test('Replica takes a snapshot when the feed says it lost the thread, even by one version', async () => {
    const store = new ScriptedStore(8);
    const { replica, hooks } = await openReplica(store);
    store.change(1, [6], { lost: true });
    store.loseTheThread();
    await caughtUp(replica, store);
    expect(replica.map.get(6)).toBe(1);
    expect(hooks.replaced).not.toHaveBeenCalled();
  });

  test('Replica asks for a rebuild while the state is gone, and follows once it is back', async () => {
    const store = new ScriptedStore(8);
    const { replica, hooks } = await openReplica(store);
    store.missing = true;
    store.rebuild();
    await vi.waitFor(() => expect(hooks.missing).toHaveBeenCalled());
    store.missing = false;
    await caughtUp(replica, store);
  });

  test('Replica finds and heals a wrong map, and takes a right one for right while changes arrive', async () => {
    const store = new ScriptedStore(64);
    const { replica, hooks } = await openReplica(store);
    store.change(1, [1, 2, 3]);
    replica.flush(0);
    let go = () => {};
    store.hold = new Promise((resolve) => {
      go = resolve;
    });
    const proving = replica.prove();
    await vi.waitFor(() => expect(store.calls.snapshot).toBe(2));
    store.change(2, [2]);
    replica.flush(0);
    store.change(0, [3]);
    go();
    expect(await proving).toBe(true);
    replica.flush(0);

    replica.map.set(40, 3);
    expect(await replica.prove()).toBe(false);
    expect(hooks.trouble).toHaveBeenCalledWith('mismatch');
    expect(hooks.replaced).toHaveBeenCalledTimes(1);
    await caughtUp(replica, store);
    expect(await replica.prove()).toBe(true);
  });

  test('[CF1] a proof read between a hold and its release, both published in one flush, leaves a right map right', async () => {
    const store = new ScriptedStore(8);
    const { replica, hooks } = await openReplica(store);
    store.change(1, [3]);
    let go = () => {};
    store.hold = new Promise((resolve) => {
      go = resolve;
    });
    const proving = replica.prove();
    store.change(0, [3], { kind: 'release' });
    replica.flush(0);
    go();
    await proving;
    expect(mapOf(replica)).toEqual([...store.codes]);
    expect(hooks.trouble).not.toHaveBeenCalled();
  });

  test('[CF8] a client that stopped between a hold and its release hears of the release on another server', async () => {
    const store = new ScriptedStore(8);
    const [{ replica: a }, { replica: b }] = await Promise.all([openReplica(store), openReplica(store)]);
    store.change(1, [3]);
    a.flush(0);
    const client = { version: a.version, held: a.map.get(3) };
    expect(client).toEqual({ version: 1, held: 1 });
    store.change(0, [3], { kind: 'release' });
    expect(b.flush(0)).toEqual({ from: 0, to: 2, places: [] });
    expect(b.history.since(client.version)).toEqual(new Set([3]));
  });

  test('[CF8] Replica tells what a snapshot bridged to no one who stopped inside of it, and to everybody who stopped before', async () => {
    const store = new ScriptedStore(8);
    const { replica } = await openReplica(store);
    store.change(1, [1]);
    store.change(1, [2], { lost: true });
    store.change(0, [2], { lost: true });
    store.change(1, [5], { lost: true });
    store.loseTheThread();
    await vi.waitFor(() => expect(replica.latest).toBe(4));
    replica.flush(0);
    expect(replica.history.since(0)).toEqual(new Set([1, 5]));
    expect(replica.history.since(1)).toEqual(new Set([1, 5]));
    // Another server told its client that place 2 is held: this one does not know that it was.
    expect(replica.history.since(2)).toBeNull();
    expect(replica.history.since(3)).toBeNull();
    expect(replica.history.since(4)).toEqual(new Set());
  });

  test('a proof read before the end of a catch-up to another epoch does not take the map back', async () => {
    const store = new ScriptedStore(8);
    const { replica, hooks } = await openReplica(store);
    for (const place of [1, 2, 3]) store.change(1, [place]);
    replica.flush(0);
    let go = () => {};
    const slow = new Promise<void>((resolve) => {
      go = resolve;
    });
    store.rebuild({ heard: false });
    store.hold = slow;
    const proving = replica.prove();
    await vi.waitFor(() => expect(store.calls.snapshot).toBe(2));
    store.hold = null;
    store.loseTheThread();
    store.change(1, [5]);
    await caughtUp(replica, store);
    go();
    await proving;
    await caughtUp(replica, store);
    expect(hooks.trouble).not.toHaveBeenCalledWith('regression');
  });

  test('a proof that is ahead of a silent feed brings the map up', async () => {
    const store = new ScriptedStore(8);
    const { replica, hooks } = await openReplica(store);
    store.change(1, [1], { lost: true });
    await replica.prove();
    await caughtUp(replica, store);
    expect(hooks.trouble).toHaveBeenCalledWith('gap');
  });

  test('Replica believes a store that lost its tail, tells everybody, and asks for a new epoch', async () => {
    const store = new ScriptedStore(8);
    const { replica, hooks } = await openReplica(store);
    store.change(1, [1]);
    store.change(1, [2]);
    replica.flush(0);
    store.version = 1;
    store.codes[2] = 0;
    store.journal.pop();
    await replica.prove();
    await caughtUp(replica, store);
    expect(hooks.replaced).toHaveBeenCalledTimes(1);
    expect(hooks.missing).toHaveBeenCalled();
  });

  test('Replica believes the feed that says the store went back, at whatever older version', async () => {
    const store = new ScriptedStore(8);
    const { replica, hooks } = await openReplica(store);
    store.change(1, [1]);
    store.change(1, [2]);
    replica.flush(0);
    store.version = 1;
    store.codes[2] = 0;
    store.journal.pop();
    store.loseTheThread();
    await caughtUp(replica, store);
    expect(hooks.trouble).toHaveBeenCalledWith('regression');
    expect(hooks.replaced).toHaveBeenCalledTimes(1);
  });

  test('Replica keeps its last map while the store is down, and catches up when it is back', async () => {
    const store = new ScriptedStore(8);
    const { replica, hooks } = await openReplica(store);
    store.change(1, [1]);
    replica.flush(0);
    store.down = true;
    store.change(1, [2], { lost: true });
    store.change(1, [3], { lost: true });
    store.loseTheThread();
    await vi.waitFor(() => expect(hooks.trouble).toHaveBeenCalledWith('unavailable'));
    expect(replica.map.get(1)).toBe(1);
    store.down = false;
    await caughtUp(replica, store);
  });

  test('[RE20] Replica ends equal to the store, however often the feed loses the thread and whenever snapshots are read', async () => {
    const step = fc.record({
      code: fc.constantFrom<MapCode>(0, 1, 2, 3),
      places: fc.uniqueArray(fc.nat({ max: 31 }), { minLength: 1, maxLength: 4 }),
      wire: fc.constantFrom('ok', 'ok', 'ok', 'rebuild', 'thread', 'prove'),
      pause: fc.boolean(),
    });
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 40 }), async (steps) => {
        const store = new ScriptedStore(32);
        const { replica, close, heard, hooks } = await openReplica(store);
        const proofs: Promise<boolean>[] = [];
        for (const { code, places, wire, pause } of steps) {
          if (wire === 'rebuild') store.rebuild();
          else store.change(code, places, { lost: wire === 'thread' });
          if (wire === 'thread') store.loseTheThread();
          if (wire === 'prove') proofs.push(replica.prove());
          if (pause) {
            await Promise.resolve();
            replica.flush(0);
          }
        }
        await vi.waitFor(
          () => expect([replica.epoch, replica.latest]).toEqual([store.epoch, store.version]),
          { interval: 1 },
        );
        await Promise.all(proofs);
        replica.flush(0);
        expect(mapOf(replica)).toEqual([...store.codes]);
        expect(hooks.trouble).not.toHaveBeenCalledWith('mismatch');
        const perEpoch = new Map<string, number>();
        for (const { epoch, version } of heard) {
          expect(version).toBeGreaterThan(perEpoch.get(epoch) ?? 0);
          perEpoch.set(epoch, version);
        }
        await close();
      }),
      { numRuns: 200 },
    );
  });

  test('Replica hears which holds ended, with their owners', async () => {
    const store = new ScriptedStore(8);
    const { heard } = await openReplica(store);
    const holds = [{ hold: randomToken() as HoldId, buyer: uuidv7() as UserId }];
    store.change(0, [1], { kind: 'expire', holds });
    expect(heard[0]!.holds).toEqual(holds);
  });
});
