/** What a screen reader hears of seats: as they are now, never as they were when they were last touched. No DOM. */
import type { MapCode } from '@seatwire/protocol';

export interface SeatNow {
  label(place: number): string;
  price(place: number): string;
  codeOf(place: number): MapCode;
  selected(place: number): boolean;
  own(place: number): boolean;
}

/** The last thing that was done on the map. */
export interface Spoken {
  readonly place: number;
  readonly did: 'selected' | 'taken out' | 'looked at';
}

const STATES = ['free', 'held', 'sold', 'not on sale'] as const;

/** "Row 3 · Seat 14, €42, selected" */
export function describeSeat(place: number, now: SeatNow): string {
  const state = now.own(place) ? 'yours' : now.selected(place) ? 'selected' : STATES[now.codeOf(place)];
  return `${now.label(place)}, ${now.price(place)}, ${state}`;
}

/** Nothing, once it is no longer so: what became of the seat is said where it happened. */
export function spokenText(spoken: Spoken | null, now: SeatNow): string {
  if (spoken === null) return '';
  const { place, did } = spoken;
  if (did === 'looked at') return describeSeat(place, now);
  return now.selected(place) === (did === 'selected') ? `${now.label(place)} ${did}` : '';
}
