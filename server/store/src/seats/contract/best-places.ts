/** Best available and the orphan rule, on maps drawn as text: `.` free, `x` taken, `|` a run starts. */
import { describe, expect, test } from 'vitest';
import type { SeatStore } from '../seat-store.ts';
import { type Arena, arena } from './fixture.ts';

/** `xx..|...` into an event of 7 places in two runs. */
async function drawn(store: SeatStore, drawing: string, noOrphans: boolean): Promise<Arena> {
  const runs = drawing.split('|');
  const runStarts = runs.map((_, i) => runs.slice(0, i).join('').length);
  const places = [...runs.join('')];
  const blocked = places.flatMap((mark, place) => (mark === 'x' ? [place] : []));
  return arena(store, { places: places.length, runStarts, blocked, rules: { noOrphans } });
}

const whole = [{ first: 0, count: 1_000, price: 5 }];

export function bestPlacesContract(store: () => SeatStore): void {
  describe('best available', () => {
    const together: [string, number, number[]][] = [
      ['.......', 1, [3]],
      ['.......', 3, [2, 3, 4]],
      ['......', 2, [2, 3]],
      ['...xx..', 2, [1, 2]],
      ['..xxx...', 2, [5, 6]],
      ['.xxx.....', 3, [4, 5, 6]],
      ['..|..|..', 2, [2, 3]],
      ['...|...', 2, [3, 4]],
      ['.x.x.x..', 2, [6, 7]],
      ['....xxxxxxx', 4, [0, 1, 2, 3]],
    ];
    for (const [drawing, count, places] of together) {
      test(`best available of ${drawing}: the best ${count} together are ${places.join()}`, async () => {
        const a = await drawn(store(), drawing, false);
        expect(await a.best(count, whole)).toMatchObject({ ok: true, places, prices: places.map(() => 5) });
      });
    }

    test('the first stretch that has the block wins, at its own price, and blocks do not cross runs or stretches', async () => {
      const a = await drawn(store(), '.x..|...x|.....', false);
      const stretches = [
        { first: 0, count: 4, price: 90 },
        { first: 4, count: 4, price: 80 },
        { first: 8, count: 5, price: 70 },
      ];
      expect(await a.best(3, stretches)).toMatchObject({ places: [4, 5, 6], prices: [80, 80, 80] });
      expect(await a.best(3, stretches)).toMatchObject({ places: [9, 10, 11], prices: [70, 70, 70] });
      expect(await a.best(3, stretches)).toEqual({ ok: false, code: 'not_together' });
      expect(await a.best(4, stretches.slice(0, 2))).toEqual({ ok: false, code: 'not_enough_places' });
      expect(await a.best(2, stretches)).toMatchObject({ places: [2, 3], prices: [90, 90] });
    });

    test('best available apart takes the first free places of the stretches, each at its own price, none twice', async () => {
      const a = await drawn(store(), '.x.x|.....', false);
      const stretches = [
        { first: 5, count: 1, price: 70 },
        { first: 4, count: 2, price: 60 },
        { first: 0, count: 4, price: 90 },
      ];
      const found = await a.best(3, stretches, { together: false });
      expect(found).toMatchObject({ places: [0, 4, 5], prices: [90, 60, 70], amount: 220 });
      expect(await a.best(2, stretches, { together: false })).toEqual({
        ok: false,
        code: 'not_enough_places',
      });
    });

    test('many small stretches of a large map are searched in order', async () => {
      const rows = Array.from({ length: 400 }, (_, row) => row * 50);
      const blocked = rows.slice(0, 399).flatMap((first) => Array.from({ length: 49 }, (_, i) => first + i));
      const a = await arena(store(), { places: 20_000, runStarts: rows, blocked });
      const stretches = rows.map((first) => ({ first, count: 50, price: first }));
      expect(await a.best(2, stretches)).toMatchObject({ places: [19_974, 19_975] });
      expect(await a.best(2, stretches.toReversed(), { together: false })).toMatchObject({
        places: [19_950, 19_951],
      });
    });

    test('a stretch that reaches beyond the map ends with it', async () => {
      const a = await drawn(store(), '....', false);
      expect(await a.best(1, [{ first: 2, count: 500, price: 1 }])).toMatchObject({ places: [2] });
      expect(await a.best(1, [{ first: 4, count: 5, price: 1 }])).toEqual({
        ok: false,
        code: 'not_enough_places',
      });
    });

    const sparing: [string, number, number[]][] = [
      // The middle one would leave a seat alone at each side.
      ['...', 1, [2]],
      ['.....', 3, [2, 3, 4]],
      ['...|.....', 2, [3, 4]],
      // A gap one larger than the wish leaves one alone however it is taken.
      ['xx..xx', 1, [2]],
      ['...', 2, [0, 1]],
    ];
    for (const [drawing, count, places] of sparing) {
      test(`best available of ${drawing}, with no orphans: the best ${count} together are ${places.join()}`, async () => {
        const a = await drawn(store(), drawing, true);
        expect(await a.best(count, whole)).toMatchObject({ ok: true, places });
      });
    }

    test('another stretch is preferred to an orphan, and an orphan to nothing', async () => {
      const a = await drawn(store(), '...|....', true);
      const stretches = [
        { first: 1, count: 1, price: 9 },
        { first: 3, count: 4, price: 8 },
      ];
      expect(await a.best(1, stretches.slice(0, 1), {})).toMatchObject({ places: [1] });
      const b = await drawn(store(), '...|....', true);
      expect(await b.best(1, stretches, {})).toMatchObject({ places: [3] });
    });
  });

  describe('orphans', () => {
    const cases: [string, number[], number[] | 'granted'][] = [
      ['....', [1], [0]],
      ['....', [2], [3]],
      ['...', [1], [0, 2]],
      ['....', [0], 'granted'],
      ['.....', [1, 3], [0, 2, 4]],
      ['.....', [0, 2], [1]],
      ['xx..xx', [2], 'granted'],
      ['x...x', [2], [1, 3]],
      ['x....x', [2], [1]],
      ['x....x', [2, 3], [1, 4]],
      ['..|..', [1, 2], 'granted'],
      ['...|...', [1, 3], [0, 2]],
      ['....|....', [1, 4], [0]],
      ['.....', [2, 3], [4]],
      ['......', [2, 3], 'granted'],
    ];
    for (const [drawing, places, orphans] of cases) {
      const word = orphans === 'granted' ? 'is granted' : `would leave ${orphans.join()} alone`;
      test(`by the orphan rule of ${drawing}, ${places.join()} ${word}`, async () => {
        const a = await drawn(store(), drawing, true);
        const result = await a.hold(places);
        if (orphans === 'granted') expect(result).toMatchObject({ ok: true });
        else expect(result).toEqual({ ok: false, code: 'orphan_seat', places: orphans });
        const b = await drawn(store(), drawing, false);
        expect(await b.hold(places)).toMatchObject({ ok: true });
      });
    }
  });
}
