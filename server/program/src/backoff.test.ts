import { describe, expect, test } from 'vitest';
import { backoffMs } from './backoff.ts';

const BOUNDS = { baseMs: 100, capMs: 1_000 };

describe('back-off', () => {
  test('the back-off doubles with each attempt, up to the cap', () => {
    const longest = [1, 2, 3, 4, 5, 100].map((attempt) => backoffMs(attempt, BOUNDS, () => 1));
    expect(longest).toEqual([100, 200, 400, 800, 1_000, 1_000]);
  });

  test('the back-off is spread over its upper half, so that workers do not return in step', () => {
    expect(backoffMs(3, BOUNDS, () => 0)).toBe(200);
    expect(backoffMs(3, BOUNDS, () => 0.5)).toBe(300);
  });
});
