/** I5: a hold past its end gives no right, whether or not it was swept. */
import { describe, expect, test } from 'vitest';
import type { Hold, SeatStore } from '../seat-store.ts';
import { type Arena, alone, granted, newBuyer, newOrder, until } from './fixture.ts';

const BRIEF = { rules: { holdMs: 15, payingMs: 15 } };

export function expiryContract(store: () => SeatStore): void {
  describe('expiry', () => {
    const ended = (a: Arena, { hold }: Hold) =>
      until(
        () => store().findHold(a.event, hold),
        (found) => found === null,
      );

    test('[IN5] an expired hold gives no right before it is swept', async () => {
      const a = await alone(store(), BRIEF);
      const hold = await a.held([1]);
      await ended(a, hold);
      const expired = { ok: false, code: 'hold_expired' };
      expect(await store().extend(a.ref(hold.hold))).toEqual(expired);
      expect(await store().release(a.ref(hold.hold))).toEqual(expired);
      expect(await store().checkout({ ...a.ref(hold.hold), order: newOrder() })).toEqual(expired);
      expect(await store().holdsOf(a.event, a.buyer)).toEqual([]);
      expect(await a.version()).toBe(1);
    });

    test('[IN5] an expired payment cannot be confirmed, and its order lapses', async () => {
      const a = await alone(store(), { rules: { holdMs: 300, payingMs: 1 } });
      const hold = await a.paying([1, 2]);
      await ended(a, hold);
      const late = await store().confirm({ ...a.ref(hold.hold), order: hold.order, payment: 'x' });
      expect(late).toEqual({ ok: false, code: 'hold_expired' });
      await until(
        () => store().expireDue(a.partition, 100),
        (n) => n > 0,
      );
      expect((await a.map()).slice(0, 4)).toBe('0000');
      expect(await store().outbox.backlog(a.partition, a.event)).toBe(1);
    });

    test('[IN3] a sweep frees what is past its end as one transition that names the holds', async () => {
      const a = await alone(store(), BRIEF);
      const other = newBuyer();
      const first = await a.held([9, 2]);
      const second = await a.held([5], { buyer: other });
      await ended(a, second);
      expect(
        await until(
          () => store().expireDue(a.partition, 100),
          (n) => n > 0,
        ),
      ).toBe(2);
      expect(await store().expireDue(a.partition, 100)).toBe(0);
      const { epoch, version } = (await store().snapshot(a.event))!;
      expect(version).toBe(3);
      expect(await store().since(a.event, epoch, 2)).toEqual([
        {
          epoch,
          version: 3,
          kind: 'expire',
          code: 0,
          places: [2, 5, 9],
          holds: expect.arrayContaining([
            { hold: first.hold, buyer: a.buyer },
            { hold: second.hold, buyer: other },
          ]),
        },
      ]);
    });

    test('a sweep ends no more than it was asked to, and leaves what lives', async () => {
      const a = await alone(store(), BRIEF);
      const holds = [await a.held([1]), await a.held([2]), await a.held([3])];
      await ended(a, holds[2]!);
      granted(await store().block({ event: a.event, places: [10] }));
      expect(await store().setRules(a.event, { ...a.plan.rules, holdMs: 60_000 })).toBe(true);
      const lives = await a.held([4]);
      expect(await store().expireDue(a.partition, 2)).toBe(2);
      expect(await store().expireDue(a.partition, 2)).toBe(1);
      expect(await store().expireDue(a.partition, 2)).toBe(0);
      expect((await a.map()).slice(0, 6)).toBe('000010');
      expect(await store().findHold(a.event, lives.hold)).not.toBeNull();
    });

    test('a hold that ends before those made earlier is swept in its own time', async () => {
      const a = await alone(store());
      await a.held([1]);
      expect(await store().setRules(a.event, { ...a.plan.rules, holdMs: 300, payingMs: 1 })).toBe(true);
      await a.paying([2]);
      expect(
        await until(
          () => store().expireDue(a.partition, 100),
          (n) => n > 0,
        ),
      ).toBe(1);
      expect((await a.map()).slice(0, 4)).toBe('0100');
      const b = await alone(store(), { rules: { holdMs: 300_000 } });
      await b.held([1]);
      expect(await store().setRules(b.event, { ...b.plan.rules, holdMs: 1 })).toBe(true);
      await b.held([2]);
      expect(
        await until(
          () => store().expireDue(b.partition, 100),
          (n) => n > 0,
        ),
      ).toBe(1);
      expect((await b.map()).slice(0, 4)).toBe('0100');
    });

    test('[IN5] a command that meets an expired hold ends it first, as a transition of its own', async () => {
      const a = await alone(store(), BRIEF);
      const stale = await a.held([1, 2]);
      await ended(a, stale);
      const hold = granted(await a.hold([2, 3], { buyer: newBuyer() }));
      expect(hold.version).toBe(3);
      const { epoch } = (await store().snapshot(a.event))!;
      const kinds = (await store().since(a.event, epoch, 0))!.map(({ kind, places }) => [kind, places]);
      expect(kinds).toEqual([
        ['hold', [1, 2]],
        ['expire', [1, 2]],
        ['hold', [2, 3]],
      ]);
    });

    test("[IN5] expired holds stand in no one's way: best available, caps, orphans, blocking", async () => {
      const a = await alone(store(), {
        places: 4,
        rules: { ...BRIEF.rules, maxPerBuyer: 4, noOrphans: true },
      });
      await ended(a, await a.held([0, 1, 2, 3]));
      const best = granted(await a.best(4, [{ first: 0, count: 4, price: 1 }]));
      expect(best).toMatchObject({ version: 3, places: [0, 1, 2, 3] });
      await ended(a, best);
      const capped = granted(await a.hold([0, 1]));
      expect(capped.version).toBe(5);
      await ended(a, capped);
      const orphan = granted(await a.hold([3], { buyer: newBuyer() }));
      await ended(a, orphan);
      expect(granted(await store().block({ event: a.event, places: [2, 3] })).places).toEqual([2, 3]);
    });

    test("a buyer's expired places no longer count", async () => {
      const a = await alone(store(), { rules: { ...BRIEF.rules, maxPerBuyer: 2 } });
      await ended(a, await a.held([1, 2]));
      await until(
        () => store().expireDue(a.partition, 100),
        (n) => n > 0,
      );
      granted(await a.hold([5, 6]));
    });
  });
}
