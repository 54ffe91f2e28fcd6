/**
 * Finds payments that are not where the ledger says they should be, because a job was lost or failed for good, and queues the
 * jobs again. It goes by the ledger alone, so it mends any loss in Redis in between.
 */
import { type Database, PAYMENT_ACTIONS, paymentsDue } from '@seatwire/store';
import type { JobQueues } from './job-queues.ts';
import type { Metrics } from './metrics.ts';

export interface PaymentsDueParts {
  readonly db: Database;
  readonly queues: Pick<JobQueues, 'revive'>;
  /** Payments younger than this are left to the jobs that the flush queued. */
  readonly graceMs: number;
  readonly metrics: Metrics;
}

const LIMIT = 1_000;

export async function revivePaymentsDue({ db, queues, graceMs, metrics }: PaymentsDueParts): Promise<void> {
  const due = await paymentsDue(db, LIMIT, graceMs);
  for (const action of PAYMENT_ACTIONS) {
    const orders = due.flatMap((payment) => (payment.action === action ? [{ order: payment.order }] : []));
    await queues.revive(action, orders);
    metrics.paymentsDue.inc({ action }, orders.length);
  }
}
