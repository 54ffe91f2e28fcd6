/** What a worker does by time, beside all other workers: each run may safely happen twice, and work leases keep most from doing so. */
import { type Database, forgetRefreshSalts, takeWorkLease } from '@seatwire/store';
import type { Logger } from 'pino';
import { measureBacklog } from './backlog.ts';
import type { WorkerConfig } from './config.ts';
import type { JobQueues } from './job-queues.ts';
import type { Metrics } from './metrics.ts';
import { revivePaymentsDue } from './payments-due.ts';
import { rebuildMissing } from './seats/rebuilds.ts';
import { reconcileAll } from './seats/reconcile-all.ts';
import { sweep } from './seats/sweep.ts';
import type { Stores } from './stores.ts';

export interface Scheduled {
  readonly name: string;
  /** Pause between the end of a run and the start of the next, and before it the first. */
  readonly everyMs: number;
  /** Longest pause after failures in a row; 5 s if left out. */
  readonly capMs?: number;
  run(signal: AbortSignal): Promise<void>;
}

export interface ScheduleParts extends Pick<Stores, 'redis' | 'seats'> {
  readonly db: Database;
  readonly queues: Pick<JobQueues, 'revive'>;
  readonly metrics: Metrics;
  readonly log: Logger;
}

const DUE_MS = 5_000;
/** A job queued by the flush has run by then, unless there is trouble. */
const DUE_GRACE_MS = 10_000;
/** Salts are kept for this and a minute. */
const SALTS_MS = 10_000;
const MISSING_MS = 2_000;
const BACKLOG_MS = 2_000;

export function schedule(
  { consumer: holder, partitions, sweepMs, reconcileMs }: WorkerConfig,
  parts: ScheduleParts,
): readonly Scheduled[] {
  const { redis, seats } = parts;
  return [
    {
      name: 'sweep',
      everyMs: sweepMs,
      capMs: 1_000, // holds must end within 2 s of their expiry
      run: (signal) => sweep({ ...parts, holder, everyMs: sweepMs }, signal),
    },
    {
      name: 'payments due',
      everyMs: DUE_MS,
      capMs: 60_000,
      async run() {
        if (await takeWorkLease(redis, 'payments-due', holder, DUE_MS))
          await revivePaymentsDue({ ...parts, graceMs: DUE_GRACE_MS });
      },
    },
    {
      name: 'refresh salts',
      everyMs: SALTS_MS,
      async run() {
        if (await takeWorkLease(redis, 'refresh-salts', holder, SALTS_MS)) await forgetRefreshSalts(parts.db);
      },
    },
    {
      name: 'missing events',
      everyMs: MISSING_MS,
      run: (signal) => rebuildMissing({ ...parts, holder, everyMs: MISSING_MS }, signal),
    },
    {
      name: 'reconcile',
      everyMs: reconcileMs,
      capMs: reconcileMs,
      run: (signal) => reconcileAll({ ...parts, provider: null, holder, everyMs: reconcileMs }, signal),
    },
    {
      name: 'backlog',
      everyMs: BACKLOG_MS,
      run: () => measureBacklog({ ...parts, outbox: seats.outbox, partitions }),
    },
  ];
}
