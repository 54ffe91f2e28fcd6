import { expect, test } from 'vitest';
import { CLOSES, shouldReconnect } from './close.ts';

test('[F1] close codes are unique and lie in one of the two ranges', () => {
  const codes = Object.values(CLOSES).map((close) => close.code);
  expect(new Set(codes).size).toBe(codes.length);
  for (const code of codes) expect(code >= 4000 && code < 5000).toBe(true);
});

test('[F1] the range alone says whether to come back', () => {
  const back = Object.entries(CLOSES)
    .filter(([, { code }]) => shouldReconnect(code))
    .map(([reason]) => reason);
  expect(back).toEqual(['going_away', 'slow_consumer', 'idle', 'overloaded', 'internal', 'auth_timeout']);
  for (const code of [1000, 1001, 1006, 1011, 1013]) expect(shouldReconnect(code)).toBe(true);
});
