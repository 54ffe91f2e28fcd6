import type { Chart, MapCode } from '@seatwire/protocol';
import { beforeEach, expect, test } from 'vitest';
import { freeAt, whereToLook } from './where.ts';

const section = (id: string, category: string, first: number, count: number) => ({
  id,
  name: id,
  category,
  first,
  count,
});
const chart = {
  sections: [
    section('Stalls', 'seats', 0, 4),
    section('Balcony', 'seats', 4, 2),
    section('Floor', 'standing', 6, 2),
    section('Box', 'box', 8, 2),
  ],
} as unknown as Chart;
const price = (category: string, name: string) => ({ category, name, amount: 100, color: '#112233' });
const event = { prices: [price('seats', 'Seats'), price('standing', 'Floor'), price('box', 'Boxes')] };

let codes: MapCode[];
beforeEach(() => {
  codes = Array<MapCode>(10).fill(0);
});
const where = () => whereToLook(event, { chart }, (place) => codes[place]!);
const names = (options: readonly { name: string }[]) => options.map(({ name }) => name);

test('[CD25] what is not on sale is not offered', () => {
  codes[8] = 3;
  expect(names(where().sections)).toContain('Box');
  codes[9] = 3;
  expect(names(where().sections)).not.toContain('Box');
  expect(names(where().categories)).not.toContain('Boxes');
  const unpriced = whereToLook({ prices: [price('seats', 'Seats')] }, { chart }, () => 0);
  expect(names(unpriced.sections)).toEqual(['Stalls', 'Balcony']);
});

test('[CD25] what has nothing free is known to have nothing', () => {
  codes.fill(2, 4, 6);
  codes[0] = 1;
  expect(
    ['', 'c:seats', 'a:Stalls', 'a:Balcony', 'a:nowhere'].map((value) => freeAt(where(), value)),
  ).toEqual([7, 3, 3, 0, 0]);
});

test('[CD25] a category that is one section of the same name is offered once', () => {
  expect(names(where().categories)).toEqual(['Seats', 'Boxes']);
  expect(names(where().sections)).toEqual(['Stalls', 'Balcony', 'Floor', 'Box']);
});
