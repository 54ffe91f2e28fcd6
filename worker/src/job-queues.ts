/** The queues of jobs, one for each name that `jobs/jobs.ts` says. One job a name and key, however often it is asked for. */
import { type ConnectionOptions, Queue } from 'bullmq';
import type { Job, QueueName } from './jobs/job.ts';
import type { JobData, JobName } from './jobs/jobs.ts';

/** All keys of the queues in one slot of a Redis Cluster. */
export const QUEUE_PREFIX = '{seatwire}';
/** How the reason of a failed job starts that no repeat can help. */
export const IMPOSSIBLE = 'impossible: ';
/** Failed for good and kept for a person to look at; older ones go. */
const FAILED_KEPT = 10_000;

export interface JobQueues {
  /** Rejects when Redis does not take them in time; some may be queued then. */
  add<Name extends JobName>(name: Name, data: readonly JobData<Name>[]): Promise<void>;
  /** Like `add`, and wakes jobs that have no attempts left; not those that are impossible. */
  revive<Name extends JobName>(name: Name, data: readonly JobData<Name>[]): Promise<void>;
  close(): Promise<void>;
}

export interface JobQueuesParts {
  readonly jobs: readonly Job[];
  /** With `enableOfflineQueue: false` or a command timeout: adding must fail, not hang, while Redis is away. */
  readonly connection: ConnectionOptions;
  readonly failed: (error: Error) => void;
}

export function openJobQueues({ jobs, connection, failed }: JobQueuesParts): JobQueues {
  const queues = new Map<QueueName, Queue>();
  for (const { queue: name } of jobs) {
    if (queues.has(name)) continue;
    const queue = new Queue(name, { connection, prefix: QUEUE_PREFIX });
    queue.on('error', failed);
    queues.set(name, queue);
  }
  const byName = new Map(jobs.map((job) => [job.name, job]));
  const of = (name: JobName): { readonly job: Job; readonly queue: Queue } => {
    const job = byName.get(name)!;
    return { job, queue: queues.get(job.queue)! };
  };

  async function add(name: JobName, data: readonly unknown[]): Promise<void> {
    if (data.length === 0) return;
    const { job, queue } = of(name);
    const { attempts, backoffMs: delay } = job;
    await queue.addBulk(
      data.map((each) => ({
        name,
        data: job.schema.parse(each),
        opts: {
          jobId: idOf(job, each),
          attempts,
          backoff: { type: 'exponential', delay, jitter: 0.5 },
          removeOnComplete: true, // a job left behind would make the next `add` of its id a silent no-op
          removeOnFail: { count: FAILED_KEPT },
        },
      })),
    );
  }

  return {
    add,
    async revive(name, data) {
      await add(name, data);
      const { job, queue } = of(name);
      for (const each of data) {
        const queued = await queue.getJob(idOf(job, each));
        if (queued === undefined || queued.failedReason?.startsWith(IMPOSSIBLE)) continue;
        if (await queued.isFailed()) await queued.retry('failed', { resetAttemptsMade: true });
      }
    },
    async close() {
      await Promise.all([...queues.values()].map((queue) => queue.close()));
    },
  };
}

const idOf = (job: Job, data: unknown): string => `${job.name}-${job.keyOf(data)}`;
