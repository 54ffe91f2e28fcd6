/** BullMQ jobs: what follows a commit. Job ids are the order's id, so a job added twice is one job. */
import * as z from 'zod';
import { orderId } from './words/ids.ts';

/** Queue of payment jobs. */
export const PAYMENTS_QUEUE = 'payments';

export const paymentJob = z.object({
  /** capture: the order is committed. void: it never will be (refused, expired, abandoned). refund: it was cancelled after capture. */
  action: z.enum(['capture', 'void', 'refund']),
  order: orderId,
});
export type PaymentJob = z.output<typeof paymentJob>;
