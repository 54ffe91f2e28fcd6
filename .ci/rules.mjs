// The ids that test titles begin with, held against the rules they name: npm run generate writes "rule -> tests" tables, and
// npm run generated fails when a rule has no test, a title names no rule, or an id stands for two.
import { posix } from 'node:path';
import { filesOf, readSource } from './files.mjs';

/** Where rules are written down, one a line: `- **[A1]** text`. */
export const RULE_DOCUMENTS = ['protocol/PROTOCOL.md', 'docs/rules.md'];

const RULE = /^- \*\*\[([A-Z]{1,2}\d+)\]\*\*/;
/** The ids at the head of a title, or of a row whose text becomes one. */
const IN_TITLE = /['"`]((?:\[[A-Z]{1,2}\d+\] )+)/g;
/** As they were written once, and must not be: nothing tells such an id from a seat's label. */
const BARE = /\b(?:test|describe)\b[^'"`]*\(['"`][A-Z]{1,2}\d+ |^\s*['"`][A-Z]{1,2}\d+ [a-z]/;
const TEST = /\.test\.tsx?$|\/seats\/contract\/[\w-]+\.ts$/;
/** Its titles are examples. */
const OWN_TEST = '.ci/rules.test.ts';

/**
 * @typedef {{ path: string, text: string }} Source a path relative to the project's root, with forward slashes
 * @typedef {{ id: string, path: string, line: number }} Mention
 */

/** @param {Source} document @returns {Mention[]} */
export function rulesOf({ path, text }) {
  return text.split('\n').flatMap((row, i) => {
    const id = RULE.exec(row)?.[1];
    return id === undefined ? [] : [{ id, path, line: i + 1 }];
  });
}

/** @param {Source} test @returns {Mention[]} */
export function titlesOf({ path, text }) {
  return text.split('\n').flatMap((row, i) =>
    [...row.matchAll(IN_TITLE)].flatMap(([, ids]) =>
      ids
        .trim()
        .split(' ')
        .map((id) => ({ id: id.slice(1, -1), path, line: i + 1 })),
    ),
  );
}

/** What is wrong, a line each. @param {Mention[]} rules @param {Source[]} tests @returns {string[]} */
export function ruleProblems(rules, tests) {
  const known = new Map();
  const problems = [];
  for (const { id, path, line } of rules) {
    if (known.has(id)) problems.push(`${path}:${line}: [${id}] is also the id of another rule`);
    known.set(id, { path, line });
  }
  const shown = new Set();
  for (const test of tests) {
    for (const { id, path, line } of titlesOf(test)) {
      shown.add(id);
      if (!known.has(id))
        problems.push(`${path}:${line}: [${id}] is no rule of ${RULE_DOCUMENTS.join(' or ')}`);
    }
    test.text.split('\n').forEach((row, i) => {
      if (BARE.test(row)) problems.push(`${test.path}:${i + 1}: an id in a title stands in brackets`);
    });
  }
  for (const [id, { path, line }] of known)
    if (!shown.has(id)) problems.push(`${path}:${line}: no test's title begins with [${id}]`);
  return problems;
}

/** The rules of one document and the tests that show each. @param {Mention[]} rules @param {Source[]} tests */
export function ruleTests(rules, tests) {
  const shown = new Map();
  for (const test of tests)
    for (const { id, path } of titlesOf(test)) shown.set(id, (shown.get(id) ?? new Set()).add(nameOf(path)));
  const rows = rules.map(({ id }) => {
    const names = [...(shown.get(id) ?? [])].sort();
    return `| [${id}] | ${names.map((name) => `\`${name}\``).join(', ')} |`;
  });
  return ['| rule | shown by |', '| --- | --- |', ...rows].join('\n');
}

/** `native` of `server/src/gateway/native.test.ts`; the parts of the seat store's contract run in its three tests. */
function nameOf(path) {
  return path.includes('/seats/contract/')
    ? 'seat-store.redis'
    : posix.basename(path).replace(/\.test\.tsx?$/, '');
}

/** @param {string} root @returns {{ documents: Source[], tests: Source[] }} */
export function readRules(root) {
  const read = (path) => readSource(root, path);
  return {
    documents: RULE_DOCUMENTS.map(read),
    tests: filesOf(root)
      .filter((path) => TEST.test(path) && path !== OWN_TEST)
      .map(read),
  };
}
