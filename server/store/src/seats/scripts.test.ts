import { readdirSync } from 'node:fs';
import { expect, test } from 'vitest';
import { scriptValues } from './script-values.ts';
import { SCRIPT_NAMES, scriptFile, scriptLibrary, withIncludes } from './scripts.ts';

const VALUES = scriptValues({ journalLength: 7, opMs: 9 });
const LIBRARY = scriptLibrary(VALUES);

test('every file beside the includes is a script that is known', () => {
  const files = readdirSync(new URL('./scripts/', import.meta.url)).filter((file) => file.endsWith('.lua'));
  expect(files.map((file) => file.slice(0, -4)).sort()).toEqual([...SCRIPT_NAMES].sort());
});

test.each(SCRIPT_NAMES)('the script %s says in its header what it takes, gives and promises', (name) => {
  const text = scriptFile(`${name}.lua`);
  expect(text).toMatch(/^#!lua( flags=[a-z-]+)?\n-- \S.*: /);
  expect(text).toMatch(/^--.* ?Returns /m);
  const { numberOfKeys } = LIBRARY.functions[name];
  const used = [...text.matchAll(/\bKEYS\[(\d+)\]/g)].map(([, n]) => Number(n));
  expect(numberOfKeys).toBeGreaterThanOrEqual(Math.max(1, ...used));
});

test('the number of keys is that of the header', () => {
  const keys = SCRIPT_NAMES.map((name) => [name, LIBRARY.functions[name].numberOfKeys]);
  expect(Object.fromEntries(keys)).toMatchObject({
    hold: 6,
    confirm: 7,
    rebuild: 10,
    due: 1,
    since: 2,
    freeze: 1,
  });
});

test('includes stand in front, once each, behind what they include themselves', () => {
  const includes = { a: '-- include: b\nlocal a\n', b: 'local b\n' };
  const text = 'f()\n-- include: a\ng()\n-- include: b\nh()\n';
  expect(withIncludes(text, includes)).toBe('local b\nlocal a\nf()\ng()\nh()\n');
});

test.each(['function f()\n  -- include: a\nend\n', 'if x then\n\t-- include: a\nend\n'])(
  'an include inside a function or a branch is refused: %j',
  (text) => {
    expect(() => withIncludes(text, { a: 'local a\n' })).toThrow('inside a function or a branch');
    expect(() => withIncludes('-- include: b\n', { a: '', b: text })).toThrow('inside a function');
  },
);

test('[IN1] letters, and the steps between them, are those of the lifecycle', () => {
  const { lifecycle, limits } = VALUES;
  expect(limits).toContain('JOURNAL_LENGTH, ANSWERS_MS');
  const [names, values] = lifecycle!.slice('local '.length).trim().split(' = ');
  const of = Object.fromEntries(
    names!.split(', ').map((name, i) => [name, Number(values!.split(', ')[i]!.replaceAll("'", ''))]),
  );
  const [f, F, h, p] = ['f', 'F', 'h', 'p'].map((letter) => letter.charCodeAt(0));
  expect(of).toMatchObject({ FREE: f, FIRST_FREE: F, HELD: h, HELD_TO_PAYING: p! - h! });
  expect(of).toMatchObject({ SHOWN_FREE: 0, SHOWN_HELD: 1, SHOWN_SOLD: 2, SHOWN_BLOCKED: 3 });
  expect(of).not.toHaveProperty('FREE_TO_SOLD');
  expect(of).toMatchObject({ PAYING_TO_SOLD: 3, SOLD_TO_FREE: -13, FREE_TO_BLOCKED: -4 });
});

test('another text is another library, and its functions have other names', () => {
  const other = scriptLibrary(scriptValues({ journalLength: 8, opMs: 9 }));
  expect(other.name).not.toBe(LIBRARY.name);
  for (const name of SCRIPT_NAMES) {
    expect(other.functions[name].name).not.toBe(LIBRARY.functions[name].name);
    expect(LIBRARY.lua).toContain(`function_name = '${LIBRARY.functions[name].name}'`);
  }
  expect(scriptLibrary(VALUES)).toEqual(LIBRARY);
  expect(LIBRARY.lua).not.toContain('include:');
});
