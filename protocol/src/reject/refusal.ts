/**
 * What a call comes to, in one shape from the scripts to the page: what was asked for, or why not. Refusals are values; only defects
 * and lost dependencies are thrown.
 */
import type { RejectCode } from './index.ts';

/** A layer may know more of it than the one below (`R` of `Result`), or have a code of its own (`Code`). */
export interface Refusal<Code extends string = RejectCode> {
  readonly ok: false;
  readonly code: Code;
  /** Those that stood in the way, where that applies. */
  readonly places?: readonly number[];
  /** When the same is worth another try; of limits that know. */
  readonly retryAfterMs?: number;
}

export type Result<T, R extends Refusal<string> = Refusal> = ({ readonly ok: true } & T) | R;

export function refused(code: RejectCode, places?: readonly number[]): Refusal {
  return places === undefined ? { ok: false, code } : { ok: false, code, places };
}

/** For values that have no `ok` of their own; a `Result` is told apart by its `ok`. */
export function isRefusal(value: unknown): value is Refusal {
  return typeof value === 'object' && value !== null && 'ok' in value && value.ok === false;
}
