import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { collapsed, type Finding, reached } from './finding.ts';
import { tableOf } from './table.ts';

const row = (ratio: number): Finding => ({
  goal: '4',
  what: 'holds',
  figure: '1/s',
  calibration: '2/s',
  ratio,
  wanted: 4,
  collapse: 0.4,
  runs: 3,
  spread: 0.1,
});

test.each([
  [4, true, false, '| reached |'],
  [3.9, false, false, '| not reached |'],
  [0.4, false, false, '| not reached |'],
  [0.39, false, true, '| COLLAPSED |'],
  [Number.NaN, false, true, '| COLLAPSED |'],
])('a ratio of %d: reached %s, collapsed %s', (ratio, isReached, isCollapsed, shown) => {
  expect(reached(row(ratio))).toBe(isReached);
  expect(collapsed(row(ratio))).toBe(isCollapsed);
  expect(tableOf([row(ratio)])).toContain(shown);
});

test('a row without a goal has no verdict', () => {
  expect(tableOf([{ ...row(1), goal: null, wanted: 0 }])).not.toContain('reached');
});

/** As `npm run bench` runs it, from the sources. */
function bench(...args: string[]): Promise<{ status: number | null; said: string }> {
  const program = fileURLToPath(new URL('./main.ts', import.meta.url));
  const child = spawn(process.execPath, [
    '--conditions=@seatwire/source',
    '--import',
    'tsx',
    program,
    ...args,
  ]);
  let said = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (text: string) => {
      said += text;
    });
  }
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (status) => resolve({ status, said }));
  });
}

test('an unhindered run passes the guard, so the load client is no bottleneck', async () => {
  const { status, said } = await bench('load-client', '--quick');
  expect(said).toContain('0 collapsed, 0 failed');
  expect(said).not.toContain('COLLAPSED');
  expect(status).toBe(0);
}, 60_000);

test('a slowdown planted between clients and server is called a collapse, and fails the run', async () => {
  const { status, said } = await bench('load-client', '--quick', '--plant', 'slow-wire');
  expect(said).toContain('1 collapsed, 0 failed');
  expect(said).toContain('| COLLAPSED |');
  expect(status).toBe(1);
}, 60_000);
