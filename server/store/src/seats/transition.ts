import type { HoldId, MapCode, SeatEvent, UserId } from '@seatwire/protocol';

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
