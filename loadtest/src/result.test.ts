import { describe, expect, test } from 'vitest';
import { RESULTS, resultOf, worstOf } from './result.ts';
import type { Judged } from './targets.ts';

describe('the result of a run', () => {
  const met = { standing: 'met' } as Judged;
  const missed = { standing: 'missed' } as Judged;
  const unknown = { standing: 'not measurable' } as Judged;

  test.each([
    ['passed', 0, true, []],
    ['passed', 0, true, [met]],
    ['undecided', 3, true, [met, unknown]],
    ['failed', 1, true, [unknown, missed]],
    ['failed', 1, false, [met]],
    ['failed', 1, false, [unknown]],
  ] as const)(
    "a run's result is %s, status %d, when sound is %s and its targets are %j",
    (result, status, sound, targets) => {
      expect(resultOf(sound, targets)).toBe(result);
      expect(RESULTS[result].status).toBe(status);
    },
  );

  test('the result of several generators is that of the worst', () => {
    expect(worstOf(['passed', 'passed'])).toBe('passed');
    expect(worstOf(['undecided', 'passed'])).toBe('undecided');
    expect(worstOf(['undecided', 'failed', 'passed'])).toBe('failed');
  });
});
