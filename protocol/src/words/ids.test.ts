import fc from 'fast-check';
import { expect, test } from 'vitest';
import { epoch, eventId, holdId, opId, randomToken, uuidv7 } from './ids.ts';

test('a UUIDv7 tells its time, and later ones sort later', () => {
  const time = fc.integer({ min: 0, max: 2 ** 48 - 1 });
  fc.assert(
    fc.property(time, time, (a, b) => {
      const id = uuidv7(a);
      expect(eventId.safeParse(id).success).toBe(true);
      expect(Number.parseInt(id.replaceAll('-', '').slice(0, 12), 16)).toBe(a);
      expect(id[14]).toBe('7');
      expect('89ab').toContain(id[19]);
      if (a < b) expect(id < uuidv7(b)).toBe(true);
    }),
  );
});

test('a random token is a hold id, an epoch and an op id, and never the same', () => {
  const tokens = Array.from({ length: 1000 }, randomToken);
  for (const token of tokens) {
    expect(
      holdId.safeParse(token).success && epoch.safeParse(token).success && opId.safeParse(token).success,
    ).toBe(true);
  }
  expect(new Set(tokens).size).toBe(tokens.length);
});

test.each(['', 'short', 'x'.repeat(41), 'with space', '__proto__\n', 'a:b:c:d:e', 'é'.repeat(10)])(
  'an op id is not %j',
  (text) => {
    expect(opId.safeParse(text).success).toBe(false);
  },
);
