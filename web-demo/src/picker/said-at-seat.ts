/**
 * What is said at a seat, and what is offered there, by the map as it is now: a callout may stay open while others go on buying.
 * No DOM.
 */
import type { MapCode } from '@seatwire/protocol';
import { type Refusal, TAKEN } from '../sale/sale-state.ts';
import type { Layout } from '../seat-map/layout.ts';
import { type BuyerCode, buyerText } from '../words/refusals.ts';
import { nearestFree } from './nearest-free.ts';

export interface MapNow {
  readonly layout: Layout;
  codeOf(place: number): MapCode;
  readonly selection: readonly number[];
  /** The buyer's own holds are known. */
  readonly known: boolean;
  /** Seats can be picked. */
  readonly choosing: boolean;
}

export interface Offer {
  readonly kind: 'pick' | 'hold';
  readonly places: readonly number[];
  readonly text: string;
}

export function sayAtSeat(refusal: Refusal, now: MapNow): { text: string; offer: Offer | null } {
  const code = codeNow(refusal, now);
  return { text: buyerText(code), offer: now.choosing ? offerFor(code, refusal, now) : null };
}

/** Why a place that is not free cannot be picked. Nobody else is blamed before it is known what is the buyer's own. */
export function takenCode(code: Exclude<MapCode, 0>, known: boolean): BuyerCode {
  if (code === 3) return 'place_blocked';
  if (code === 2) return 'sold_already';
  return known ? 'held_by_other' : 'held_by_somebody';
}

/** Refusals that say how a seat is. */
const STATES: ReadonlySet<BuyerCode> = new Set<BuyerCode>([
  'held_by_other',
  'held_by_somebody',
  'sold_already',
  'place_blocked',
]);

function codeNow({ code, places }: Refusal, now: MapNow): BuyerCode {
  const free = places.filter((place) => now.codeOf(place) === 0);
  if (code === 'ended') {
    // Where people stand, another place is as good.
    if (places.some((place) => stands(now.layout, place))) return 'ended';
    if (free.length === 0) return 'ended_taken';
    return free.length === places.length ? 'ended_free' : 'ended_some';
  }
  if (STATES.has(code)) {
    const is = now.codeOf(places[0]!);
    return is === 0 ? 'free_now' : takenCode(is, now.known);
  }
  if (TAKEN.has(code) && places.length > 1) return 'several_lost';
  // To take one of them too would leave the other alone.
  if (code === 'orphan_seat' && places.length > 1) return 'orphans';
  return code;
}

function offerFor(code: BuyerCode, { place, places }: Refusal, now: MapNow): Offer | null {
  if (place === null) return null;
  const isFree = (one: number) => now.codeOf(one) === 0 && !now.selection.includes(one);
  const pick = (one: number, text: string): Offer => ({ kind: 'pick', places: [one], text });
  switch (code) {
    // The seat that would be left alone is itself what helps.
    case 'orphan_seat':
      return isFree(place) ? pick(place, 'Take this seat too') : null;
    case 'free_now':
      return isFree(place) ? pick(place, 'Take this seat') : null;
    case 'ended_free':
    case 'ended_some': {
      const free = places.filter((one) => now.codeOf(one) === 0);
      const text = free.length < places.length ? `Hold ${free.length} again` : 'Hold again';
      return { kind: 'hold', places: free, text };
    }
    case 'place_taken':
    case 'place_blocked':
    case 'held_by_other':
    case 'held_by_somebody':
    case 'sold_already':
    case 'lost': {
      // Beside others that are picked, the nearest of all need not be one that fits them.
      if (now.selection.length > 0) return null;
      // The map may not know yet what the refusal does.
      const nearest = nearestFree(now.layout, place, (one) => isFree(one) && !places.includes(one));
      return nearest === null ? null : pick(nearest, 'Take the nearest free seat');
    }
    default:
      return null;
  }
}

const stands = ({ chart, sectionOf }: Layout, place: number): boolean =>
  chart.sections[sectionOf[place]!]?.kind === 'ga';
