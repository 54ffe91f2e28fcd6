import type { MapCode } from '@seatwire/protocol';
import { beforeEach, expect, test } from 'vitest';
import { describeSeat, type SeatNow, spokenText } from './spoken.ts';

let selection: number[];
let own: number[];
let code: MapCode;
const now: SeatNow = {
  label: (place) => `Seat ${place}`,
  price: () => '€42',
  codeOf: () => code,
  selected: (place) => selection.includes(place),
  own: (place) => own.includes(place),
};
beforeEach(() => {
  selection = [];
  own = [];
  code = 0;
});

test('[CD23] a seat is described as the map shows it', () => {
  expect(describeSeat(5, now)).toBe('Seat 5, €42, free');
  selection = [5];
  expect(describeSeat(5, now)).toBe('Seat 5, €42, selected');
  own = [5];
  expect(describeSeat(5, now)).toBe('Seat 5, €42, yours');
  [selection, own, code] = [[], [], 2];
  expect(describeSeat(5, now)).toBe('Seat 5, €42, sold');
});

test('[CD23] "selected" is said while it is so, and no longer', () => {
  selection = [5];
  const spoken = { place: 5, did: 'selected' } as const;
  expect(spokenText(spoken, now)).toBe('Seat 5 selected');
  selection = [];
  expect(spokenText(spoken, now)).toBe('');
  expect(spokenText({ place: 5, did: 'taken out' }, now)).toBe('Seat 5 taken out');
  selection = [5];
  expect(spokenText({ place: 5, did: 'taken out' }, now)).toBe('');
  expect(spokenText(null, now)).toBe('');
});

test('[CD23] the seat under the cursor is told anew when it changes', () => {
  const spoken = { place: 5, did: 'looked at' } as const;
  expect(spokenText(spoken, now)).toBe('Seat 5, €42, free');
  code = 1;
  expect(spokenText(spoken, now)).toBe('Seat 5, €42, held');
});
