import type { Chart, ChartId } from '@seatwire/protocol';
import { describe, expect, test } from 'vitest';
import { nearestFree } from '../picker/nearest-free.ts';
import { hitGrid, inside } from './hit-grid.ts';
import { layOut, placeLabel, sectionAt } from './layout.ts';

/** Two rows of five seats, a round table of four, and a standing area of ten. */
const chart: Chart = {
  id: '01980000-0000-7000-8000-000000000001' as ChartId,
  name: 'Test hall',
  width: 200,
  height: 200,
  places: 24,
  categories: [
    { key: 'a', name: 'A', color: '#112233' },
    { key: 'b', name: 'B', color: '#445566' },
  ],
  sections: [
    {
      id: 'S',
      name: 'Stalls',
      kind: 'seats',
      category: 'a',
      floor: 0,
      outline: [
        [0, 0],
        [60, 0],
        [60, 30],
        [0, 30],
      ],
      label: [30, 15],
      first: 0,
      count: 10,
      runs: [
        {
          label: '1',
          first: 0,
          count: 5,
          number: 1,
          shape: { kind: 'line', from: [10, 10], to: [50, 10], bend: 0 },
        },
        {
          label: '2',
          first: 5,
          count: 5,
          number: 21,
          shape: { kind: 'line', from: [10, 20], to: [50, 20], bend: 0 },
        },
      ],
    },
    {
      id: 'T',
      name: 'Tables',
      kind: 'tables',
      category: 'b',
      floor: 0,
      outline: [
        [80, 80],
        [120, 80],
        [120, 120],
        [80, 120],
      ],
      label: [100, 100],
      first: 10,
      count: 4,
      runs: [
        {
          label: '7',
          first: 10,
          count: 4,
          number: 1,
          shape: { kind: 'ring', centre: [100, 100], radius: 12 },
        },
      ],
    },
    {
      id: 'G',
      name: 'Standing',
      kind: 'ga',
      category: 'b',
      floor: 0,
      outline: [
        [0, 150],
        [200, 150],
        [200, 200],
        [0, 200],
      ],
      label: [100, 175],
      first: 14,
      count: 10,
      runs: [],
    },
  ],
  stage: {
    outline: [
      [80, 0],
      [120, 0],
      [100, 20],
    ],
    label: 'Stage',
  },
};
const layout = layOut(chart);
const grid = hitGrid(layout);

describe('layout', () => {
  test('the layout places every seat of a run, and no general admission', () => {
    expect([layout.x[0], layout.y[0]]).toEqual([10, 10]);
    expect([layout.x[9], layout.y[9]]).toEqual([50, 20]);
    expect(layout.x[10]).toBeCloseTo(100);
    expect(layout.y[10]).toBeCloseTo(88);
    expect(layout.x.subarray(14).every(Number.isNaN)).toBe(true);
  });

  test('the layout knows each place by its section, category and printed number', () => {
    expect([layout.sectionOf[4], layout.sectionOf[12], layout.sectionOf[20]]).toEqual([0, 1, 2]);
    expect([layout.categoryOf[0], layout.categoryOf[10]]).toEqual([0, 1]);
    expect([layout.number[0], layout.number[5], layout.number[20]]).toEqual([1, 21, 0]);
  });

  test('the layout says a place as its ticket does', () => {
    expect(placeLabel(chart, 7)).toBe('Stalls · Row 2 · Seat 23');
    expect(placeLabel(chart, 11)).toBe('Tables · Table 7 · Seat 2');
    expect(placeLabel(chart, 20)).toBe('Standing');
    expect(sectionAt(chart, 99)).toBeUndefined();
  });

  test('[CD18] a table whose chart calls it "Table 7" is called so once', () => {
    const named = structuredClone(chart) as { sections: { runs: { label: string }[] }[] };
    named.sections[1]!.runs[0]!.label = 'Table 7';
    expect(placeLabel(named as unknown as Chart, 11)).toBe('Tables · Table 7 · Seat 2');
  });
});

describe('hit grid', () => {
  test('the hit grid finds the seat under a point, and nothing where there is none', () => {
    expect(grid.at(30.5, 10.4, 4)).toBe(2);
    expect(grid.at(150, 50, 4)).toBeNull();
  });

  test('the hit grid agrees with looking at every seat', () => {
    for (let x = 0; x < 200; x += 7) {
      for (let y = 0; y < 200; y += 7) {
        const near = [...Array(14).keys()].filter((p) => Math.hypot(layout.x[p]! - x, layout.y[p]! - y) <= 9);
        near.sort(
          (a, b) =>
            Math.hypot(layout.x[a]! - x, layout.y[a]! - y) - Math.hypot(layout.x[b]! - x, layout.y[b]! - y),
        );
        const found = grid.at(x, y, 9);
        if (near.length === 0) expect(found).toBeNull();
        else
          expect(Math.hypot(layout.x[found!]! - x, layout.y[found!]! - y)).toBeCloseTo(
            Math.hypot(layout.x[near[0]!]! - x, layout.y[near[0]!]! - y),
          );
      }
    }
  });

  test('arrows lead along the row, to the row behind, and on across a gap', () => {
    expect(grid.towards(1, 1, 0)).toBe(2);
    expect(grid.towards(1, 0, 1)).toBe(6);
    expect(grid.towards(0, -1, 0)).toBeNull();
    expect(layout.sectionOf[grid.towards(9, 0, 1)!]).toBe(1);
  });
});

test('a polygon knows its inside', () => {
  const outline = chart.sections[2]!.outline;
  expect(inside(outline, 100, 175)).toBe(true);
  expect(inside(outline, 100, 140)).toBe(false);
});

test('the nearest free seat is of the same section', () => {
  expect(nearestFree(layout, 2, (place) => place !== 1 && place !== 3)).toBe(7);
  expect(nearestFree(layout, 2, () => false)).toBeNull();
});
