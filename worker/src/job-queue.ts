/** The queue of payment jobs. One job an action and order, however often it is asked for. */
import type { OrderId, PaymentJob } from '@seatwire/protocol';
import { PAYMENTS_QUEUE } from '@seatwire/protocol';
import { type ConnectionOptions, Queue } from 'bullmq';

/** All keys of the queue in one slot of a Redis Cluster. */
export const QUEUE_PREFIX = '{seatwire}';
/** How the reason of a job starts that the provider will never do. */
export const IMPOSSIBLE = 'impossible: ';
/** Failed for good and kept for a person to look at; older ones go. */
const FAILED_KEPT = 10_000;

export type PaymentAction = PaymentJob['action'];

export interface PaymentQueue {
  /** Rejects when Redis does not take them in time; some may be queued then. */
  add(action: PaymentAction, orders: readonly OrderId[]): Promise<void>;
  /** Like `add`, and wakes the jobs that ran out of attempts; not those the provider called impossible. */
  revive(action: PaymentAction, orders: readonly OrderId[]): Promise<void>;
  close(): Promise<void>;
}

export interface PaymentQueueOptions {
  readonly attempts?: number;
  /** First pause between attempts; doubles each time, half of it jitter. */
  readonly backoffMs?: number;
  readonly failed?: (error: Error) => void;
}

/** `connection` must have `enableOfflineQueue: false` or a command timeout: adding must fail, not hang, while Redis is away. */
export function openPaymentQueue(
  connection: ConnectionOptions,
  { attempts = 12, backoffMs = 250, failed = () => {} }: PaymentQueueOptions = {},
): PaymentQueue {
  const queue = new Queue<PaymentJob, unknown, PaymentAction>(PAYMENTS_QUEUE, {
    connection,
    prefix: QUEUE_PREFIX,
    defaultJobOptions: {
      attempts,
      backoff: { type: 'exponential', delay: backoffMs, jitter: 0.5 },
      removeOnComplete: true, // a job left behind would make the next `add` of its id a silent no-op
      removeOnFail: { count: FAILED_KEPT },
    },
  });
  queue.on('error', failed);

  async function add(action: PaymentAction, orders: readonly OrderId[]): Promise<void> {
    if (orders.length === 0) return;
    await queue.addBulk(
      orders.map((order) => ({
        name: action,
        data: { action, order },
        opts: { jobId: jobId(action, order) },
      })),
    );
  }

  return {
    add,
    async revive(action, orders) {
      await add(action, orders);
      for (const order of orders) {
        const job = await queue.getJob(jobId(action, order));
        if (job === undefined || job.failedReason?.startsWith(IMPOSSIBLE)) continue;
        if (await job.isFailed()) await job.retry('failed', { resetAttemptsMade: true });
      }
    },
    close: () => queue.close(),
  };
}

/** BullMQ takes no colons in ids. */
const jobId = (action: PaymentAction, order: OrderId): string => `${action}-${order}`;
