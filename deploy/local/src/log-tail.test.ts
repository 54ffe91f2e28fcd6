import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { lastWords } from './log-tail.ts';

let dir: string;
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'seatwire-log-'));
});
afterEach(() => rmSync(dir, { recursive: true, force: true }));

function log(...lines: string[]): string {
  const file = join(dir, 'server.log');
  writeFileSync(file, `${lines.join('\n')}\n`);
  return file;
}

test('shows JSON lines as a person would say them, and other lines as they are', () => {
  const file = log(
    '{"level":30,"msg":"listening"}',
    '{"level":60,"err":{"message":"the port is taken"},"msg":"could not start"}',
    'Error: plain text',
    '{"level":',
  );
  expect(lastWords(file)).toBe(
    'listening\nfatal: could not start: the port is taken\nError: plain text\n{"level":',
  );
});

test('shows only the last lines of a long log', () => {
  const file = log(...Array.from({ length: 5000 }, (_, i) => `line ${i}`));
  expect(lastWords(file, 2)).toBe('line 4998\nline 4999');
});

test('is empty without a log', () => {
  expect(lastWords(join(dir, 'none.log'))).toBe('');
});
