/** What crosses Redis pub/sub between processes. Never sent to clients as it is: it names holds and buyers. */
import type { DownOf } from './messages/down.ts';
import type { EventId, HoldId, OpId, UserId } from './words/ids.ts';
import type { MapCode, SeatEvent } from './words/seat.ts';

/** One transition of one event, published by the script that made it. Versions of one epoch have no gaps: a gap means reload. */
export interface Transition {
  readonly epoch: string;
  readonly version: number;
  readonly kind: SeatEvent | 'rebuild';
  /** What all `places` became. */
  readonly code: MapCode;
  readonly places: readonly number[];
  /** The holds it is about: made by it (`hold`), or ended by it (`release`, `confirm`, `expire`, `rebuild`). Their buyers' sessions are told. */
  readonly holds: readonly { readonly hold: HoldId; readonly buyer: UserId }[];
}

/** A private message for every session of one user. Published in batches: one PUBLISH carries an array of these. */
export interface Notice {
  readonly to: UserId;
  readonly message: DownOf<'order' | 'hold-ending' | 'hold-ended'>;
}

/**
 * A hold changed and the map did not (extended, checked out, back from a declined payment), so there is no transition. Servers look
 * it up for the sessions they have of the buyer, but for the session whose command `op` was: what came first is never told last.
 */
export interface HoldTouched {
  readonly to: UserId;
  readonly touched: { readonly event: EventId; readonly hold: HoldId };
  readonly op: OpId;
}

/** What the channel of notices carries. */
export type News = Notice | HoldTouched;

/** What a server tells the others of a room, each second: they sum the viewers. */
export interface Presence {
  readonly server: string;
  readonly event: EventId;
  readonly viewers: number;
}
