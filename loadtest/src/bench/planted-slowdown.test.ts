import { beforeAll, expect, test } from 'vitest';
import { collapsed, type Finding, reached } from './finding.ts';
import { loadClient } from './load-client.ts';
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

const around = { quick: true, say: () => undefined };
let plain: readonly Finding[] = [];
let slowed: readonly Finding[] = [];
beforeAll(async () => {
  plain = await loadClient.run({ ...around, hinderMs: 0 });
  slowed = await loadClient.run({ ...around, hinderMs: 250 });
}, 60_000);

test('the guard lets an unhindered run pass, and the load client is no bottleneck', () => {
  expect(plain.map(collapsed)).toEqual([false]);
});

test('the guard catches a slowdown planted between clients and server', () => {
  expect(slowed.map(collapsed)).toEqual([true]);
  expect(slowed[0]!.ratio).toBeLessThan(plain[0]!.ratio / 3);
});
