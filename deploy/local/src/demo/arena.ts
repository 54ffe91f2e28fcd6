/** The demo's main hall: an end-stage concert in an arena of about 9,000, with a standing pit, floor blocks and two tiers of bowl. */
import type { Chart, ChartId, Point } from '@seatwire/protocol';
import { drawTier, type Leg, type Tier } from './bowl.ts';
import { box, type DrawnRun, type DrawnSection, letters, plan } from './plan.ts';

const SEAT = 10;
const ROW = 12;
/** Half width of the floor; half width and end of its straight sides; radius of its rear corners. */
const FLOOR = { half: 330, straight: 210, top: -470, bottom: 290, corner: 120 };

export function demoArena(): Chart {
  return plan({
    id: '01980000-0000-7000-8000-00000000c001' as ChartId,
    name: 'Harbour Arena, end stage',
    categories: [
      { key: 'pit', name: 'Front standing', color: '#e0607e' },
      { key: 'floor', name: 'Floor seats', color: '#e8a33d' },
      { key: 'lower-prime', name: 'Lower bowl, prime', color: '#3fa796' },
      { key: 'lower', name: 'Lower bowl', color: '#4a8fd9' },
      { key: 'upper', name: 'Upper bowl', color: '#8f7ae0' },
    ],
    sections: [pit(), ...floorBlocks(), ...drawTier(path, lower), ...drawTier(path, upper)],
    stage: { outline: stageOutline, label: 'Stage' },
    margin: 40,
  });
}

/** A main stage with a runway into the pit. */
const stageOutline: readonly Point[] = [
  [-250, -600],
  [250, -600],
  [280, -560],
  [280, -470],
  [150, -440],
  [30, -430],
  [30, -360],
  [50, -345],
  [50, -310],
  [30, -295],
  [-30, -295],
  [-50, -310],
  [-50, -345],
  [-30, -360],
  [-30, -430],
  [-150, -440],
  [-280, -470],
  [-280, -560],
];

function pit(): DrawnSection {
  return {
    id: 'PIT',
    name: 'Front standing',
    kind: 'ga',
    category: 'pit',
    floor: 0,
    rank: 2,
    standing: 600,
    label: [0, -245],
    runs: [],
    outline: [
      [-290, -425],
      [-160, -412],
      [-70, -402],
      [-70, -280],
      [70, -280],
      [70, -402],
      [160, -412],
      [290, -425],
      [290, -215],
      [-290, -215],
    ],
  };
}

/** Three columns of three blocks, the middle one of the last row left to the mixing desk. The side columns turn towards the stage. */
function floorBlocks(): DrawnSection[] {
  const columns = [
    { letter: 'A', x: -195, turn: 0.1 },
    { letter: 'B', x: 0, turn: 0 },
    { letter: 'C', x: 195, turn: -0.1 },
  ];
  const [rows, seats] = [11, 15];
  const blocks: DrawnSection[] = [];
  for (const depth of [0, 1, 2]) {
    for (const column of columns) {
      if (depth === 2 && column.letter === 'B') continue;
      const centre: Point = [column.x, -105 + depth * 168 - Math.abs(column.turn) * 60];
      const [width, height] = [(seats - 1) * SEAT, (rows - 1) * ROW];
      const turned = ([x, y]: Point): Point => [
        centre[0] + x * Math.cos(column.turn) - y * Math.sin(column.turn),
        centre[1] + x * Math.sin(column.turn) + y * Math.cos(column.turn),
      ];
      blocks.push({
        id: `${column.letter}${depth + 1}`,
        name: `Floor ${column.letter}${depth + 1}`,
        kind: 'seats',
        category: 'floor',
        floor: 0,
        rank: (column.letter === 'B' ? 0 : 1) + depth * 2,
        label: centre,
        outline: box(-width / 2 - 9, -height / 2 - 9, width + 18, height + 18, 4).map(turned),
        runs: Array.from({ length: rows }, (_, row): DrawnRun => {
          const y = -height / 2 + row * ROW;
          return {
            label: letters(depth * rows + row),
            count: seats,
            number: 1,
            shape: { kind: 'line', from: turned([-width / 2, y]), to: turned([width / 2, y]), bend: 0 },
          };
        }),
      });
    }
  }
  return blocks;
}

/** Open at the stage end. */
const path: readonly Leg[] = [
  {
    kind: 'straight',
    from: [-FLOOR.half, FLOOR.top],
    to: [-FLOOR.half, FLOOR.bottom],
    slots: 4,
  },
  {
    kind: 'corner',
    centre: [-FLOOR.straight, FLOOR.bottom],
    radius: FLOOR.corner,
    from: Math.PI,
    to: Math.PI / 2,
    slots: 2,
  },
  {
    kind: 'straight',
    from: [-FLOOR.straight, FLOOR.bottom + FLOOR.corner],
    to: [FLOOR.straight, FLOOR.bottom + FLOOR.corner],
    slots: 2,
  },
  {
    kind: 'corner',
    centre: [FLOOR.straight, FLOOR.bottom],
    radius: FLOOR.corner,
    from: Math.PI / 2,
    to: 0,
    slots: 2,
  },
  {
    kind: 'straight',
    from: [FLOOR.half, FLOOR.bottom],
    to: [FLOOR.half, FLOOR.top],
    slots: 4,
  },
];

/** 0 beside the stage, 1 facing it from the far end. */
const facing = (slot: number, slots: number): number => 1 - Math.abs((2 * slot) / (slots - 1) - 1);

const lower: Tier = {
  floor: 0,
  offset: 30,
  rows: 14,
  rowPitch: ROW,
  seatPitch: SEAT,
  aisle: 11,
  longestRun: 24,
  slots: (leg) => leg.slots,
  rowLabel: (row) => String(row + 1),
  section: (slot, slots) => {
    const from = facing(slot, slots);
    const prime = from > 0.1 && from < 0.55;
    return {
      id: String(101 + slot),
      name: `Section ${101 + slot}`,
      category: prime ? 'lower-prime' : 'lower',
      // The middle of the long sides sees best; then the far end, then beside the stage.
      rank: prime ? 10 + Math.abs(from - 0.35) : from > 0.5 ? 20 - from : 22,
    };
  },
};

const upper: Tier = {
  ...lower,
  floor: 1,
  offset: lower.offset + lower.rows * ROW + 36,
  rows: 12,
  longestRun: 17,
  slots: (leg) => (leg.kind === 'corner' ? 4 : leg.slots),
  section: (slot, slots) => ({
    id: String(201 + slot),
    name: `Section ${201 + slot}`,
    category: 'upper',
    rank: 40 + Math.abs(facing(slot, slots) - 0.6),
  }),
};
