/** A small theatre of about 300: cabaret tables before the stage, bent rows of stalls, boxes at the sides and a balcony. */
import type { Chart, ChartId, Point } from '@seatwire/protocol';
import { around, box, type DrawnRun, type DrawnSection, letters, plan } from './plan.ts';

const SEAT = 10;
const ROW = 13;

export function smallTheatre(): Chart {
  return plan({
    id: '01980000-0000-7000-8000-00000000c003' as ChartId,
    name: 'The Lantern Theatre',
    categories: [
      { key: 'table', name: 'Cabaret tables', color: '#e0607e' },
      { key: 'stalls', name: 'Stalls', color: '#e8a33d' },
      { key: 'box', name: 'Boxes', color: '#3fa796' },
      { key: 'balcony', name: 'Balcony', color: '#4a8fd9' },
    ],
    sections: [tables(), ...stalls(), ...boxes(), balcony()],
    stage: { outline: apron(), label: 'Stage' },
    margin: 24,
  });
}

/** A stage whose front edge bows towards the audience. */
function apron(): Point[] {
  const front = Array.from({ length: 13 }, (_, i): Point => {
    const t = i / 12;
    return [130 - 260 * t, -62 + 22 * 4 * t * (1 - t)];
  });
  return [[-110, -110], [110, -110], ...front];
}

function tables(): DrawnSection {
  const spots: Point[] = [
    [-114, 16],
    [-68, 22],
    [-23, 24],
    [23, 24],
    [68, 22],
    [114, 16],
    [-91, 60],
    [-46, 65],
    [0, 67],
    [46, 65],
    [91, 60],
  ];
  return {
    id: 'TABLES',
    name: 'Cabaret tables',
    kind: 'tables',
    category: 'table',
    floor: 0,
    rank: 0,
    label: [0, 44],
    outline: box(-140, -8, 280, 98, 14),
    runs: spots.map((centre, i) => ({
      label: `Table ${i + 1}`,
      count: 6,
      number: 1,
      shape: { kind: 'ring', centre, radius: 14 },
    })),
  };
}

/** Left, centre and right of two aisles, ten rows, each row one seat longer than two before. */
function stalls(): DrawnSection[] {
  const rows = 9;
  const wings = [
    { id: 'SL', name: 'Stalls left', side: -1 },
    { id: 'SC', name: 'Stalls centre', side: 0 },
    { id: 'SR', name: 'Stalls right', side: 1 },
  ];
  return wings.map(({ id, name, side }): DrawnSection => {
    const runs = Array.from({ length: rows }, (_, row): DrawnRun => {
      const y = 118 + row * ROW;
      const count = side === 0 ? 8 : 4 + Math.floor(row / 3);
      const half = ((count - 1) * SEAT) / 2;
      const x = side * (60 + half);
      // The rows fan out: wings rise towards the stage at their far ends.
      const rise = side * -0.22 * half;
      return {
        label: letters(row),
        count,
        number: side === -1 ? 1 : side === 0 ? 101 : 201,
        shape: {
          kind: 'line',
          from: [x - half, y - Math.abs(side) * 4 - rise],
          to: [x + half, y - Math.abs(side) * 4 + rise],
          bend: side === 0 ? 3 : 1,
        },
      };
    });
    return {
      id,
      name,
      kind: 'seats',
      category: 'stalls',
      floor: 0,
      rank: side === 0 ? 1 : 2,
      label: [side * 84, 118 + ((rows - 1) * ROW) / 2],
      outline: around(
        runs.map((run) => [run]),
        8,
      ),
      runs,
    };
  });
}

/** Three boxes of four on each wall. */
function boxes(): DrawnSection[] {
  return [-1, 1].flatMap((side) =>
    [0, 1, 2].map((i): DrawnSection => {
      const [x, y] = [side * 172, 8 + i * 52];
      return {
        id: `BOX${side < 0 ? i + 1 : i + 4}`,
        name: `Box ${side < 0 ? i + 1 : i + 4}`,
        kind: 'seats',
        category: 'box',
        floor: 1,
        rank: 3 + i,
        label: [x, y],
        outline: box(x - 15, y - 20, 30, 40, 6),
        runs: [
          { label: '1', count: 2, number: 1, shape: pair(x - side * 6, y) },
          { label: '2', count: 2, number: 3, shape: pair(x + side * 6, y) },
        ],
      };
    }),
  );
}

const pair = (x: number, y: number): DrawnRun['shape'] => ({
  kind: 'line',
  from: [x, y - 7],
  to: [x, y + 7],
  bend: 0,
});

function balcony(): DrawnSection {
  const rows = Array.from({ length: 4 }, (_, row): DrawnRun[] => {
    const y = 272 + row * ROW;
    const count = 9 + Math.floor(row / 2);
    const half = (count - 1) * SEAT;
    return [-1, 1].map((side) => ({
      label: letters(row),
      count,
      number: side < 0 ? 1 : count + 1,
      shape: {
        kind: 'line',
        from: side < 0 ? [-half - 12, y - 20] : [12, y],
        to: side < 0 ? [-12, y] : [half + 12, y - 20],
        bend: 5,
      },
    }));
  });
  return {
    id: 'BALCONY',
    name: 'Balcony',
    kind: 'seats',
    category: 'balcony',
    floor: 1,
    rank: 9,
    label: [0, 292],
    outline: around(rows, 9),
    runs: rows.flat(),
  };
}
