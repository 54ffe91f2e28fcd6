/** Reconciles all events, as a metric: one worker at a time. */
import { eventsOnSale, type RedisClient, takeWorkLease } from '@seatwire/store';
import type { Logger } from 'pino';
import type { Metrics } from '../metrics.ts';
import { type ReconcileParts, reconcile } from './reconcile.ts';

export interface ReconcileAllParts extends ReconcileParts {
  readonly redis: RedisClient;
  readonly holder: string;
  readonly everyMs: number;
  readonly metrics: Metrics;
  readonly log: Logger;
}

const SHOWN = 20;

export async function reconcileAll(parts: ReconcileAllParts, signal: AbortSignal): Promise<void> {
  const { db, redis, holder, everyMs, metrics, log } = parts;
  if (!(await takeWorkLease(redis, 'reconcile', holder, everyMs - Math.min(1_000, everyMs / 10)))) {
    metrics.differences.reset(); // another worker shows them
    return;
  }
  const byKind = new Map<string, number>();
  for (const event of await eventsOnSale(db)) {
    if (signal.aborted) return;
    const result = await reconcile(parts, event);
    if (result === null || result.differences.length === 0) continue;
    log.error(
      { event, count: result.differences.length, differences: result.differences.slice(0, SHOWN) },
      'Redis and the ledger differ',
    );
    for (const { kind } of result.differences) byKind.set(kind, (byKind.get(kind) ?? 0) + 1);
  }
  metrics.differences.reset();
  for (const [kind, count] of byKind) metrics.differences.set({ kind }, count);
  metrics.reconciled.setToCurrentTime();
}
