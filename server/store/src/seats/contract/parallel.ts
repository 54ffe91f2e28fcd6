/** Many at once: one winner a place, and no cap overrun. */
import { describe, expect, test } from 'vitest';
import type { SeatStore } from '../seat-store.ts';
import { arena, newBuyer } from './fixture.ts';

export function parallelContract(store: () => SeatStore): void {
  describe('in parallel', () => {
    test('[IN2] of 200 buyers who want the same place at once one gets it', async () => {
      const a = await arena(store());
      const results = await Promise.all(
        Array.from({ length: 200 }, () => a.hold([7], { buyer: newBuyer() })),
      );
      expect(results.filter(({ ok }) => ok)).toHaveLength(1);
      for (const result of results)
        if (!result.ok) expect(result).toEqual({ ok: false, code: 'place_taken', places: [7] });
    });

    test('[IN2] buyers whose wishes overlap never share a place', async () => {
      const a = await arena(store());
      const wishes = Array.from({ length: 200 }, (_, i) => [i % 38, (i % 38) + 1, (i % 38) + 2]);
      const results = await Promise.all(wishes.map((places) => a.hold(places, { buyer: newBuyer() })));
      const places = results.flatMap((result) => (result.ok ? result.places : []));
      expect(new Set(places).size).toBe(places.length);
      expect((await a.map()).replaceAll('0', '')).toHaveLength(places.length);
    });

    test("one buyer's 200 commands at once stay within the cap", async () => {
      const a = await arena(store(), { places: 400, rules: { maxPerBuyer: 7 } });
      const named = Array.from({ length: 100 }, (_, i) => a.hold([2 * i, 2 * i + 1]));
      const best = Array.from({ length: 100 }, () => a.best(1, [{ first: 200, count: 200, price: 1 }]));
      const results = await Promise.all([...named, ...best]);
      const places = results.flatMap((result) => (result.ok ? result.places : []));
      expect(places).toHaveLength(7);
      expect(new Set(results.flatMap((result) => (result.ok ? [] : [result.code])))).toEqual(
        new Set(['buyer_limit']),
      );
    });

    test('best available under fire gives every place once, and says so when they are gone', async () => {
      const a = await arena(store(), { places: 90 });
      const stretches = [{ first: 0, count: 90, price: 1 }];
      const results = await Promise.all(
        Array.from({ length: 50 }, () => a.best(2, stretches, { buyer: newBuyer(), together: false })),
      );
      const places = results.flatMap((result) => (result.ok ? result.places : []));
      expect(new Set(places).size).toBe(90);
      expect(results.filter(({ ok }) => !ok)).toHaveLength(5);
    });
  });
}
