import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { readRules, ruleProblems, rulesOf, ruleTests, titlesOf } from './rules.mjs';

const rules = rulesOf({
  path: 'docs/rules.md',
  text: '# Rules\n\n- **[A1]** One.\n- **[RE2]** Two, see [A1].\n',
});
const titled = (text: string) => ({ path: 'server/src/one.pg.test.ts', text });
const both = titled("test('[A1] [RE2] both', () => {});\n");

test('a rule is a line that begins with its id', () => {
  expect(rules.map(({ id, line }) => `${line} ${id}`)).toEqual(['3 A1', '4 RE2']);
});

test.each([
  "test('[A1] x'",
  'describe.each(ALL)("[A1] %s"',
  "  ['[A1] a row of a table', 1],",
  'test(`[A1] of a template`',
])('a title that begins with an id is found: %s', (text) =>
  expect(titlesOf(titled(text)).map(({ id }) => id)).toEqual(['A1']),
);

test('rules that all have a test, and titles that all name a rule, are no problem', () => {
  expect(ruleProblems(rules, [both])).toEqual([]);
});

test('a rule without a test, an id without a rule, a bare id and an id twice are problems', () => {
  expect(ruleProblems(rules, [titled("test('[A1] one'")])).toEqual([
    "docs/rules.md:4: no test's title begins with [RE2]",
  ]);
  expect(ruleProblems(rules, [both, titled("test('[A9] one'")])[0]).toMatch(/^server.*:1: \[A9\] is no rule/);
  expect(ruleProblems(rules, [both, titled("test.each(all)('A1 one'")])[0]).toMatch(/in brackets$/);
  expect(ruleProblems(rules, [both, titled("  'A1 one of %s',")])[0]).toMatch(/in brackets$/);
  expect(ruleProblems([...rules, ...rules], [both])[0]).toMatch(/also the id of another rule$/);
});

test('the table names the tests of each rule', () => {
  expect(ruleTests(rules, [both])).toBe(
    '| rule | shown by |\n| --- | --- |\n| [A1] | `one.pg` |\n| [RE2] | `one.pg` |',
  );
});

test('each rule of the repository has a test, and each id in a title is one of them', () => {
  const { documents, tests } = readRules(fileURLToPath(new URL('..', import.meta.url)));
  expect(tests.length).toBeGreaterThan(100);
  expect(ruleProblems(documents.flatMap(rulesOf), tests)).toEqual([]);
});
