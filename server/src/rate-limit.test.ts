import { expect, test } from 'vitest';
import { RateLimit } from './rate-limit.ts';

test('[SE13] a key may do its burst at once, then its rate, whatever others do', () => {
  let now = 0;
  const limit = new RateLimit({ perSecond: 2, burst: 4 }, () => now);
  const takes = (key: string, times: number) =>
    Array.from({ length: times }, () => limit.take(key)).filter(Boolean).length;
  expect(takes('a', 10)).toBe(4);
  expect(takes('b', 3)).toBe(3);
  now += 1_000;
  expect(takes('a', 10)).toBe(2);
  now += 3_600_000;
  expect(takes('a', 10)).toBe(4);
});

test('[SE13] many keys do not grow it without bound', () => {
  const limit = new RateLimit({ perSecond: 1, burst: 1 }, () => 0);
  limit.take('first');
  for (let i = 0; i < 60_000; i++) limit.take(`key ${i}`);
  expect(limit.take('key 59999')).toBe(false);
  // Forgotten long ago: it starts afresh.
  expect(limit.take('first')).toBe(true);
});

test('[CB30] [SE13] who waits as long as told is admitted, and not before', () => {
  let now = 0;
  const limit = new RateLimit({ perSecond: 7 / 60, burst: 3 }, () => now);
  expect(limit.waitMs('a')).toBe(0);
  for (let i = 0; i < 50; i++) {
    while (limit.take('a'));
    const wait = limit.waitMs('a');
    now += wait - 1;
    expect(limit.take('a')).toBe(false);
    now += 1;
    expect(limit.waitMs('a')).toBe(0);
    expect(limit.take('a')).toBe(true);
  }
  limit.forgive('a');
  expect(limit.take('a')).toBe(true);
});
