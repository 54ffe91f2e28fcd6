import { readdirSync } from 'node:fs';
import { expect, test } from 'vitest';
import { scriptValues } from './script-values.ts';
import { SCRIPT_NAMES, script, scriptFile, withIncludes } from './scripts.ts';

const VALUES = scriptValues({ journalLength: 7, opMs: 9 });

test('every file beside the includes is a script that is known', () => {
  const files = readdirSync(new URL('./scripts/', import.meta.url)).filter((file) => file.endsWith('.lua'));
  expect(files.map((file) => file.slice(0, -4)).sort()).toEqual([...SCRIPT_NAMES].sort());
});

test.each(SCRIPT_NAMES)('the script %s says in its header what it takes, gives and promises', (name) => {
  const text = scriptFile(`${name}.lua`);
  expect(text).toMatch(/^#!lua( flags=[a-z-]+)?\n-- \S.*: /);
  expect(text).toMatch(/^--.* ?Returns /m);
  const { numberOfKeys, lua } = script(name, VALUES);
  const used = [...text.matchAll(/\bKEYS\[(\d+)\]/g)].map(([, n]) => Number(n));
  expect(numberOfKeys).toBeGreaterThanOrEqual(Math.max(1, ...used));
  expect(lua).not.toContain('include:');
});

test('the number of keys is that of the header', () => {
  const keys = Object.fromEntries(SCRIPT_NAMES.map((name) => [name, script(name, VALUES).numberOfKeys]));
  expect(keys).toMatchObject({ hold: 6, confirm: 7, rebuild: 10, due: 1, since: 2, freeze: 1 });
});

test('an include stands once in a script, at its first place', () => {
  const includes = { a: '-- include: b\nlocal a\n', b: 'local b\n' };
  expect(withIncludes('-- include: b\n-- include: a\nreturn\n', includes)).toBe('local b\nlocal a\nreturn\n');
});

test.each(['function f()\n  -- include: a\nend\n', 'if x then\n\t-- include: a\nend\n'])(
  'an include inside a function or a branch is refused: %j',
  (text) => {
    expect(() => withIncludes(text, { a: 'local a\n' })).toThrow('inside a function or a branch');
    expect(() => withIncludes('-- include: b\n', { a: '', b: text })).toThrow('inside a function');
  },
);

test('[I1] letters, and the steps between them, are those of the lifecycle', () => {
  const { lifecycle, limits } = VALUES;
  expect(limits).toContain('JOURNAL_LENGTH, ANSWERS_MS');
  const [names, values] = lifecycle!.slice('local '.length).trim().split(' = ');
  const of = Object.fromEntries(names!.split(', ').map((name, i) => [name, Number(values!.split(', ')[i])]));
  expect(String.fromCharCode(of['FREE']!, of['FIRST_FREE']!)).toBe('fF');
  expect(of['HELD_TO_PAYING']).toBe('p'.charCodeAt(0) - 'h'.charCodeAt(0));
  expect(of).toMatchObject({ SHOWN_FREE: 0, SHOWN_HELD: 1, SHOWN_SOLD: 2, SHOWN_BLOCKED: 3 });
  expect(of).not.toHaveProperty('FREE_TO_SOLD');
  expect(of).toMatchObject({ PAYING_TO_SOLD: 3, SOLD_TO_FREE: -13, FREE_TO_BLOCKED: -4 });
});
