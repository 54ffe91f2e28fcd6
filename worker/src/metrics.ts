/** What the worker counts. One registry per worker, so that several can live in one test process. */
import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client';

const SECONDS = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 60];

export function createMetrics() {
  const registry = new Registry();
  const registers = [registry];
  const counter = <L extends string>(name: string, help: string, labelNames: readonly L[] = []) =>
    new Counter({ name: `seatwire_worker_${name}`, help, labelNames, registers });
  const gauge = <L extends string>(name: string, help: string, labelNames: readonly L[] = []) =>
    new Gauge({ name: `seatwire_worker_${name}`, help, labelNames, registers });
  const histogram = (name: string, help: string, buckets: number[]) =>
    new Histogram({ name: `seatwire_worker_${name}`, help, buckets, registers });

  return {
    registry,
    batchSize: histogram(
      'flush_batch_purchases',
      'Purchases in one transaction',
      [1, 5, 10, 25, 50, 100, 250, 500, 1000, 5000],
    ),
    flushSeconds: histogram('flush_seconds', 'From a batch read to its commit', SECONDS),
    lagSeconds: histogram('confirm_lag_seconds', 'From accepted to confirmed or rejected', SECONDS),
    orders: counter('orders_total', 'Orders settled, by what became of them', ['status']),
    lapses: counter('lapses_total', 'Checkouts that ended without a purchase'),
    claimed: counter('claimed_entries_total', 'Outbox entries taken over from another worker'),
    ledgerRetries: counter('ledger_retries_total', 'Batches tried again because the ledger was away'),
    deadLetters: counter('dead_letters_total', 'Outbox entries and jobs that can never be carried out'),
    stuck: counter('stuck_entries_total', 'Outbox entries that failed for an unforeseen reason'),
    backlog: gauge('backlog_entries', 'Outbox entries not yet acked, of all partitions'),
    buried: gauge('dead_letters', 'Entries buried and not yet looked at'),
    oldest: gauge('oldest_unacked_seconds', 'Age of the oldest outbox entry not yet acked'),
    expired: counter('expired_holds_total', 'Holds ended by the sweep'),
    jobs: counter('jobs_total', 'Jobs done, by queue, name and result', ['queue', 'job', 'result']),
    jobFailures: counter('job_failures_total', 'Tries of jobs that failed', ['queue', 'job']),
    paymentsDue: counter('payments_due_total', 'Jobs of payments queued again because the ledger said so', [
      'action',
    ]),
    rebuilds: counter('rebuilds_total', 'Events rebuilt from the ledger'),
    rebuildSeconds: histogram('rebuild_seconds', 'From freeze to the new epoch', SECONDS),
    differences: gauge('differences', 'Differences at the last comparison, by kind', ['kind']),
    reconciled: gauge('reconciled_timestamp_seconds', 'When the last comparison ended'),
  };
}
export type Metrics = ReturnType<typeof createMetrics>;

/** Memory, garbage collection and event-loop lag of this process. */
export function measureProcess({ registry }: Metrics): void {
  collectDefaultMetrics({ register: registry });
}
