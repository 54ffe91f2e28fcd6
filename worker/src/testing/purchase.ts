import type { EventId, HoldId, OrderId, UserId } from '@seatwire/protocol';
import type { Purchase } from '@seatwire/store';

/** Place `n` of an event that is in no store. */
export const purchaseOf = (n: number, price: number): Purchase => ({
  kind: 'purchase',
  event: 'e' as EventId,
  order: `order-${n}` as OrderId,
  hold: 'h' as HoldId,
  buyer: 'b' as UserId,
  fence: n,
  places: [n],
  prices: [price],
  amount: price,
  currency: 'EUR',
  payment: 'p',
  acceptedAt: 0,
});
