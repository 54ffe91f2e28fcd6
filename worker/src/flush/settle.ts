/** What follows a commit, with this process's queues, log and metrics. */
import { type Settled, settle as settleSales } from '@seatwire/domain';
import type { OrderId } from '@seatwire/protocol';
import type { Lapse, PrivateMessage, SeatStore } from '@seatwire/store';
import type { Logger } from 'pino';
import type { JobQueues } from '../job-queues.ts';
import type { Metrics } from '../metrics.ts';

export interface SettleParts {
  readonly seats: Pick<SeatStore, 'cancel'>;
  readonly queues: Pick<JobQueues, 'add'>;
  readonly tell: (messages: readonly PrivateMessage[]) => Promise<void>;
  readonly metrics: Metrics;
  readonly log: Logger;
}

/** Throws when Redis does not answer: leave the entries unacked. */
export async function settle(
  { seats, queues, tell, metrics, log }: SettleParts,
  settled: readonly Settled[],
  lapses: readonly Lapse[],
): Promise<void> {
  const later = (name: 'capture' | 'void') => (orders: readonly OrderId[]) =>
    queues.add(
      name,
      orders.map((order) => ({ order })),
    );
  let rejected = 0;
  await settleSales(
    {
      seats,
      tell,
      capture: later('capture'),
      voidPayments: later('void'),
      rejected: ({ event, order, fence }, { reason, takenBy }) => {
        rejected++;
        log.error({ event, order, fence, reason, takenBy }, 'the ledger rejected');
      },
      nothingFreed: ({ event, order }, code) => log.info({ event, order, code }, 'nothing to give back'),
    },
    settled,
    lapses,
  );
  metrics.orders.inc({ status: 'confirmed' }, settled.length - rejected);
  metrics.orders.inc({ status: 'rejected' }, rejected);
  metrics.lapses.inc(lapses.length);
  const now = Date.now();
  for (const { purchase } of settled)
    metrics.lagSeconds.observe(Math.max(0, now - purchase.acceptedAt) / 1000);
}
