import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';

const root = fileURLToPath(new URL('../../', import.meta.url));

test.each([
  ['loadtest/dist/main.js', '--bogus'],
  ['loadtest/dist/main.js', 'no-such-scenario'],
  ['loadtest/dist/bench/main.js', 'no-such-bench'],
  ['deploy/proof/dist/browser/first-purchase-run.js', 'many'],
])('[CB26] %s %s ends with 64 and says why', (program, wrong) => {
  const { status, stderr } = spawnSync(process.execPath, [program, wrong], { cwd: root, encoding: 'utf8' });
  expect(status).toBe(64);
  expect(stderr.length).toBeGreaterThan(10);
});
