/**
 * Runs the jobs of a list, queue by queue. A job that fails is tried again with growing pauses, then kept as failed. One that cannot be
 * read (of another version, or written by hand) is tried again too, since a newer worker may know it, and at its last attempt buried as
 * a dead letter: nothing is dropped.
 */
import { type Service, service } from '@seatwire/program';
import { type DeadLetter, LONGEST_BLOCK_MS } from '@seatwire/store';
import { type ConnectionOptions, type Job as Queued, UnrecoverableError, Worker } from 'bullmq';
import type { Logger } from 'pino';
import { IMPOSSIBLE, QUEUE_PREFIX } from './job-queues.ts';
import type { Job, JobParts, QueueName } from './jobs/job.ts';
import type { Metrics } from './metrics.ts';

export interface JobRunnerParts extends JobParts {
  readonly jobs: readonly Job[];
  /** Jobs of each queue under way at once in this worker. */
  readonly concurrency: Readonly<Record<QueueName, number>>;
  /** For blocking reads: `maxRetriesPerRequest: null`, no command timeout. */
  readonly connection: ConnectionOptions;
  readonly bury: (letter: DeadLetter) => Promise<void>;
  readonly metrics: Metrics;
  readonly log: Logger;
}

/** A job whose worker is silent this long is given to another. */
const STALLED_MS = 15_000;

/** BullMQ waits for delayed jobs for up to 10 s at a time, for which its line would be taken for dead. */
class JobWorker extends Worker<unknown, string> {
  override get maximumBlockTimeout(): number {
    return LONGEST_BLOCK_MS / 1_000;
  }
}

/** One service a queue. */
export function jobRunner(parts: JobRunnerParts): readonly Service[] {
  const queues = new Set(parts.jobs.map(({ queue }) => queue));
  return [...queues].map((queue) => runQueue(queue, parts));
}

function runQueue(queue: QueueName, parts: JobRunnerParts): Service {
  const { jobs, connection, concurrency, metrics, log } = parts;
  const byName = new Map(jobs.filter((job) => job.queue === queue).map((job) => [job.name, job]));

  async function carryOut(queued: Queued<unknown, string>): Promise<string> {
    const job = byName.get(queued.name);
    const read = job?.schema.safeParse(queued.data);
    if (!job || !read?.success) return buryUnreadable(queue, queued, read?.error ?? null, parts);
    const result = await job.handle(parts, read.data).catch((error: unknown) => {
      if (job.isFinal(error))
        throw new UnrecoverableError(`${IMPOSSIBLE}${String((error as Error).message)}`);
      throw error;
    });
    metrics.jobs.inc({ queue, job: job.name, result });
    return result;
  }

  const worker = new JobWorker(queue, carryOut, {
    connection,
    prefix: QUEUE_PREFIX,
    autorun: false,
    drainDelay: LONGEST_BLOCK_MS / 1_000,
    concurrency: concurrency[queue],
    lockDuration: STALLED_MS,
    stalledInterval: STALLED_MS,
    // Jobs are idempotent, so one may outlive several workers; the default of 1 would fail it at the second.
    maxStalledCount: 10,
  });
  worker.on('error', (error) => log.warn({ err: error, queue }, 'jobs: Redis does not answer'));
  worker.on('failed', (job, error) => {
    metrics.jobFailures.inc({ queue, job: job && byName.has(job.name) ? job.name : 'unknown' });
    log.warn({ err: error, queue, job: job?.id, attempts: job?.attemptsMade }, 'a job failed');
  });

  let running: Promise<void> = Promise.resolve();
  return service(`jobs of ${queue}`, {
    async start() {
      running = worker.run().catch((error: unknown) => {
        log.error({ err: error, queue }, 'jobs ended');
      });
    },
    async drain() {
      await worker.close(); // waits for the jobs under way
      await running;
    },
    stop: () => worker.close(true),
  });
}

async function buryUnreadable(
  queue: QueueName,
  { id, name, data, attemptsMade, opts }: Queued<unknown, string>,
  error: Error | null,
  { bury, metrics, log }: JobRunnerParts,
): Promise<string> {
  const reason = error === null ? `no job is called ${name}` : `it cannot be read: ${error.message}`;
  if (attemptsMade + 1 < (opts.attempts ?? 1)) throw new Error(reason);
  await bury({
    source: `jobs of ${queue}`,
    entry: id ?? '',
    reason,
    content: JSON.stringify({ name, data }),
  });
  metrics.deadLetters.inc();
  log.error({ queue, job: id, name, data }, 'a job that cannot be read is buried as a dead letter');
  return 'buried';
}
