/** What the seats hand over to the ledger. */
import type { EventId, HoldId, OrderId, UserId } from '@seatwire/protocol';

/** A purchase as the outbox carries it. */
export interface Purchase {
  readonly kind: 'purchase';
  readonly event: EventId;
  readonly order: OrderId;
  readonly hold: HoldId;
  readonly buyer: UserId;
  readonly fence: number;
  readonly places: readonly number[];
  readonly prices: readonly number[];
  readonly amount: number;
  readonly currency: string;
  readonly payment: string;
  readonly acceptedAt: number;
}
/**
 * A hold that was ever in checkout, and not for nothing, ended without a purchase: a payment for `order` must be voided if there is
 * one.
 */
export interface Lapse {
  readonly kind: 'lapse';
  readonly event: EventId;
  readonly order: OrderId;
  readonly buyer: UserId;
}
export type OutboxEntry = { readonly id: string } & (Purchase | Lapse);
