/** Lets go of the money reserved for an order that will never be: refused by the ledger, or its checkout ended without a purchase. */
import type { OrderId } from '@seatwire/protocol';
import { paymentOf, recordPayment, statusOfOrder } from '@seatwire/store';
import type { JobParts } from './job.ts';
import { paymentJob } from './payment-job.ts';

/**
 * `confirmed`: the order stands, so its payment was left alone. `nothing`: there was nothing to pay. Throws when ledger or provider do
 * not answer: run it again.
 */
export async function voidPayment(
  { db, provider }: JobParts,
  order: OrderId,
): Promise<'voided' | 'nothing' | 'confirmed' | 'out_of_order'> {
  const status = await statusOfOrder(db, order);
  if (status === 'confirmed') return 'confirmed';
  if (status !== null && (await paymentOf(db, order)) === null) return 'nothing';
  await provider.void(order);
  // A checkout that lapsed never reached the ledger: `unknown_order`, and nothing to record.
  return (await recordPayment(db, order, 'voided')) === 'out_of_order' ? 'out_of_order' : 'voided';
}

export const voidJob = paymentJob('void', voidPayment);
