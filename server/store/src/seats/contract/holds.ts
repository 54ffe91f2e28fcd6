/** Holding named places, and what a hold's owner may do with it. */
import { describe, expect, test } from 'vitest';
import type { SeatStore } from '../seat-store.ts';
import { arena, granted, newBuyer, newHold, newOrder, until } from './fixture.ts';

export function holdsContract(store: () => SeatStore): void {
  describe('holds', () => {
    test("[IN2] a hold is granted whole: places ascending, each with its price, money in the event's currency", async () => {
      const a = await arena(store());
      const hold = granted(await a.hold([7, 3, 5], {}, [700, 300, 500]));
      expect(hold).toMatchObject({
        version: 1,
        state: 'held',
        places: [3, 5, 7],
        prices: [300, 500, 700],
        amount: 1_500,
      });
      expect(hold).toMatchObject({
        buyer: a.buyer,
        currency: 'EUR',
        order: null,
        expiresAt: hold.heldAt + 60_000,
      });
      expect(await store().findHold(a.event, hold.hold)).toEqual(
        hold.version && { ...hold, version: undefined, ok: undefined },
      );
      expect((await a.map()).slice(0, 9)).toBe('000101010');
    });

    test('[IN6] a hold that meets one taken place gets none, and hears which ones, not whose', async () => {
      const a = await arena(store(), { blocked: [8] });
      await a.held([4, 6], { buyer: newBuyer() });
      const before = await store().snapshot(a.event);
      expect(await a.hold([3, 4, 5, 6])).toEqual({ ok: false, code: 'place_taken', places: [4, 6] });
      expect(await a.hold([7, 8])).toEqual({ ok: false, code: 'place_blocked', places: [8] });
      expect(await a.hold([6, 8])).toEqual({ ok: false, code: 'place_taken', places: [6] });
      expect(await store().snapshot(a.event)).toEqual({ ...before, at: expect.any(Number) });
    });

    test('places far apart, at both ends, and across runs are held together', async () => {
      const a = await arena(store(), { places: 5_000, runStarts: [0, 2, 4_999] });
      const places = [0, 1, 2, 70, 2_500, 4_998, 4_999];
      expect(granted(await a.hold(places)).places).toEqual(places);
      const { codes } = (await store().snapshot(a.event))!;
      expect([...codes.keys()].filter((place) => codes[place] === 1)).toEqual(places);
    });

    test('[IN6] a command that makes no sense is refused with its code and changes nothing', async () => {
      const a = await arena(store(), { rules: { maxPerHold: 3 } });
      const many = Array.from({ length: 101 }, (_, i) => i);
      expect(await a.hold([])).toEqual({ ok: false, code: 'bad_request' });
      expect(await a.hold([1.5])).toEqual({ ok: false, code: 'bad_request' });
      expect(await a.hold([-1])).toEqual({ ok: false, code: 'bad_request' });
      expect(await a.hold([1], {}, [])).toEqual({ ok: false, code: 'bad_request' });
      expect(await a.hold([1], {}, [0.5])).toEqual({ ok: false, code: 'bad_request' });
      expect(await a.hold([1], { op: 'no spaces' as never })).toEqual({ ok: false, code: 'bad_request' });
      expect(await a.hold([2, 1, 2])).toEqual({ ok: false, code: 'duplicate_place', places: [2] });
      expect(await a.hold([1, 40, 999])).toEqual({ ok: false, code: 'unknown_place', places: [40, 999] });
      expect(await a.hold([1, 2, 3, 4])).toEqual({ ok: false, code: 'too_many_places' });
      expect(await a.hold(many)).toEqual({ ok: false, code: 'too_many_places' });
      expect(await a.best(0, [])).toEqual({ ok: false, code: 'bad_request' });
      expect(await a.best(4, [{ first: 0, count: 40, price: 1 }])).toEqual({
        ok: false,
        code: 'too_many_places',
      });
      expect(await store().block({ event: a.event, places: [40] })).toEqual({
        ok: false,
        code: 'unknown_place',
        places: [40],
      });
      expect(await store().block({ event: a.event, places: [] })).toEqual({ ok: false, code: 'bad_request' });
      expect(await a.version()).toBe(0);
    });

    test('[IN5] nothing is held before the sale opens, after it closes, or at old prices', async () => {
      const now = Date.now();
      const early = await arena(store(), { rules: { saleOpensAt: now + 3_600_000 } });
      const late = await arena(store(), { rules: { saleClosesAt: now - 3_600_000 } });
      const dear = await arena(store(), { rules: { priceRevision: 2 } });
      expect(await early.hold([1])).toEqual({ ok: false, code: 'sale_not_open' });
      expect(await late.hold([1])).toEqual({ ok: false, code: 'sale_closed' });
      expect(await dear.hold([1])).toEqual({ ok: false, code: 'price_changed' });
      granted(await dear.hold([1], { priceRevision: 2 }));
    });

    test('[C5] a hold is paid at the prices it was granted at, whatever they become', async () => {
      const a = await arena(store());
      const held = await a.held([1, 2]);
      expect(await store().setRules(a.event, { ...a.plan.rules, priceRevision: 2 })).toBe(true);
      const later = granted(await a.hold([3, 4], { priceRevision: 2 }, [5, 6]));
      expect(later).toMatchObject({ prices: [5, 6], amount: 11 });
      const order = newOrder();
      const out = granted(await store().checkout({ ...a.ref(held.hold), order }));
      expect(out).toMatchObject({ prices: [1_001, 1_002], amount: 2_003 });
      granted(await store().confirm({ ...a.ref(held.hold), order, payment: 'authorised' }));
    });

    test("a buyer's held, paying and sold places together stay within the cap, and what ends makes room", async () => {
      const a = await arena(store(), { rules: { maxPerBuyer: 4 } });
      const sold = await a.sold([0]);
      await a.paying([1]);
      const held = await a.held([2, 3]);
      expect(await a.hold([4])).toEqual({ ok: false, code: 'buyer_limit' });
      expect(await a.best(1, [{ first: 0, count: 40, price: 1 }])).toEqual({
        ok: false,
        code: 'buyer_limit',
      });
      granted(await a.hold([5], { buyer: newBuyer() }));
      granted(await store().release(a.ref(held.hold)));
      granted(await store().cancel({ event: a.event, buyer: a.buyer, fence: sold.fence, places: [0] }));
      expect(await a.hold([10, 11, 12, 13])).toEqual({ ok: false, code: 'buyer_limit' });
      granted(await a.hold([10, 11, 12]));
    });

    test("[IN6] another buyer's hold does not exist for the caller", async () => {
      const a = await arena(store());
      const { hold, order } = await a.paying([1]);
      const stranger = { buyer: newBuyer() };
      const none = { ok: false, code: 'hold_not_found' };
      expect(await store().extend(a.ref(hold, stranger))).toEqual(none);
      expect(await store().release(a.ref(hold, stranger))).toEqual(none);
      expect(await store().revert(a.ref(hold, stranger))).toEqual(none);
      expect(await store().checkout({ ...a.ref(hold, stranger), order: newOrder() })).toEqual(none);
      expect(await store().confirm({ ...a.ref(hold, stranger), order, payment: 'x' })).toEqual(none);
      expect(await store().extend(a.ref(newHold()))).toEqual(none);
      expect(await store().holdsOf(a.event, stranger.buyer)).toEqual([]);
    });

    test("holdsOf gives a buyer's live holds in the order they were made", async () => {
      const a = await arena(store());
      const first = await a.held([1]);
      const second = await a.paying([2]);
      await a.sold([3]);
      const ids = (await store().holdsOf(a.event, a.buyer)).map(({ hold, state }) => [hold, state]);
      expect(ids).toEqual([
        [first.hold, 'held'],
        [second.hold, 'paying'],
      ]);
      granted(await store().release(a.ref(first.hold)));
      expect(await store().holdsOf(a.event, a.buyer)).toHaveLength(1);
      expect(await store().findHold(a.event, first.hold)).toBeNull();
    });

    test('an extension lasts holdMs, and no hold lasts longer than maxHoldMs', async () => {
      const a = await arena(store(), { rules: { holdMs: 60_000, maxHoldMs: 60_020 } });
      const hold = await a.held([1]);
      const limit = await until(
        () => store().extend(a.ref(hold.hold)),
        (result) => !result.ok,
      );
      expect(limit).toEqual({ ok: false, code: 'extension_limit' });
      expect((await store().findHold(a.event, hold.hold))!.expiresAt).toBe(hold.heldAt + 60_020);
    });

    test('[C7] [CB7] a checkout never shortens a hold, and a decline gives back exactly what was left', async () => {
      const a = await arena(store(), { rules: { holdMs: 300_000, maxHoldMs: 300_000, payingMs: 30_000 } });
      const held = await a.held([1]);
      for (let time = 0; time < 2; time++) {
        const paying = granted(await store().checkout({ ...a.ref(held.hold), order: newOrder() }));
        expect(paying.expiresAt).toBe(held.expiresAt);
        expect(granted(await store().revert(a.ref(held.hold))).expiresAt).toBe(held.expiresAt);
        expect((await store().findHold(a.event, held.hold))!.expiresAt).toBe(held.expiresAt);
      }
    });

    test('[C7] [CB7] a checkout gives payingMs at least, and what it lent goes back with a decline', async () => {
      const a = await arena(store(), { rules: { holdMs: 90_000, maxHoldMs: 90_000, payingMs: 300_000 } });
      const held = await a.held([1]);
      const paying = granted(await store().checkout({ ...a.ref(held.hold), order: newOrder() }));
      expect(paying.expiresAt).toBeGreaterThanOrEqual(held.heldAt + 300_000);
      expect(granted(await store().revert(a.ref(held.hold))).expiresAt).toBe(held.expiresAt);
    });

    test('[C7] [CB7] a decline leaves a minute, within maxHoldMs + payingMs', async () => {
      const a = await arena(store(), { rules: { holdMs: 20_000, maxHoldMs: 20_000, payingMs: 90_000 } });
      const paying = await a.paying([1]);
      const reverted = granted(await store().revert(a.ref(paying.hold)));
      expect(reverted.expiresAt).toBeGreaterThanOrEqual(paying.heldAt + 60_000);
      expect(reverted.expiresAt).toBeLessThan(paying.heldAt + 90_000);
      const b = await arena(store(), { rules: { holdMs: 20_000, maxHoldMs: 20_000, payingMs: 20_000 } });
      const short = await b.paying([1]);
      expect(granted(await store().revert(b.ref(short.hold))).expiresAt).toBe(short.heldAt + 40_000);
    });

    test('[C7] [CB7] a hold checked out and declined again and again ends all the same', async () => {
      const a = await arena(store(), { rules: { holdMs: 150, maxHoldMs: 150, payingMs: 100 } });
      const { hold, heldAt } = await a.held([1]);
      const latest = heldAt + 150 + 100;
      const over = await until(
        async () => {
          const paying = await store().checkout({ ...a.ref(hold), order: newOrder() });
          if (!paying.ok) return paying;
          expect(paying.expiresAt).toBeLessThanOrEqual(latest + 100);
          const back = await store().revert(a.ref(hold));
          if (back.ok) expect(back.expiresAt).toBeLessThanOrEqual(latest);
          return back;
        },
        (result) => !result.ok,
      );
      expect(over).toEqual({ ok: false, code: 'hold_expired' });
      // Swept here, so that no other test's sweep finds it.
      await until(
        () => store().expireDue(a.partition, 100),
        (n) => n > 0,
      );
    });

    test('a hold keeps the order of its first checkout, and is confirmed under no other', async () => {
      const a = await arena(store());
      const { hold, order } = await a.paying([1]);
      granted(await store().revert(a.ref(hold)));
      const again = granted(await store().checkout({ ...a.ref(hold), order: newOrder() }));
      expect(again.order).toBe(order);
      const wrong = await store().confirm({ ...a.ref(hold), order: newOrder(), payment: 'x' });
      expect(wrong).toEqual({ ok: false, code: 'unknown_order' });
      const right = granted(await store().confirm({ ...a.ref(hold), order, payment: 'x' }));
      expect(right).toMatchObject({ order, places: [1] });
    });

    test('[IN2] only the places still sold under the fence are cancelled', async () => {
      const a = await arena(store());
      const mine = await a.sold([1, 2]);
      const other = await a.sold([3], { buyer: newBuyer() });
      const cancel = { event: a.event, buyer: a.buyer, fence: mine.fence };
      expect(granted(await store().cancel({ ...cancel, places: [3, 1] })).places).toEqual([1]);
      expect(await store().cancel({ ...cancel, places: [1, 3] })).toEqual({ ok: false, code: 'not_sold' });
      expect(await store().soldFences(a.event)).toEqual(
        new Map([
          [2, mine.fence],
          [3, other.fence],
        ]),
      );
      const one = (place: number) => store().soldFence(a.event, place);
      expect(await Promise.all([1, 2, 3].map(one))).toEqual([null, mine.fence, other.fence]);
      expect((await a.map()).slice(0, 5)).toBe('00220');
    });

    test('blocking is all or nothing, and returns what it changed', async () => {
      const a = await arena(store());
      await a.held([3]);
      expect(await store().block({ event: a.event, places: [2, 3, 4] })).toEqual({
        ok: false,
        code: 'place_taken',
        places: [3],
      });
      expect(granted(await store().block({ event: a.event, places: [4, 2] }))).toMatchObject({
        version: 2,
        places: [2, 4],
      });
      expect(granted(await store().block({ event: a.event, places: [2, 5, 4] }))).toMatchObject({
        version: 3,
        places: [5],
      });
      expect(granted(await store().block({ event: a.event, places: [2] }))).toMatchObject({
        version: 3,
        places: [],
      });
      expect(granted(await store().unblock({ event: a.event, places: [2, 6] }))).toMatchObject({
        version: 4,
        places: [2],
      });
      expect((await a.map()).slice(0, 7)).toBe('0001330');
    });

    test('a large part of a large map is blocked and unblocked at once', async () => {
      const a = await arena(store(), { places: 20_000 });
      const places = Array.from({ length: 15_000 }, (_, i) => i);
      expect(granted(await store().block({ event: a.event, places })).places).toHaveLength(15_000);
      expect((await a.map()).replaceAll('0', '')).toHaveLength(15_000);
      granted(await store().unblock({ event: a.event, places }));
      expect((await a.map()).replaceAll('0', '')).toHaveLength(0);
    });
  });
}
