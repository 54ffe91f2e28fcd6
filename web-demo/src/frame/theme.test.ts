import { expect, test } from 'vitest';
import { themeAfter } from './theme.ts';

test.each(['light', 'dark'] as const)(
  "[CD18] on a %s system the first press shows, and the third is back at the system's choice",
  (system) => {
    const other = system === 'dark' ? 'light' : 'dark';
    expect(themeAfter('system', system)).toBe(other);
    expect(themeAfter(other, system)).toBe(system);
    expect(themeAfter(system, system)).toBe('system');
  },
);
