import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { within } from './deadline.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

const late = () => {
  throw new Error('too late');
};

test('work that ends in time is what comes of it, and leaves no timer behind', async () => {
  expect(await within(100, Promise.resolve(1), late)).toBe(1);
  await expect(within(100, Promise.reject(new Error('failed')), late)).rejects.toThrow('failed');
  expect(vi.getTimerCount()).toBe(0);
});

test('after the deadline it is what `late` returns, or throws', async () => {
  const never = new Promise<number>(() => undefined);
  const instead = within(100, never, () => 'older');
  const lost = expect(within(100, never, late)).rejects.toThrow('too late');
  vi.advanceTimersByTime(100);
  expect(await instead).toBe('older');
  await lost;
});

test('a result that comes too late is handed over to be cleaned up, and a failure is dropped', async () => {
  const unheard: number[] = [];
  let resolve: (value: number) => void = () => undefined;
  let reject: (error: Error) => void = () => undefined;
  const work = new Promise<number>((done) => {
    resolve = done;
  });
  const broken = new Promise<number>((_, failed) => {
    reject = failed;
  });
  const asked = [
    within(
      100,
      work,
      () => 0,
      (value) => unheard.push(value),
    ),
    within(100, broken, () => 0),
  ];
  vi.advanceTimersByTime(100);
  resolve(7);
  reject(new Error('after all'));
  expect(await Promise.all(asked)).toEqual([0, 0]);
  expect(unheard).toEqual([7]);
});
