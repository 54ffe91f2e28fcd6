/**
 * What follows a commit: capture the confirmed, undo the rejected, tell the buyers. Done before the ack and safe to repeat, so
 * a crash anywhere in it means the entries come again and the rest is done then.
 */
import type { OrderId } from '@seatwire/protocol';
import type { FlushOutcome, Lapse, PrivateMessage, Purchase, SeatStore } from '@seatwire/store';
import type { Logger } from 'pino';
import type { JobQueues } from '../job-queues.ts';
import type { Metrics } from '../metrics.ts';
import type { Settled } from './commit.ts';

export interface SettleParts {
  readonly seats: Pick<SeatStore, 'cancel'>;
  readonly queues: Pick<JobQueues, 'add'>;
  readonly tell: (messages: readonly PrivateMessage[]) => Promise<void>;
  readonly metrics: Metrics;
  readonly log: Logger;
}

/** Throws when Redis does not answer: leave the entries unacked. */
export async function settle(
  parts: SettleParts,
  settled: readonly Settled[],
  lapses: readonly Lapse[],
): Promise<void> {
  const { queues, tell, metrics, log } = parts;
  const confirmed: Purchase[] = [];
  const voided: OrderId[] = lapses.map((lapse) => lapse.order);
  const rejected: { purchase: Purchase; outcome: Rejected }[] = [];
  for (const { purchase, outcome } of settled) {
    if (outcome.status === 'confirmed') {
      confirmed.push(purchase);
    } else {
      rejected.push({ purchase, outcome });
      if (isPaid(purchase)) voided.push(purchase.order);
    }
  }
  for (const { purchase, outcome } of rejected) {
    const { event, order, fence } = purchase;
    log.error(
      { event, order, fence, reason: outcome.reason, takenBy: outcome.takenBy },
      'the ledger rejected',
    );
    await giveBack(parts, purchase, outcome);
  }
  await Promise.all([
    tell(settled.map(messageOf)),
    queues.add(
      'capture',
      confirmed.filter(isPaid).map(({ order }) => ({ order })),
    ),
    queues.add(
      'void',
      voided.map((order) => ({ order })),
    ),
  ]);
  metrics.orders.inc({ status: 'confirmed' }, confirmed.length);
  metrics.orders.inc({ status: 'rejected' }, rejected.length);
  metrics.lapses.inc(lapses.length);
  const now = Date.now();
  for (const { purchase } of settled)
    metrics.lagSeconds.observe(Math.max(0, now - purchase.acceptedAt) / 1000);
}

/** For nothing, no provider was asked. */
const isPaid = ({ amount }: Purchase): boolean => amount > 0;

type Rejected = Extract<FlushOutcome, { status: 'rejected' }>;

/** Frees the places of a rejected order, but not those that another has in the ledger: these are sold, though Redis named another buyer. */
async function giveBack({ seats, log }: SettleParts, purchase: Purchase, outcome: Rejected): Promise<void> {
  const { event, fence, buyer } = purchase;
  const taken = new Set(outcome.takenBy.map(({ place }) => place));
  const places = purchase.places.filter((place) => !taken.has(place));
  if (places.length === 0) return;
  const freed = await seats.cancel({ event, fence, places, buyer });
  // Not sold under this fence: freed before. No state, or being rebuilt: the rebuild goes by the ledger, which has no such order.
  if (!freed.ok) log.info({ event, order: purchase.order, code: freed.code }, 'nothing to give back');
}

function messageOf({ purchase, outcome }: Settled): PrivateMessage {
  const { event, order, buyer, places } = purchase;
  return {
    to: buyer,
    message: {
      type: 'order',
      event,
      order,
      status: outcome.status,
      places: [...places],
      reason: outcome.status === 'rejected' ? outcome.reason : null,
    },
  };
}
