import { describe, expect, it } from 'vitest';
import { notFlat } from './flatness.ts';
import { judgeTargets } from './targets.ts';

const metrics = (age: number, late: number) => ({
  seatwire_diff_age_ms: { 'p(99)': age },
  seatwire_k6_late_ms: { 'p(99)': late },
});
const first = (age: number, late: number) => judgeTargets('fan-out', metrics(age, late))[0]!;

describe('the targets', () => {
  it('are reached, refuted, or not to be told while k6 itself is late', () => {
    expect(first(29, 0)).toMatchObject({ reached: true, line: expect.stringContaining('reached, 29 ms') });
    expect(first(70, 50)).toMatchObject({ reached: true, line: expect.stringContaining('not refuted') });
    expect(first(81, 50)).toMatchObject({ reached: false, line: expect.stringContaining('NOT reached') });
  });

  it('are not reached by what was not measured', () => {
    expect(judgeTargets('purchase', {})[0]).toMatchObject({ reached: false });
  });
});

describe('a soak', () => {
  const thirds = (a: number, b: number) => ({
    'seatwire_hold_ms{third:first}': { med: a },
    'seatwire_hold_ms{third:last}': { med: b },
  });
  it('is flat when its last third is about as quick as its first', () => {
    expect(notFlat(thirds(8, 20))).toBeNull();
  });
  it('is not flat when it slows down, nor when there is nothing to compare', () => {
    expect(notFlat(thirds(8, 60))).toMatch(/8 ms \(median\) in the first third, 60 ms in the last/);
    expect(notFlat({})).toMatch(/no holds/);
  });
});
