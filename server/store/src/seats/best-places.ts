/** The model's word on choosing places: which block is best, and when a choice leaves a seat alone. The Lua does the same on letters. */
import { type Refusal, refused, type SeatState } from '@seatwire/protocol';
import type { HoldCommand } from './seat-store.ts';

export interface Seating {
  readonly seats: readonly SeatState[];
  readonly runStarts: ReadonlySet<number>;
}
type Best = Extract<HoldCommand['want'], { kind: 'best' }>;
type Chosen = { readonly places: readonly number[]; readonly prices: readonly number[] };

/**
 * Together: the first stretch that has `count` free places side by side in one run gives the ones nearest its middle (of two
 * equally near, the higher). With `noOrphans`, a block that leaves no seat alone is preferred, in that stretch and to other
 * stretches; failing all, the first block found is taken. Apart: the first free places, in the stretches' order.
 */
export function findBest(seating: Seating, want: Best, noOrphans: boolean): Refusal | Chosen {
  const apart = freeIn(seating, want).slice(0, want.count);
  if (apart.length < want.count) return refused('not_enough_places');
  if (!want.together) {
    const sorted = apart.sort((a, b) => a.place - b.place);
    return { places: sorted.map(({ place }) => place), prices: sorted.map(({ price }) => price) };
  }
  const blocks = want.stretches.map((stretch) => ({
    stretch,
    starts: startsIn(seating, stretch, want.count),
  }));
  const strands = (start: number) => orphansOf(seating, range(start, want.count)).length > 0;
  const good = blocks.map(({ stretch, starts }) => ({
    stretch,
    start: starts.find((start) => !noOrphans || !strands(start)),
  }));
  const any = blocks.map(({ stretch, starts }) => ({ stretch, start: starts[0] }));
  const found = [...good, ...any].find(({ start }) => start !== undefined);
  if (found === undefined) return refused('not_together');
  return { places: range(found.start!, want.count), prices: Array(want.count).fill(found.stretch.price) };
}

/** A block of `places` may leave a single free seat beside it only when the seat at its other side is not free. Ascending. */
export function orphansOf({ seats, runStarts }: Seating, places: readonly number[]): readonly number[] {
  const mine = new Set(places);
  const isFree = (place: number) => seats[place] === 'free' && !mine.has(place);
  const before = (place: number) => !runStarts.has(place) && isFree(place - 1);
  const behind = (place: number) => !runStarts.has(place + 1) && isFree(place + 1);
  const orphans = new Set<number>();
  for (const first of places) {
    if (mine.has(first - 1) && !runStarts.has(first)) continue;
    let last = first;
    while (mine.has(last + 1) && !runStarts.has(last + 1)) last++;
    if (!before(first) || !behind(last)) continue;
    if (!before(first - 1)) orphans.add(first - 1);
    if (!behind(last + 1)) orphans.add(last + 1);
  }
  return [...orphans].sort((a, b) => a - b);
}

const range = (first: number, count: number) => Array.from({ length: count }, (_, i) => first + i);

function freeIn({ seats }: Seating, want: Best): { place: number; price: number }[] {
  const found = new Map<number, { place: number; price: number }>();
  for (const { first, count, price } of want.stretches) {
    for (const place of range(first, Math.min(count, seats.length - first))) {
      if (seats[place] === 'free' && !found.has(place)) found.set(place, { place, price });
    }
  }
  return [...found.values()];
}

/** Where blocks of `count` free places of one run start in the stretch, the nearest its middle first. */
function startsIn(
  { seats, runStarts }: Seating,
  stretch: Best['stretches'][number],
  count: number,
): number[] {
  const length = Math.min(stretch.count, seats.length - stretch.first);
  if (length < count) return [];
  const middle = stretch.first + Math.floor((length - count) / 2);
  const isBlock = (start: number) =>
    range(start, count).every((place, i) => seats[place] === 'free' && (i === 0 || !runStarts.has(place)));
  return range(stretch.first, length - count + 1)
    .filter(isBlock)
    .sort((a, b) => Math.abs(a - middle) - Math.abs(b - middle) || b - a);
}
