/** Takes the money of an order, once the ledger says it is confirmed and never before. */
import type { OrderId } from '@seatwire/protocol';
import { paymentOf, recordPayment, statusOfOrder } from '@seatwire/store';
import type { JobParts } from './job.ts';
import { paymentJob } from './payment-job.ts';

/**
 * `not_confirmed`: nothing was taken. `nothing`: there was nothing to pay. `out_of_order`: taken, though the ledger has the payment as
 * voided. Throws when ledger or provider do not answer: run it again.
 */
export async function capture(
  { db, provider }: JobParts,
  order: OrderId,
): Promise<'captured' | 'nothing' | 'not_confirmed' | 'out_of_order'> {
  const status = await statusOfOrder(db, order);
  if (status !== 'confirmed') return 'not_confirmed';
  if ((await paymentOf(db, order)) === null) return 'nothing';
  await provider.capture(order);
  const recorded = await recordPayment(db, order, 'captured');
  return recorded === 'recorded' ? 'captured' : 'out_of_order';
}

export const captureJob = paymentJob('capture', capture);
