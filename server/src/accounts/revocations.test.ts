import { expect, test } from 'vitest';
import { Revocations } from './revocations.ts';

test('a sign-in that ended is remembered as long as its access tokens could live, and no longer', () => {
  let now = 1_000;
  const revocations = new Revocations(600, () => now);
  revocations.add('a');
  now = 1_500;
  revocations.add('b');
  expect([revocations.has('a'), revocations.has('b'), revocations.has('c')]).toEqual([true, true, false]);
  now = 1_600;
  expect([revocations.has('a'), revocations.has('b')]).toEqual([false, true]);
});

test('[CB29] one that ended some time ago is remembered for what is left', () => {
  let now = 1_000;
  const revocations = new Revocations(600, () => now);
  revocations.add('a', 500);
  expect(revocations.has('a')).toBe(true);
  now = 1_100;
  expect(revocations.has('a')).toBe(false);
});
