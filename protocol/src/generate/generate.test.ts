import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { DOWN } from '../messages/down.ts';
import { UP } from '../messages/up.ts';
import { PROTOCOL_TABLES, replaceRegion } from './index.ts';

const text = readFileSync(new URL('../../PROTOCOL.md', import.meta.url), 'utf8');

test.each(Object.entries(PROTOCOL_TABLES))(
  'the table %s of PROTOCOL.md is the one generated',
  (name, content) => {
    expect(replaceRegion(text, name, content())).toBe(text);
  },
);

test('every message has its row and its sentence', () => {
  for (const [name, defs] of [
    ['messages-up', UP],
    ['messages-down', DOWN],
  ] as const) {
    const rows = PROTOCOL_TABLES[name]!().split('\n').slice(2);
    expect(rows).toHaveLength(defs.length);
    for (const row of rows) expect(row).toMatch(/^\| \d+ \| `[a-z-]+` \| `.+\. \|$/);
  }
});

test('every rule id that a test of this package names stands in PROTOCOL.md', () => {
  const rules = new Set(text.match(/^- \*\*\[[A-Z]\d+\]/gm)?.map((rule) => rule.slice(4)));
  const files = [
    'wire/codec',
    'wire/version',
    'wire/close',
    'client/session',
    'client/rooms',
    'client/commands',
  ];
  for (const file of files) {
    const source = readFileSync(new URL(`../${file}.test.ts`, import.meta.url), 'utf8');
    for (const [, rule] of source.matchAll(/'(\[[A-Z]\d+\])/g))
      expect(rules, `${file}: ${rule}`).toContain(rule);
  }
});

describe('a generated region', () => {
  const page = 'a\n<!-- generated: x -->\nold\n<!-- /generated: x -->\nb\n';

  test('a generated region is replaced, and nothing around it', () => {
    expect(replaceRegion(page, 'x', 'new')).toBe(
      'a\n<!-- generated: x -->\nnew\n<!-- /generated: x -->\nb\n',
    );
    expect(replaceRegion(page, 'x', 'old')).toBe(page);
  });

  test('a generated region that is missing, doubled or upside down is an error', () => {
    expect(() => replaceRegion(page, 'y', '')).toThrow('generated: y');
    expect(() => replaceRegion(page + page, 'x', '')).toThrow();
    expect(() => replaceRegion('<!-- /generated: x -->\n<!-- generated: x -->\n', 'x', '')).toThrow();
  });
});
