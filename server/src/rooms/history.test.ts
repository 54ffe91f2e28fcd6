import { describe, expect, test } from 'vitest';
import { History } from './history.ts';

const bounds = { maxEntries: 100, maxPlaces: 1000, maxAgeMs: 1000 };

describe('History', () => {
  test('History joins the places that changed after a version', () => {
    const history = new History(10, bounds);
    history.push(12, [1, 2], 0);
    history.push(15, [2, 3], 0);
    expect([...history.since(10)!].sort()).toEqual([1, 2, 3]);
    expect([...history.since(12)!].sort()).toEqual([2, 3]);
    expect([...history.since(15)!]).toEqual([]);
  });

  test('History names a superset for a version in the middle of a flush', () => {
    const history = new History(10, bounds);
    history.push(12, [1, 2], 0);
    expect([...history.since(11)!].sort()).toEqual([1, 2]);
  });

  test('History knows nothing before its floor', () => {
    expect(new History(10, bounds).since(9)).toBeNull();
  });

  test.each([
    ['entries', { ...bounds, maxEntries: 2 }, 0],
    ['places', { ...bounds, maxPlaces: 2 }, 0],
    ['age', { ...bounds, maxAgeMs: 10 }, 6],
  ])('History forgets the oldest beyond its bound of %s, and says so', (_name, tight, step) => {
    const history = new History(0, tight);
    for (let version = 1; version <= 3; version++) history.push(version, [version], version * step);
    expect(history.since(0)).toBeNull();
    expect([...history.since(1)!].sort()).toEqual([2, 3]);
  });

  test('History stays right through many more entries than it keeps', () => {
    const history = new History(0, { ...bounds, maxEntries: 50 });
    for (let version = 1; version <= 10_000; version++) history.push(version, [version], 0);
    expect(history.since(9_949)).toBeNull();
    expect([...history.since(9_990)!].sort((a, b) => a - b)).toEqual([
      9991, 9992, 9993, 9994, 9995, 9996, 9997, 9998, 9999, 10_000,
    ]);
  });
});
