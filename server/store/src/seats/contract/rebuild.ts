/** Freezing an event, and putting the ledger's state in the place of what is there. */
import type { EventId, Transition } from '@seatwire/protocol';
import { uuidv7 } from '@seatwire/protocol';
import { describe, expect, test } from 'vitest';
import type { SeatStore } from '../seat-store.ts';
import { alone, arena, granted, newBuyer, newEpoch, newOrder, until } from './fixture.ts';

export function rebuildContract(store: () => SeatStore): void {
  describe('rebuild', () => {
    const rebuilding = { ok: false, code: 'event_rebuilding' };

    test('an event without state refuses every command and has nothing to tell', async () => {
      const event = uuidv7() as EventId;
      const ref = { event, buyer: newBuyer(), op: 'operation-1' as never, hold: 'a'.repeat(22) as never };
      const want = { kind: 'places', places: [1], prices: [1] } as const;
      expect(await store().hold({ ...ref, priceRevision: 1, want })).toEqual(rebuilding);
      expect(await store().release(ref)).toEqual(rebuilding);
      expect(await store().block({ event, places: [1] })).toEqual(rebuilding);
      expect(await store().cancel({ event, buyer: ref.buyer, fence: 1, places: [1] })).toEqual(rebuilding);
      expect(await store().snapshot(event)).toBeNull();
      expect(await store().freeze(event)).toBeNull();
      expect(await store().setRules(event, (await arena(store())).plan.rules)).toBe(false);
      expect(await store().holdsOf(event, ref.buyer)).toEqual([]);
      expect((await store().soldFences(event)).size).toBe(0);
    });

    test('a frozen event refuses every transition, its sweep too, until it is rebuilt', async () => {
      const a = await alone(store());
      const paying = await a.paying([2]);
      await store().setRules(a.event, { ...a.plan.rules, holdMs: 15 });
      const { hold } = await a.held([1]);
      const before = (await store().snapshot(a.event))!;
      expect(await store().freeze(a.event)).toBe(before.epoch);
      await until(
        () => store().findHold(a.event, hold),
        (found) => found === null,
      );
      expect(await a.hold([5])).toEqual(rebuilding);
      expect(await store().extend(a.ref(hold))).toEqual(rebuilding);
      expect(await store().release(a.ref(hold))).toEqual(rebuilding);
      expect(await store().revert(a.ref(paying.hold))).toEqual(rebuilding);
      expect(await store().checkout({ ...a.ref(hold), order: newOrder() })).toEqual(rebuilding);
      expect(await store().confirm({ ...a.ref(paying.hold), order: paying.order, payment: 'x' })).toEqual(
        rebuilding,
      );
      expect(await store().unblock({ event: a.event, places: [5] })).toEqual(rebuilding);
      expect(await store().cancel({ event: a.event, buyer: a.buyer, fence: 1, places: [1] })).toEqual(
        rebuilding,
      );
      expect(await store().expireDue(a.partition, 100)).toBe(0);
      expect(await store().snapshot(a.event)).toEqual({ ...before, at: expect.any(Number) });
      expect(await store().rebuild(a.event, a.plan, newEpoch(), before.epoch)).toBe(true);
      granted(await a.hold([5]));
    });

    test('a rebuild puts the plan in place: map, runs, fences, caps and rules', async () => {
      const [first, second] = [newBuyer(), newBuyer()];
      const a = await arena(store(), {
        places: 8,
        runStarts: [0, 3],
        sold: [
          { place: 0, fence: 5, buyer: first },
          { place: 7, fence: 9, buyer: second },
        ],
        blocked: [3],
        fence: 9,
        rules: { maxPerBuyer: 2, noOrphans: true },
      });
      expect(await store().snapshot(a.event)).toMatchObject({ version: 0, places: 8 });
      expect(await a.map()).toBe('20030002');
      expect(await store().soldFences(a.event)).toEqual(
        new Map([
          [0, 5],
          [7, 9],
        ]),
      );
      expect(await a.hold([1, 2], { buyer: first })).toEqual({ ok: false, code: 'buyer_limit' });
      expect(await a.hold([5])).toEqual({ ok: false, code: 'orphan_seat', places: [4, 6] });
      granted(await store().cancel({ event: a.event, buyer: second, fence: 9, places: [7] }));
      granted(await a.hold([1, 2], { buyer: second }));
    });

    test('[IN7] a rebuild ends all holds, voids their payments, starts a new epoch, and fences still rise', async () => {
      const a = await arena(store());
      const heard: Transition[] = [];
      const leave = await store().subscribe(a.event, (transition) => heard.push(transition));
      const held = await a.held([1]);
      const paying = await a.paying([2]);
      const { epoch: old, version } = (await store().snapshot(a.event))!;
      const [epoch, far] = [newEpoch(), 2 ** 52];
      expect(await store().rebuild(a.event, { ...a.plan, fence: far }, epoch, old)).toBe(true);
      expect(await store().snapshot(a.event)).toMatchObject({ epoch, version: 0 });
      expect(await a.map()).toBe('0'.repeat(40));
      expect(await store().release(a.ref(held.hold))).toEqual({ ok: false, code: 'hold_not_found' });
      expect(await store().outbox.backlog(a.partition, a.event)).toBe(1);
      expect(await store().since(a.event, old, version)).toBeNull();
      await until(
        async () => heard.at(-1)?.kind,
        (kind) => kind === 'rebuild',
      );
      const holds = [held, paying].map(({ hold }) => ({ hold, buyer: a.buyer }));
      expect(heard.at(-1)).toEqual({ epoch, version: 0, kind: 'rebuild', code: 0, places: [], holds });
      const hold = await a.held([1, 2]);
      expect(hold.fence).toBe(far + 1);
      expect(hold.fence).toBeGreaterThan(paying.fence);
      const next = newEpoch();
      expect(await store().rebuild(a.event, a.plan, next, epoch)).toBe(true);
      expect((await a.held([1])).fence).toBeGreaterThan(hold.fence);
      await leave();
    });

    test('of rebuilds that would replace the same epoch one is done', async () => {
      const event = uuidv7() as EventId;
      const { plan } = await arena(store());
      const first = await Promise.all(
        Array.from({ length: 5 }, () => store().rebuild(event, plan, newEpoch(), null)),
      );
      expect(first.filter(Boolean)).toHaveLength(1);
      const { epoch } = (await store().snapshot(event))!;
      expect(await store().rebuild(event, plan, newEpoch(), newEpoch())).toBe(false);
      expect(await store().rebuild(event, plan, newEpoch(), null)).toBe(false);
      expect((await store().snapshot(event))!.epoch).toBe(epoch);
    });

    test('fences of one event rise with every hold', async () => {
      const a = await arena(store());
      const holds = await Promise.all([1, 2, 3, 4, 5, 6].map((place) => a.held([place])));
      const fences = holds.map(({ fence }) => fence);
      expect(new Set(fences).size).toBe(6);
      const later = await a.held([9]);
      expect(later.fence).toBeGreaterThan(Math.max(...fences));
    });

    test('50,000 places, half of them sold, are rebuilt whole', async () => {
      const buyers = Array.from({ length: 100 }, newBuyer);
      const sold = Array.from({ length: 25_000 }, (_, i) => ({
        place: 2 * i,
        fence: i + 1,
        buyer: buyers[i % 100]!,
      }));
      const a = await arena(store(), { places: 50_000, sold, fence: 25_000 });
      expect(await a.map()).toBe('20'.repeat(25_000));
      expect((await store().soldFences(a.event)).get(49_998)).toBe(25_000);
    });
  });
}
