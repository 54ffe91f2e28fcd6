import type { EventDetail } from '@seatwire/protocol';
import { describe, expect, test } from 'vitest';
import { SMALL_THEATRE_PLACES, smallTheatre } from '../testing/small-theatre.ts';
import { priceList } from './price-list.ts';

const detail = (prices: Record<string, number>) =>
  ({
    currency: 'EUR',
    prices: Object.entries(prices).map(([category, amount]) => ({ category, amount })),
  }) as unknown as EventDetail;
const all = { dear: 5000, cheap: 2000, standing: 1000 };

describe('the price list', () => {
  test('the price list prices every place by its section, and no other', () => {
    const list = priceList(detail(all), smallTheatre(), 7)!;
    const prices = Array.from({ length: SMALL_THEATRE_PLACES }, (_, place) => list.priceOf(place));
    expect(prices.slice(0, 10).every((price) => price === 5000)).toBe(true);
    expect(prices.slice(10, 20).every((price) => price === 2000)).toBe(true);
    expect(prices.slice(20).every((price) => price === 1000)).toBe(true);
    expect([list.priceOf(-1), list.priceOf(SMALL_THEATRE_PLACES), list.priceOf(0.5)]).toEqual([
      null,
      null,
      5000,
    ]);
    expect(list.revision).toBe(7);
  });

  test('the price list looks for the best through the sections asked for, best first', () => {
    const list = priceList(detail(all), smallTheatre(), 1)!;
    expect(list.stretches(null, null).map((stretch) => stretch.first)).toEqual([0, 10, 20]);
    expect(list.stretches('B', null)).toEqual([{ first: 10, count: 10, price: 2000 }]);
    expect(list.stretches(null, 'standing')).toEqual([{ first: 20, count: 20, price: 1000 }]);
    expect(list.stretches('B', 'standing')).toEqual([]);
  });

  test('an event with a category without a price cannot be sold', () => {
    expect(priceList(detail({ dear: 1, cheap: 1 }), smallTheatre(), 1)).toBeNull();
  });
});
