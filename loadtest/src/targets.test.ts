import { describe, expect, test } from 'vitest';
import { notFlat } from './flatness.ts';
import { judgeTargets } from './targets.ts';

const metrics = (least: number, most: number, late: number) => ({
  seatwire_diff_age_ms: { 'p(99)': least },
  seatwire_hold_to_viewer_ms: { 'p(99)': most },
  seatwire_k6_late_ms: { 'p(99)': late },
});

describe('a target', () => {
  test.each([
    ['met', 'even the longer time is short enough', 12, 29, 0],
    ['met', 'it is, however late k6 was, which only makes times longer', 12, 29, 50],
    ['missed', 'the shorter time is too long', 31, 40, 0],
    ['missed', 'it is by more than k6 was late', 81, 120, 50],
    ['not measurable', 'k6 was late enough to be the cause', 70, 90, 50],
    ['not measurable', 'it lies between the two times', 12, 45, 0],
  ] as const)('a target is %s when %s', (standing, _, least, most, late) => {
    const [judged] = judgeTargets('fan-out', metrics(least, most, late));
    expect(judged).toMatchObject({ standing, line: expect.stringContaining(`(p99): ${standing}`) });
  });

  test('a target that is not measurable is said to be neither met nor missed, and why', () => {
    const [judged] = judgeTargets('fan-out', metrics(70, 90, 50));
    expect(judged?.line).toMatch(/not measurable here, between 70 and 90 ms, k6 itself late by 50 ms/);
    expect(judged?.line).not.toMatch(/met|missed|reached/);
  });

  test('a target is missed when its scenario did not measure it', () => {
    expect(judgeTargets('purchase', {})).toMatchObject([{ standing: 'missed' }]);
    expect(judgeTargets('fan-out', { seatwire_diff_age_ms: { 'p(99)': 1 } })).toMatchObject([
      { standing: 'missed' },
    ]);
  });
});

describe('a soak', () => {
  const thirds = (a: number, b: number) => ({
    'seatwire_hold_ms{third:first}': { med: a },
    'seatwire_hold_ms{third:last}': { med: b },
  });
  test('a soak is flat when its last third is about as quick as its first', () => {
    expect(notFlat(thirds(8, 20))).toBeNull();
  });
  test('a soak is not flat when it slows down, nor when there is nothing to compare', () => {
    expect(notFlat(thirds(8, 60))).toMatch(/8 ms \(median\) in the first third, 60 ms in the last/);
    expect(notFlat({})).toMatch(/no holds/);
  });
});
