import { describe, expect, test } from 'vitest';
import { TokenBucket } from './token-bucket.ts';

describe('[L2] a token bucket', () => {
  test('a token bucket gives the burst at once, then the rate', () => {
    const bucket = new TokenBucket({ perSecond: 10, burst: 5 }, 0);
    expect(Array.from({ length: 6 }, () => bucket.take(0))).toEqual([true, true, true, true, true, false]);
    expect([bucket.take(99), bucket.take(101), bucket.take(101)]).toEqual([false, true, false]);
  });

  test('a token bucket never holds more than the burst', () => {
    const bucket = new TokenBucket({ perSecond: 10, burst: 2 }, 0);
    expect([1, 2, 3].map(() => bucket.take(60_000))).toEqual([true, true, false]);
  });

  test('a token bucket serves a caller that waited at once, however often it was refused before', () => {
    const bucket = new TokenBucket({ perSecond: 10, burst: 1 }, 0);
    for (let i = 0; i < 50; i++) bucket.take(0);
    expect(bucket.take(100)).toBe(true);
  });

  test('a token bucket remembers the excess, and forgives it with time', () => {
    const bucket = new TokenBucket({ perSecond: 10, burst: 1 }, 0);
    for (let i = 0; i < 21; i++) bucket.take(0);
    expect(bucket.excess).toBe(20);
    bucket.take(1_000);
    expect(bucket.excess).toBe(10);
  });
});
