/** protocol/examples/hello.k6.js, run as it stands by a real k6. Where there is none, the test's title says so. */
import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { build } from 'esbuild';
import { afterAll, expect, test } from 'vitest';
import { openStage, type Stage } from './bench/stage.ts';
import { environmentWith, K6_CACHE, K6_MODULE, PROJECT, readSurroundings } from './config.ts';
import { presentK6 } from './k6-program.ts';

const SCRIPT = join(PROJECT, 'protocol', 'examples', 'hello.k6.js');
// Not built here, which takes a minute: `.ci/run` has done it before.
const k6 = await presentK6({
  ...readSurroundings(),
  module: K6_MODULE,
  cache: K6_CACHE,
  progress: () => undefined,
});

let stage: Stage | undefined;
afterAll(() => stage?.stop());

if (k6 === null) {
  test('the k6 example is only compiled: there is no k6 here (set K6_BIN, or run npm run loadtest -- smoke once)', async () => {
    const compiled = await build({
      entryPoints: [SCRIPT],
      bundle: true,
      format: 'esm',
      external: ['k6', 'k6/*'],
      write: false,
      logLevel: 'silent',
    });
    expect(compiled.warnings).toEqual([]);
  });
} else {
  test('the k6 example holds places and gives them back', async () => {
    stage = await openStage({ buyers: 0, halls: [{ events: 1, rows: 10, seatsPerRow: 10 }] });
    // A check that fails fails the threshold, and with it the run: status 99.
    const { stdout } = await promisify(execFile)(k6, ['run', '--no-usage-report', '--no-color', SCRIPT], {
      env: environmentWith({ SEATWIRE_URL: stage.url }),
      timeout: 60_000,
    });
    expect(stdout).toMatch(/a place was held and given back/);
    expect(stdout).toMatch(/checks_succeeded\.*: 100\.00% 5 out of 5/);
    expect(stdout).toMatch(/seatwire_hold_ms\.*: avg=/);
    expect(Number(/seatwire_diffs\.*: (\d+)/.exec(stdout)?.[1])).toBeGreaterThan(0);
  });
}
