/** How a run ended: what it is called, and the exit status that says so. */
import type { Judged } from './targets.ts';

export const RESULTS = {
  passed: { status: 0, said: 'passed' },
  failed: { status: 1, said: 'FAILED' },
  /** Nothing is wrong, but a target could not be told from here: whoever needs it told must not take this for a pass. */
  undecided: { status: 3, said: 'proven, but UNDECIDED: a target was not measurable here' },
} as const;
export type Result = keyof typeof RESULTS;

/** `sound`: thresholds, proof, and all else but the targets. */
export function resultOf(sound: boolean, targets: readonly Judged[]): Result {
  if (!sound || targets.some(({ standing }) => standing === 'missed')) return 'failed';
  return targets.every(({ standing }) => standing === 'met') ? 'passed' : 'undecided';
}

export function worstOf(results: readonly Result[]): Result {
  return (
    results.find((result) => result === 'failed') ??
    results.find((result) => result === 'undecided') ??
    'passed'
  );
}
