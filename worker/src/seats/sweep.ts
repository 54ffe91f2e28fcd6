/** Ends holds that are past their expiry, so that their places are seen free by all. Expiry itself does not wait for it: an expired hold gives no right. */

import type { Service } from '@seatwire/program';
import { repeat } from '@seatwire/program';
import { type SeatStore, takeTurn } from '@seatwire/store';
import type { Cluster, Redis } from 'ioredis';
import type { Logger } from 'pino';
import type { Metrics } from '../metrics.ts';

export interface SweepParts {
  readonly seats: Pick<SeatStore, 'expireDue' | 'partitions'>;
  readonly redis: Redis | Cluster;
  readonly holder: string;
  readonly everyMs: number;
  readonly metrics: Metrics;
  readonly log: Logger;
}

/** Holds ended by one call of the script: about 1 ms of Redis at most. */
const LIMIT = 100;

export function sweep({ seats, redis, holder, everyMs, metrics, log }: SweepParts): Service {
  async function sweepPartition(partition: number, signal: AbortSignal): Promise<void> {
    // A turn lapses a little before the next look, so that one worker alone finds its own turns over.
    if (!(await takeTurn(redis, `sweep-${partition}`, holder, Math.max(1, everyMs - 10)))) return;
    while (!signal.aborted) {
      const ended = await seats.expireDue(partition, LIMIT);
      metrics.expired.inc(ended);
      if (ended < LIMIT) return;
    }
  }

  return repeat({
    name: 'sweep',
    everyMs,
    capMs: 1_000, // holds must end within 2 s of their expiry
    log,
    async run(signal) {
      const partitions = Array.from({ length: seats.partitions }, (_, partition) => partition);
      const swept = await Promise.allSettled(partitions.map((p) => sweepPartition(p, signal)));
      const failed = swept.find((result) => result.status === 'rejected');
      if (failed) throw failed.reason;
    },
  });
}
