/** What an event's sale must keep to. Times in epoch ms; amounts in minor units. */
export interface EventRules {
  readonly saleOpensAt: number;
  readonly saleClosesAt: number;
  readonly maxPerHold: number;
  /** Held, paying and sold places together, per buyer. */
  readonly maxPerBuyer: number;
  readonly holdMs: number;
  /** An extended hold ends at most this long after it was made. */
  readonly maxHoldMs: number;
  /** How long checkout keeps the places at least while the payment runs, from the checkout on. */
  readonly payingMs: number;
  readonly currency: string;
  /** Rises with every change of prices: a hold priced by an older list is refused with `price_changed`. */
  readonly priceRevision: number;
  /**
   * Refuse holds of named places that leave a single free seat beside a chosen block while the seat at the block's other side is
   * free too; with no choice but to leave one, it may. Best available avoids it where another block is free.
   */
  readonly noOrphans: boolean;
}
