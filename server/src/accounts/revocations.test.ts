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
