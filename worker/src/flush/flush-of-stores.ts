/** The flush on the real stores, as the worker and the rebuild command both run it. */
import { buryDeadLetter, flushPurchases, publishNotices } from '@seatwire/store';
import type { Logger } from 'pino';
import type { WorkerConfig } from '../config.ts';
import type { Metrics } from '../metrics.ts';
import type { Service } from '../service.ts';
import type { Stores } from '../stores.ts';
import type { Faults } from './faults.ts';
import { flushService } from './flush.ts';

export function flushOfStores(
  { db, redis, seats, queue }: Stores,
  config: Pick<WorkerConfig, 'partitions' | 'consumer' | 'batchSize' | 'lingerMs' | 'claimIdleMs'>,
  observed: { readonly metrics: Metrics; readonly log: Logger },
  faults?: Faults,
): Service {
  return flushService({
    outbox: seats.outbox,
    seats,
    payments: queue,
    ledger: (purchases) => flushPurchases(db, purchases),
    tell: (notices) => publishNotices(redis, notices),
    bury: (letter) => buryDeadLetter(redis, letter),
    ...config,
    ...observed,
    ...(faults === undefined ? {} : { faults }),
  });
}
