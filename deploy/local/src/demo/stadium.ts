/** A closed stadium around a pitch, as large as asked: for load tests, and to show what 50,000 places feel like. */
import type { Chart, ChartId } from '@seatwire/protocol';
import { drawTier, type Leg, type Tier } from './bowl.ts';
import { box, type DrawnSection, placesOf, plan } from './plan.ts';

const SEAT = 10;
const ROW = 12;
/** Rows of the three tiers in a stadium of full height, and the walkways before them. */
const TIERS = [
  { rows: 26, gap: 40, name: 'lower' },
  { rows: 16, gap: 44, name: 'club' },
  { rows: 34, gap: 44, name: 'upper' },
] as const;

/** Exactly `places` of them: seats as far as whole rows go, the rest stands on the terrace behind one goal. At least 5,000. */
export function largeStadium(places = 50_000): Chart {
  if (!Number.isSafeInteger(places) || places < 5000)
    throw new RangeError('a stadium has 5,000 places or more');
  // The ground grows with the crowd, then rows are taken off until the seats leave some standing.
  const scale = Math.sqrt(places / 50_000);
  let height = 1;
  let drawn = drawStadium(scale, height, 1);
  const enough = () => places - (placesOf(drawn) - 1);
  while (enough() < places * 0.02) {
    height *= 0.985;
    drawn = drawStadium(scale, height, 1);
  }
  return plan({
    id: '01980000-0000-7000-8000-00000000c050' as ChartId,
    name: `National Stadium, ${places.toLocaleString('en')} places`,
    categories: [
      { key: 'club', name: 'Club tier', color: '#e8a33d' },
      { key: 'lower', name: 'Lower tier', color: '#3fa796' },
      { key: 'ends', name: 'Behind the goals', color: '#4a8fd9' },
      { key: 'upper', name: 'Upper tier', color: '#8f7ae0' },
      { key: 'terrace', name: 'Standing terrace', color: '#e0607e' },
    ],
    sections: drawStadium(scale, height, enough()),
    stage: {
      outline: box(-pitch.half * scale, -pitch.wide * scale, 2 * pitch.half * scale, 2 * pitch.wide * scale),
      label: 'Pitch',
    },
    margin: 60,
  });
}

const pitch = { half: 525, wide: 340 };

function drawStadium(scale: number, height: number, standing: number): DrawnSection[] {
  const path = around((pitch.half + 40) * scale, (pitch.wide + 40) * scale, 160 * scale, scale);
  let offset = 0;
  return TIERS.flatMap(({ rows, gap, name }, floor) => {
    const tier: Tier = {
      floor,
      offset: offset + gap,
      rows: Math.max(3, Math.round(rows * scale * height)),
      rowPitch: ROW,
      seatPitch: SEAT,
      aisle: 12,
      longestRun: 24,
      slots: (leg) => leg.slots + (leg.kind === 'corner' ? floor * 2 : 0),
      rowLabel: (row) => String(row + 1),
      section: (slot, slots) => describe(name, floor, slot, slots, standing),
    };
    offset = tier.offset + (tier.rows - 1) * ROW;
    return drawTier(path, tier);
  });
}

function describe(
  tier: (typeof TIERS)[number]['name'],
  floor: number,
  slot: number,
  slots: number,
  standing: number,
): ReturnType<Tier['section']> {
  const id = String((floor + 1) * 100 + slot + 1);
  // The path starts at the top of the left end: half an end, corner, side, corner, end, corner, side, corner, half an end.
  const goal = Math.abs(Math.cos((2 * Math.PI * (slot + 0.5)) / slots));
  if (tier === 'lower' && slot === Math.floor(slots / 2))
    return { id, name: 'Standing terrace', category: 'terrace', rank: 90, standing };
  const category = tier === 'lower' && goal > 0.8 ? 'ends' : tier;
  const base = { club: 0, lower: 10, ends: 30, upper: 40 }[category];
  return { id, name: `Block ${id}`, category, rank: base + goal };
}

/** A closed rounded rectangle, walked down the left, along the bottom, up the right, back along the top; cut in the middle of the left end. */
function around(halfWidth: number, halfHeight: number, radius: number, scale: number): Leg[] {
  const [w, h] = [halfWidth - radius, halfHeight - radius];
  const slots = (n: number) => Math.max(1, Math.round(n * scale));
  const quarter = Math.PI / 2;
  const corner = (x: number, y: number, from: number): Leg => ({
    kind: 'corner',
    centre: [x, y],
    radius,
    from,
    to: from - quarter,
    slots: slots(2),
  });
  return [
    { kind: 'straight', from: [-halfWidth, 0], to: [-halfWidth, h], slots: slots(1) },
    corner(-w, h, 2 * quarter),
    { kind: 'straight', from: [-w, halfHeight], to: [w, halfHeight], slots: slots(5) },
    corner(w, h, quarter),
    { kind: 'straight', from: [halfWidth, h], to: [halfWidth, -h], slots: slots(3) },
    corner(w, -h, 0),
    { kind: 'straight', from: [w, -halfHeight], to: [-w, -halfHeight], slots: slots(5) },
    corner(-w, -h, -quarter),
    { kind: 'straight', from: [-halfWidth, -h], to: [-halfWidth, 0], slots: slots(1) },
  ];
}
