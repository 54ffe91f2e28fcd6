import { SeatMap } from '@seatwire/protocol';
import { expect, test } from 'vitest';
import { choose } from './visitor.ts';

test('a visitor chooses free places side by side, as many as there are up to the number wanted', () => {
  const map = new SeatMap(8);
  for (const place of [0, 1, 4, 7]) map.set(place, 2);
  expect(choose(map, 4, () => 2 / 8)).toEqual([2, 3]);
  expect(choose(map, 1, () => 5 / 8)).toEqual([5]);
});

test('a visitor gives up looking when nothing is free', () => {
  const map = new SeatMap(4);
  for (let place = 0; place < 4; place++) map.set(place, 1);
  expect(choose(map, 2, Math.random)).toEqual([]);
});
