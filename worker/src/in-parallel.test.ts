import { expect, test } from 'vitest';
import { inParallel } from './in-parallel.ts';

test('runs at most as many at once as it may, and answers in order', async () => {
  let running = 0;
  let most = 0;
  const doubled = await inParallel([5, 1, 4, 2, 3], 2, async (n) => {
    most = Math.max(most, ++running);
    await new Promise((resolve) => setTimeout(resolve, n));
    running--;
    return n * 2;
  });
  expect(doubled).toEqual([10, 2, 8, 4, 6]);
  expect(most).toBe(2);
});

test('one failure rejects the whole', async () => {
  const work = inParallel([1, 2, 3], 2, async (n) => {
    if (n === 2) throw new Error('no');
  });
  await expect(work).rejects.toThrow('no');
});
