/** Gives the money of a cancelled order back, whether it was taken already or only reserved. */
import type { OrderId } from '@seatwire/protocol';
import { paymentOf, recordPayment, statusOfOrder } from '@seatwire/store';
import type { JobParts } from './job.ts';
import { paymentJob } from './payment-job.ts';

/** `not_cancelled`: the order stands, nothing was given back. Throws when ledger or provider do not answer: run it again. */
export async function refund(
  { db, provider }: JobParts,
  order: OrderId,
): Promise<'refunded' | 'voided' | 'nothing' | 'not_cancelled'> {
  const status = await statusOfOrder(db, order);
  if (status !== 'cancelled') return 'not_cancelled';
  if ((await paymentOf(db, order)) === null) return 'nothing';
  const payment = await provider.find(order);
  switch (payment?.state) {
    case 'captured':
    case 'refunded': // again, so that a lost record is made good
      await provider.refund(order, payment.amount);
      await recordPayment(db, order, 'refunded');
      return 'refunded';
    case 'authorised':
    case 'voided':
      await provider.void(order);
      await recordPayment(db, order, 'voided');
      return 'voided';
    case undefined:
      return 'nothing';
  }
}

export const refundJob = paymentJob('refund', refund);
