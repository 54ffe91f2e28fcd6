/** Ends expired holds, so that all see their places as free. Expiry itself does not wait for it: an expired hold gives no right. */
import { type RedisClient, type SeatStore, takeWorkLease } from '@seatwire/store';
import type { Metrics } from '../metrics.ts';

export interface SweepParts {
  readonly seats: Pick<SeatStore, 'expireDue' | 'partitions'>;
  readonly redis: RedisClient;
  readonly holder: string;
  /** Pause between two looks of one worker. */
  readonly everyMs: number;
  readonly metrics: Metrics;
}

/** Holds ended by one call of the script: about 1 ms of Redis at most. */
const LIMIT = 100;

export async function sweep(
  { seats, redis, holder, everyMs, metrics }: SweepParts,
  signal: AbortSignal,
): Promise<void> {
  async function sweepPartition(partition: number): Promise<void> {
    // The lease expires a little before the next look, so that a worker alone finds its own leases over.
    if (!(await takeWorkLease(redis, `sweep-${partition}`, holder, Math.max(1, everyMs - 10)))) return;
    while (!signal.aborted) {
      const ended = await seats.expireDue(partition, LIMIT);
      metrics.expired.inc(ended);
      if (ended < LIMIT) return;
    }
  }

  const partitions = Array.from({ length: seats.partitions }, (_, partition) => partition);
  const swept = await Promise.allSettled(partitions.map(sweepPartition));
  const failed = swept.find((result) => result.status === 'rejected');
  if (failed) throw failed.reason;
}
