/** What crosses Redis pub/sub between processes. Never sent to clients as it is: it names holds and buyers. */
import type { EventId, HoldId, UserId } from './ids.ts';
import type { HoldChanged } from './messages/down/hold-changed.ts';
import type { HoldEnded } from './messages/down/hold-ended.ts';
import type { HoldEnding } from './messages/down/hold-ending.ts';
import type { Order } from './messages/down/order.ts';
import type { MapCode, SeatEvent } from './seat.ts';

/** One transition of one event, published by the script that made it. Versions of one epoch have no gaps: a gap means reload. */
export interface Transition {
  readonly epoch: string;
  readonly version: number;
  readonly kind: SeatEvent | 'rebuild';
  /** What all `places` became. */
  readonly code: MapCode;
  readonly places: readonly number[];
  /** Holds that this ended without their owner's command (expiry): their owners are told. */
  readonly ended: readonly { readonly hold: HoldId; readonly buyer: UserId }[];
}

/** A private message for every session of one user. Published in batches: one PUBLISH carries an array of these. */
export interface Notice {
  readonly to: UserId;
  readonly message: Order | HoldEnding | HoldEnded | HoldChanged;
}

/** What a server tells the others of a room, each second: they sum the viewers. */
export interface Presence {
  readonly server: string;
  readonly event: EventId;
  readonly viewers: number;
}
