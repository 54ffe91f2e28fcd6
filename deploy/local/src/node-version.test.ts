import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { FIRST_MINOR, unsuitableNode } from '../node-version.mjs';
import { PROJECT } from './config.ts';

const START = 'deploy/local/start.mjs';

test.each(['20.19.0', '20.20.2', '22.12.0', '22.30.1', '24.0.0', '24.21.0'])('Node %s will do', (version) => {
  expect(unsuitableNode(version, START)).toBeUndefined();
});

test.each(['18.20.0', '20.18.3', '21.7.0', '22.11.0', '23.1.0', '25.0.0', '26.10.0', '100.0.0'])(
  'Node %s will not, and one line says what to run',
  (version) => {
    const line = unsuitableNode(version, START)!;
    expect(line).not.toContain('\n');
    expect(line).toContain(version);
    expect(line.endsWith(`npx -y node@24 ${START}`)).toBe(true);
  },
);

test("package.json's engines name the same releases", () => {
  const { engines } = JSON.parse(readFileSync(join(PROJECT, 'package.json'), 'utf8')) as {
    engines: { node: string };
  };
  const ranges = Object.entries(FIRST_MINOR).map(([major, minor]) => `^${major}.${minor}.0`);
  expect(engines.node).toBe(ranges.join(' || '));
});
