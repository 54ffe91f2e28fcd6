import type { ChartId, MapCode } from '@seatwire/protocol';
import { beforeEach, expect, test } from 'vitest';
import type { Refusal } from '../sale/sale-state.ts';
import { layOut } from '../seat-map/layout.ts';
import { type BuyerCode, buyerText } from '../words/refusals.ts';
import { type MapNow, sayAtSeat } from './said-at-seat.ts';

/** A row of six seats, and a standing area of four. */
const layout = layOut({
  id: '01980000-0000-7000-8000-000000000001' as ChartId,
  name: 'Hall',
  width: 100,
  height: 100,
  places: 10,
  categories: [{ key: 'a', name: 'A', color: '#112233' }],
  stage: { label: 'Stage', outline: [] },
  sections: [
    {
      id: 'S',
      name: 'Stalls',
      kind: 'seats',
      category: 'a',
      floor: 0,
      outline: [],
      label: [0, 0],
      first: 0,
      count: 6,
      runs: [
        {
          label: '1',
          first: 0,
          count: 6,
          number: 1,
          shape: { kind: 'line', from: [0, 0], to: [50, 0], bend: 0 },
        },
      ],
    },
    {
      id: 'G',
      name: 'Floor',
      kind: 'ga',
      category: 'a',
      floor: 0,
      outline: [],
      label: [0, 0],
      first: 6,
      count: 4,
      runs: [],
    },
  ],
});

let codes: MapCode[];
beforeEach(() => {
  codes = Array<MapCode>(10).fill(0);
});
const say = (code: BuyerCode, places: number[], more: Partial<MapNow> = {}) => {
  const refusal: Refusal = { code, at: 'map', place: places[0]!, places, method: null };
  const codeOf = (place: number) => codes[place]!;
  return sayAtSeat(refusal, { layout, codeOf, selection: [], known: true, choosing: true, ...more });
};
const words = (code: BuyerCode) => buyerText(code);

test('[CD20] the nearest free seat is one that is free now, and none of those that were refused', () => {
  // The map has not heard yet that 2 and 3 are taken: the refusal has.
  expect(say('place_taken', [2, 3]).offer).toBeNull();
  expect(say('place_taken', [2]).offer).toMatchObject({ kind: 'pick', places: [1] });
  codes[1] = 1;
  expect(say('place_taken', [2]).offer?.places).toEqual([3]);
  codes.fill(2);
  expect(say('place_taken', [2]).offer).toBeNull();
});

test('[CD20] all seats that were lost are spoken of', () => {
  expect(say('lost', [2, 3]).text).toBe(words('several_lost'));
  expect(say('lost', [2]).text).toBe(words('lost'));
});

test('[CD20] seats whose time is over are called free only while they are, and are then offered again', () => {
  expect(say('ended', [2, 3])).toEqual({
    text: words('ended_free'),
    offer: { kind: 'hold', places: [2, 3], text: 'Hold again' },
  });
  codes[2] = 1;
  expect(say('ended', [2, 3])).toEqual({
    text: words('ended_some'),
    offer: { kind: 'hold', places: [3], text: 'Hold 1 again' },
  });
  codes[3] = 2;
  expect(say('ended', [2, 3])).toEqual({ text: words('ended_taken'), offer: null });
  // Where people stand, no place is another's.
  expect(say('ended', [6, 7])).toEqual({ text: words('ended'), offer: null });
});

test.each([
  [0, 'free_now'],
  [1, 'held_by_other'],
  [2, 'sold_already'],
  [3, 'place_blocked'],
] as const)('[CD20] what is said of a seat follows the map: %i', (code, said) => {
  codes[4] = code;
  for (const before of ['held_by_other', 'held_by_somebody', 'sold_already', 'place_blocked'] as const)
    expect(say(before, [4]).text).toBe(words(said));
  expect(say('held_by_other', [4]).offer?.places).toEqual([code === 0 ? 4 : 3]);
});

test('[CD20] no other buyer is blamed before it is known what is the buyer’s own', () => {
  codes[4] = 1;
  expect(say('held_by_other', [4], { known: false }).text).toBe(words('held_by_somebody'));
});

test('[CD20] a seat that would be left alone is offered, unless taking it leaves another alone', () => {
  expect(say('orphan_seat', [3])).toMatchObject({ text: words('orphan_seat'), offer: { places: [3] } });
  expect(say('orphan_seat', [1, 3])).toEqual({ text: words('orphans'), offer: null });
});

test('[CD20] nothing is offered while nothing can be picked', () => {
  expect(say('ended', [2], { choosing: false }).offer).toBeNull();
});
