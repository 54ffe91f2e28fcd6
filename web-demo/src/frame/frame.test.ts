import { expect, test } from 'vitest';
import { push, SERIES_LENGTH, sparkPath } from '../monitor/series.ts';
import { formatCountdown, plural } from '../words/format.ts';
import { routeOf } from './router.ts';

test('addresses lead to their pages, and unknown ones nowhere', () => {
  expect(routeOf('/')).toEqual({ page: 'events' });
  expect(routeOf('/event/abc')).toEqual({ page: 'event', event: 'abc' });
  expect(routeOf('/monitor/abc/')).toEqual({ page: 'monitor', event: 'abc' });
  expect(routeOf('/orders')).toEqual({ page: 'orders' });
  expect(routeOf('/', '?past')).toEqual({ page: 'past' });
  for (const path of ['/event', '/orders/1', '/event/a/b', '/nowhere'])
    expect(routeOf(path)).toEqual({ page: 'missing' });
});

test('a countdown never shows zero while there is time, nor goes below it', () => {
  expect(formatCountdown(94_000)).toBe('1:34');
  expect(formatCountdown(1)).toBe('0:01');
  expect(formatCountdown(-5000)).toBe('0:00');
});

test('a number and its noun agree', () => {
  expect(plural(1, 'seat')).toBe('1 seat');
  expect(plural(3, 'seat')).toBe('3 seats');
});

test('a series forgets its oldest sample and is drawn from the right', () => {
  let series: readonly number[] = [];
  for (let i = 0; i < SERIES_LENGTH + 5; i++) series = push(series, i);
  expect(series).toHaveLength(SERIES_LENGTH);
  expect(series[0]).toBe(5);
  expect(sparkPath([], 100, 20)).toBe('');
  expect(sparkPath([0, 4], 179, 20)).toBe('M178.0 18.0L179.0 2.0');
});
