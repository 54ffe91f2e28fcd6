/**
 * The rounded bowl of an arena: a path of straights and corners around the floor, and tiers of sections standing outside it.
 * Rows run along the path in walking order (down the left side, across the bottom, up the right side), so outside is always to the
 * right of the walker and a corner row bends by a positive amount.
 */
import type { Point } from '@seatwire/protocol';
import type { DrawnRun, DrawnSection } from './plan.ts';

/** One straight or corner of the path, cut into `slots` sections. Angles in radians, y down: pi/2 is the bottom. */
export type Leg =
  | { readonly kind: 'straight'; readonly from: Point; readonly to: Point; readonly slots: number }
  | {
      readonly kind: 'corner';
      readonly centre: Point;
      readonly radius: number;
      /** Walked from the larger angle to the smaller. */
      readonly from: number;
      readonly to: number;
      readonly slots: number;
    };

export interface Tier {
  readonly floor: number;
  /** Distance of the first row from the path. */
  readonly offset: number;
  readonly rows: number;
  readonly rowPitch: number;
  readonly seatPitch: number;
  /** Free units on each side of a section: half an aisle. */
  readonly aisle: number;
  /** Rows of more seats than this have an aisle in the middle. */
  readonly longestRun: number;
  readonly slots: (leg: Leg) => number;
  readonly rowLabel: (row: number) => string;
  /** `slot` counts from 0 along the whole path. */
  readonly section: (
    slot: number,
    slots: number,
  ) => Pick<DrawnSection, 'id' | 'name' | 'category' | 'rank'> & { readonly standing?: number };
}

/** A section's piece of the path: the point at fraction `t` of it, `offset` units outside, and its length there. */
interface Piece {
  readonly point: (t: number, offset: number) => Point;
  readonly length: (offset: number) => number;
  /** How far the middle of the piece between fractions t0 and t1 stands out from its chord. */
  readonly sagitta: (t0: number, t1: number, offset: number) => number;
  readonly bent: boolean;
}

export function drawTier(path: readonly Leg[], tier: Tier): DrawnSection[] {
  const pieces = path.flatMap((leg) => cut(leg, tier.slots(leg)));
  return pieces.map((piece, slot) => {
    const about = tier.section(slot, pieces.length);
    const standing = about.standing;
    const runs =
      standing === undefined
        ? Array.from({ length: tier.rows }, (_, row) => drawRow(piece, tier, row)).flat()
        : [];
    return {
      ...about,
      kind: standing === undefined ? 'seats' : 'ga',
      floor: tier.floor,
      outline: outlineOf(piece, tier),
      label: piece.point(0.5, tier.offset + ((tier.rows - 1) * tier.rowPitch) / 2),
      runs,
    };
  });
}

function cut(leg: Leg, slots: number): Piece[] {
  return Array.from({ length: slots }, (_, i) =>
    leg.kind === 'straight'
      ? straight(mix(leg.from, leg.to, i / slots), mix(leg.from, leg.to, (i + 1) / slots))
      : corner(
          leg.centre,
          leg.radius,
          leg.from + ((leg.to - leg.from) * i) / slots,
          leg.from + ((leg.to - leg.from) * (i + 1)) / slots,
        ),
  );
}

const mix = (a: Point, b: Point, t: number): Point => [a[0] + (b[0] - a[0]) * t, a[1] + (b[1] - a[1]) * t];

function straight(from: Point, to: Point): Piece {
  const length = Math.hypot(to[0] - from[0], to[1] - from[1]);
  const out: Point = [-(to[1] - from[1]) / length, (to[0] - from[0]) / length];
  return {
    point: (t, offset) => {
      const [x, y] = mix(from, to, t);
      return [x + out[0] * offset, y + out[1] * offset];
    },
    length: () => length,
    sagitta: () => 0,
    bent: false,
  };
}

function corner(centre: Point, radius: number, from: number, to: number): Piece {
  const angle = (t: number) => from + (to - from) * t;
  return {
    point: (t, offset) => [
      centre[0] + (radius + offset) * Math.cos(angle(t)),
      centre[1] + (radius + offset) * Math.sin(angle(t)),
    ],
    length: (offset) => (radius + offset) * Math.abs(to - from),
    sagitta: (t0, t1, offset) => (radius + offset) * (1 - Math.cos((Math.abs(to - from) * (t1 - t0)) / 2)),
    bent: true,
  };
}

/** One row of a section: one run, or two with an aisle of one seat between them. Seats stay on the pitch, centred in the room there is. */
function drawRow(piece: Piece, tier: Tier, row: number): DrawnRun[] {
  const offset = tier.offset + row * tier.rowPitch;
  const length = piece.length(offset);
  const room = Math.max(1, Math.floor((length - 2 * tier.aisle) / tier.seatPitch) + 1);
  const split = room > tier.longestRun;
  const counts = split ? [Math.ceil((room - 1) / 2), Math.floor((room - 1) / 2)] : [room];
  const start = (length - (room - 1) * tier.seatPitch) / 2;
  const runs: DrawnRun[] = [];
  let seat = 0;
  let number = 1;
  for (const count of counts) {
    const t0 = (start + seat * tier.seatPitch) / length;
    const t1 = (start + (seat + count - 1) * tier.seatPitch) / length;
    runs.push({
      label: tier.rowLabel(row),
      count,
      number,
      shape: {
        kind: 'line',
        from: piece.point(t0, offset),
        to: piece.point(t1, offset),
        bend: piece.sagitta(t0, t1, offset),
      },
    });
    seat += count + 1;
    number += count;
  }
  return runs;
}

/** Around all rows, half a pitch away, so that neighbours' outlines leave the aisle open between them. */
function outlineOf(piece: Piece, tier: Tier): Point[] {
  const inner = tier.offset - tier.rowPitch * 0.6;
  const outer = tier.offset + (tier.rows - 1) * tier.rowPitch + tier.rowPitch * 0.6;
  const steps = piece.bent ? 10 : 1;
  const edge = (offset: number): Point[] => {
    const inset = (tier.aisle - tier.seatPitch * 0.7) / piece.length(offset);
    return Array.from({ length: steps + 1 }, (_, i) =>
      piece.point(inset + ((1 - 2 * inset) * i) / steps, offset),
    );
  };
  return [...edge(inner), ...edge(outer).reverse()];
}
