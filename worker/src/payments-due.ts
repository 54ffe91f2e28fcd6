/**
 * Finds payments that are not where the ledger says they should be, because a job was lost or failed for good, and queues the
 * jobs again. It goes by the ledger alone, so it mends whatever happened to Redis in between.
 */

import type { Service } from '@seatwire/program';
import { repeat } from '@seatwire/program';
import { type Database, paymentsDue, takeTurn } from '@seatwire/store';
import type { Cluster, Redis } from 'ioredis';
import type { Logger } from 'pino';
import type { PaymentAction, PaymentQueue } from './job-queue.ts';
import type { Metrics } from './metrics.ts';

export interface PaymentsDueParts {
  readonly db: Database;
  readonly redis: Redis | Cluster;
  readonly queue: Pick<PaymentQueue, 'revive'>;
  readonly holder: string;
  readonly everyMs: number;
  /** Payments younger than this are left to the jobs that the flush queued. */
  readonly graceMs: number;
  readonly metrics: Metrics;
  readonly log: Logger;
}

const LIMIT = 1_000;
const ACTIONS: readonly PaymentAction[] = ['capture', 'void', 'refund'];

export function paymentsDueService(parts: PaymentsDueParts): Service {
  const { db, redis, queue, holder, everyMs, graceMs, metrics, log } = parts;
  return repeat({
    name: 'payments due',
    everyMs,
    capMs: 60_000,
    log,
    async run() {
      if (!(await takeTurn(redis, 'payments-due', holder, everyMs))) return;
      const due = await paymentsDue(db, LIMIT, graceMs);
      for (const action of ACTIONS) {
        const orders = due.filter((job) => job.action === action).map(({ order }) => order);
        await queue.revive(action, orders);
        metrics.paymentsDue.inc({ action }, orders.length);
      }
    },
  });
}
