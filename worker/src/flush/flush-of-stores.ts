/** The flush on the real stores, as the worker and the rebuild command both run it. */

import type { Service } from '@seatwire/program';
import { buryDeadLetter, flushPurchases, publishNews } from '@seatwire/store';
import type { Logger } from 'pino';
import type { WorkerConfig } from '../config.ts';
import type { Metrics } from '../metrics.ts';
import type { Stores } from '../stores.ts';
import { type FlushParts, flushService } from './flush.ts';

export type FlushConfig = Pick<
  WorkerConfig,
  'partitions' | 'consumer' | 'batchSize' | 'lingerMs' | 'claimIdleMs'
>;

/** `changed`: parts a test puts in the place of the real ones. */
export function flushOfStores(
  { db, redis, seats, queues }: Stores,
  { partitions, consumer, batchSize, lingerMs, claimIdleMs }: FlushConfig,
  { metrics, log }: { readonly metrics: Metrics; readonly log: Logger },
  changed: Partial<FlushParts> = {},
): Service {
  return flushService({
    outbox: seats.outbox,
    seats,
    queues,
    ledger: (purchases) => flushPurchases(db, purchases),
    tell: (notices) => publishNews(redis, notices),
    bury: (letter) => buryDeadLetter(redis, letter),
    partitions,
    consumer,
    batchSize,
    lingerMs,
    claimIdleMs,
    metrics,
    log,
    ...changed,
  });
}
