/** Runs payment jobs: capture, void, refund. A job that fails is tried again with growing pauses, then kept as failed. */

import type { Service } from '@seatwire/program';
import { type OrderId, PAYMENTS_QUEUE, type PaymentJob, paymentJob } from '@seatwire/protocol';
import { LONGEST_BLOCK_MS, PaymentImpossible } from '@seatwire/store';
import { type ConnectionOptions, UnrecoverableError, Worker } from 'bullmq';
import type { Logger } from 'pino';
import { IMPOSSIBLE, type PaymentAction, QUEUE_PREFIX } from './job-queue.ts';
import { capture } from './jobs/capture.ts';
import type { TaskParts } from './jobs/job.ts';
import { refund } from './jobs/refund.ts';
import { voidPayment } from './jobs/void.ts';
import type { Metrics } from './metrics.ts';

export interface PaymentWorkerParts extends TaskParts {
  /** For blocking reads: `maxRetriesPerRequest: null`, no command timeout. */
  readonly connection: ConnectionOptions;
  readonly concurrency: number;
  readonly metrics: Metrics;
  readonly log: Logger;
  /** A job whose worker is silent this long is given to another, ms. */
  readonly stalledMs?: number;
}

const TASKS: Readonly<Record<PaymentAction, (parts: TaskParts, order: OrderId) => Promise<string>>> = {
  capture,
  void: voidPayment,
  refund,
};

/** What the provider forbids is not tried again: a person must look. */
function rethrown(error: unknown): never {
  if (error instanceof PaymentImpossible) throw new UnrecoverableError(`${IMPOSSIBLE}${error.message}`);
  throw error;
}

/** BullMQ waits for delayed jobs for up to 10 s at a time, for which its line would be taken for dead. */
class JobWorker extends Worker<PaymentJob, string, PaymentAction> {
  override get maximumBlockTimeout(): number {
    return LONGEST_BLOCK_MS / 1_000;
  }
}

export function paymentWorker(parts: PaymentWorkerParts): Service {
  const { connection, concurrency, metrics, log, stalledMs = 15_000 } = parts;
  const worker = new JobWorker(
    PAYMENTS_QUEUE,
    async (job) => {
      const read = paymentJob.safeParse(job.data);
      if (!read.success) throw new UnrecoverableError(`not a payment job: ${read.error.message}`);
      const { action, order } = read.data;
      const result = await TASKS[action](parts, order).catch(rethrown);
      metrics.payments.inc({ action, result });
      return result;
    },
    {
      connection,
      prefix: QUEUE_PREFIX,
      autorun: false,
      drainDelay: LONGEST_BLOCK_MS / 1_000,
      concurrency,
      lockDuration: stalledMs,
      stalledInterval: stalledMs,
      // Tasks are idempotent, so a job may outlive several workers; the default of 1 would fail it at the second.
      maxStalledCount: 10,
    },
  );
  worker.on('error', (error) => log.warn({ err: error }, 'payment jobs: Redis does not answer'));
  worker.on('failed', (job, error) => {
    metrics.paymentFailures.inc({ action: job?.name ?? 'unknown' });
    log.warn({ err: error, job: job?.id, attempts: job?.attemptsMade }, 'a payment job failed');
  });

  let running: Promise<void> = Promise.resolve();
  return {
    name: 'payment jobs',
    async start() {
      running = worker.run().catch((error: unknown) => {
        log.error({ err: error }, 'payment jobs ended');
      });
    },
    async drain() {
      await worker.close(); // waits for the jobs under way
      await running;
    },
    async stop() {
      await worker.close(true);
    },
  };
}
