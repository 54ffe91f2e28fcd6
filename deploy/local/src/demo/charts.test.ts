import { type Chart, chart as chartSchema, type Point, seatPoint } from '@seatwire/protocol';
import { describe, expect, test } from 'vitest';
import { demoArena } from './arena.ts';
import { largeStadium } from './stadium.ts';
import { smallTheatre } from './theatre.ts';

const charts: [string, () => Chart, [number, number]][] = [
  ['the arena', demoArena, [8000, 10_000]],
  ['the stadium', largeStadium, [50_000, 50_000]],
  ['a smaller stadium', () => largeStadium(12_345), [12_345, 12_345]],
  ['the theatre', smallTheatre, [280, 340]],
];

describe.each(charts)('%s', (name, draw, [fewest, most]) => {
  const drawn = draw();
  const runs = drawn.sections.flatMap((section) => section.runs);

  test(`the chart of ${name} has the size that it says`, () => {
    expect(chartSchema.safeParse(drawn).error).toBeUndefined();
    expect(drawn.places).toBeGreaterThanOrEqual(fewest);
    expect(drawn.places).toBeLessThanOrEqual(most);
  });

  test(`the chart of ${name} is the same each time, so that seeding twice is seeding once`, () => {
    expect(draw()).toEqual(drawn);
  });

  test(`the chart of ${name} hands out each place once: sections cover the chart, runs cover their section`, () => {
    let next = 0;
    for (const section of drawn.sections) {
      expect(section.first).toBe(next);
      next += section.count;
      if (section.kind === 'ga') expect(section.runs).toEqual([]);
      else {
        let seat = section.first;
        for (const run of section.runs) {
          expect(run.first).toBe(seat);
          seat += run.count;
        }
        expect(seat).toBe(next);
      }
    }
    expect(next).toBe(drawn.places);
  });

  test(`the chart of ${name} names each section and each seat once`, () => {
    expect(new Set(drawn.sections.map((s) => s.id)).size).toBe(drawn.sections.length);
    for (const section of drawn.sections) {
      const seats = section.runs.flatMap((run) =>
        Array.from({ length: run.count }, (_, i) => `${run.label} ${run.number + i}`),
      );
      expect(new Set(seats).size).toBe(seats.length);
    }
  });

  test(`the chart of ${name} uses every category, and only those it has`, () => {
    expect(new Set(drawn.sections.map((s) => s.category))).toEqual(
      new Set(drawn.categories.map((c) => c.key)),
    );
  });

  test(`the chart of ${name} keeps seats apart and on the page`, () => {
    const seats = runs.flatMap((run) => Array.from({ length: run.count }, (_, i) => seatPoint(run, i)));
    for (const [x, y] of seats) {
      expect(x > 0 && x < drawn.width && y > 0 && y < drawn.height).toBe(true);
    }
    expect(closest(seats)).toBeGreaterThan(8.5);
  });

  test(`the chart of ${name} draws each seat within the outline of its own section, and of no other on its floor`, () => {
    for (const section of drawn.sections) {
      const others = drawn.sections.filter((other) => other !== section && other.floor === section.floor);
      for (const run of section.runs) {
        for (const i of [0, run.count - 1]) {
          const seat = seatPoint(run, i);
          expect(inside(seat, section.outline), `${section.id} ${run.label}`).toBe(true);
          for (const other of others) expect(inside(seat, other.outline)).toBe(false);
        }
      }
    }
  });
});

test('a stadium for a village is refused', () => {
  expect(() => largeStadium(100)).toThrow(RangeError);
});

/** Distance of the two closest points, by a grid of 10 units. */
function closest(points: readonly Point[]): number {
  const grid = new Map<string, Point[]>();
  let least = Number.POSITIVE_INFINITY;
  for (const point of points) {
    const [cx, cy] = [Math.floor(point[0] / 10), Math.floor(point[1] / 10)];
    for (let x = cx - 1; x <= cx + 1; x++) {
      for (let y = cy - 1; y <= cy + 1; y++) {
        for (const other of grid.get(`${x},${y}`) ?? []) {
          least = Math.min(least, Math.hypot(point[0] - other[0], point[1] - other[1]));
        }
      }
    }
    const key = `${cx},${cy}`;
    grid.set(key, [...(grid.get(key) ?? []), point]);
  }
  return least;
}

function inside([x, y]: Point, outline: readonly Point[]): boolean {
  let odd = false;
  for (let i = 0, j = outline.length - 1; i < outline.length; j = i++) {
    const [xi, yi] = outline[i]!;
    const [xj, yj] = outline[j]!;
    if (yi > y !== yj > y && x < ((xj - xi) * (y - yi)) / (yj - yi) + xi) odd = !odd;
  }
  return odd;
}
