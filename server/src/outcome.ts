/** What a domain call comes to: the thing asked for, or the code of a refusal. Refusals are values; only defects and lost dependencies are thrown. */
import type { RejectCode } from '@seatwire/protocol';

export type Refused = {
  readonly reject: RejectCode;
  readonly places?: readonly number[];
  /** The same will be looked at then; of limits that know. */
  readonly retryAfterMs?: number;
};
export type Outcome<T> = T | Refused;

/** `places`: those that stood in the way. */
export function refused(code: RejectCode, places?: readonly number[]): Refused {
  return places === undefined ? { reject: code } : { reject: code, places };
}

export function isRefused(outcome: unknown): outcome is Refused {
  return typeof outcome === 'object' && outcome !== null && 'reject' in outcome;
}
