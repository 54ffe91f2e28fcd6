/**
 * The payment port: what Seatwire needs of any provider. All calls are keyed by the order id, so each may be
 * repeated after a lost answer. A timeout is *unknown*, never *failed*: ask `find` before deciding.
 */
import type { OrderId, PaymentMethod } from '@seatwire/protocol';

export type Authorisation =
  | { readonly kind: 'authorised'; readonly payment: string }
  | { readonly kind: 'declined'; readonly why: string }
  /** No answer in time. The payment may exist: `find` or `void` it. */
  | { readonly kind: 'unknown' };

export interface Payment {
  readonly payment: string;
  readonly order: OrderId;
  readonly amount: number;
  readonly currency: string;
  readonly state: 'authorised' | 'captured' | 'voided' | 'refunded';
}

/** Stands for the payment of what costs nothing: no provider is asked, and none knows it. */
export const NOTHING_PAID = 'nothing';

export interface PaymentProvider {
  readonly name: string;
  /** What a buyer may choose here; test cards for the simulated one. */
  methods(): readonly PaymentMethod[];
  /** Reserves the money. After `void` of the same order it is refused, so a late authorisation cannot outlive its order. */
  authorise(request: {
    order: OrderId;
    amount: number;
    currency: string;
    method: string;
    deadlineMs: number;
  }): Promise<Authorisation>;
  /** Takes reserved money. Idempotent. Throws `Unavailable` when the provider does not answer: retry. */
  capture(order: OrderId): Promise<Payment>;
  /** Lets reserved money go, and bars the order from being authorised later. Idempotent; does nothing when there is no payment. */
  void(order: OrderId): Promise<void>;
  refund(order: OrderId, amount: number): Promise<Payment>;
  find(order: OrderId): Promise<Payment | null>;
  close(): Promise<void>;
}

/** The payment's state forbids this step (capture of a voided one). Repeating does not help: a person must look. */
export class PaymentImpossible extends Error {
  override readonly name = 'PaymentImpossible';
}
