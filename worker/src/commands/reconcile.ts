/** `worker reconcile [event] [--json]`: compares one event or all, payments too, and says what differs. */
import type { EventId } from '@seatwire/protocol';
import { eventsOnSale } from '@seatwire/store';
import type { Logger } from 'pino';
import type { WorkerConfig } from '../config.ts';
import type { Difference } from '../seats/differences.ts';
import { type Reconciliation, reconcile } from '../seats/reconcile.ts';
import { openStores } from '../stores.ts';

export async function reconcileCommand(
  config: WorkerConfig,
  log: Logger,
  event: EventId | null,
): Promise<readonly Reconciliation[] | 'unknown_event'> {
  const stores = await openStores(config, (err) => log.warn({ err }, 'payment queue: Redis does not answer'));
  try {
    const results: Reconciliation[] = [];
    for (const each of event === null ? await eventsOnSale(stores.db) : [event]) {
      const result = await reconcile(stores, each);
      if (result !== null) results.push(result);
    }
    return event !== null && results.length === 0 ? 'unknown_event' : results;
  } finally {
    await stores.close();
  }
}

const SHOWN = 50;

/** As a person reads it. */
export function report(results: readonly Reconciliation[]): string {
  const lines = results.flatMap(({ event, sold, differences, inFlight }) => {
    const waiting = inFlight === 0 ? '' : `, ${inFlight} accepted and not yet flushed`;
    const more = differences.length - SHOWN;
    return [
      `${event}: ${sold} sold${waiting}, ${count(differences.length)}`,
      ...differences.slice(0, SHOWN).map((difference) => `  ${sentence(difference)}`),
      ...(more > 0 ? [`  and ${more} more`] : []),
    ];
  });
  const total = results.reduce((sum, { differences }) => sum + differences.length, 0);
  return [...lines, `${results.length} events compared, ${count(total)}`].join('\n');
}

const count = (n: number): string => `${n === 0 ? 'no' : n} difference${n === 1 ? '' : 's'}`;

function sentence(difference: Difference): string {
  switch (difference.kind) {
    case 'no_state':
      return 'Redis has no state of it';
    case 'places':
      return `Redis has ${difference.redis} places, the ledger ${difference.ledger}`;
    case 'not_in_ledger':
      return `place ${difference.place} is sold in Redis (fence ${difference.fence}) and not in the ledger`;
    case 'not_in_redis':
      return `place ${difference.place} is sold in the ledger (fence ${difference.ticket}) and not in Redis`;
    case 'fence':
      return `place ${difference.place} is sold under fence ${difference.fence} in Redis, ${difference.ticket} in the ledger`;
    case 'map':
      return `place ${difference.place} has map code ${difference.code} and ${difference.fence === null ? 'no fence' : `fence ${difference.fence}`} in Redis`;
    case 'blocked':
      return `place ${difference.place} is ${difference.redis ? '' : 'not '}blocked in Redis, and ${difference.ledger ? '' : 'not '}in the ledger`;
    case 'payment':
      return `order ${difference.order} is confirmed, its payment is ${difference.state}`;
  }
}
