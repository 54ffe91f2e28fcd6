/**
 * The flush: purchases from the outbox into the ledger.
 *
 * What: reads every partition's outbox by consumer group, writes up to a batch of purchases in one Postgres transaction, does
 * what follows (`settle`), and acks last. Only the commit makes a purchase `confirmed`.
 * Concurrency: three loops that never wait for each other's round trips, since Redis may be far away: one reads what is new, one goes
 * round the partitions for what other workers left, one commits what both bring, one transaction at a time. Any number of workers:
 * entries that one read and did not ack are taken over by another (or by itself) after `claimIdleMs`, and the ledger answers a
 * purchase it has seen as it did the first time.
 * Invariants: nothing is acked before its commit; nothing is dropped: an entry is acked, or buried as a dead letter and acked,
 * or comes again; an entry that fails never keeps the others waiting; a ledger that is away is waited for.
 * May import: the store, the job queues, metrics. Knows no sockets and no HTTP.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import type { Backoff, Service } from '@seatwire/program';
import { repeat } from '@seatwire/program';
import type { DeadLetter, Lapse, Outbox, OutboxBatch, Purchase } from '@seatwire/store';
import type { Logger } from 'pino';
import type { Metrics } from '../metrics.ts';
import { type Commitment, commit, type FlushLedger } from './commit.ts';
import { type Faults, noFaults } from './faults.ts';
import { Following } from './following.ts';
import { InHand } from './in-hand.ts';
import { type SettleParts, settle } from './settle.ts';

export interface FlushParts extends SettleParts {
  readonly outbox: Outbox;
  readonly partitions: number;
  readonly consumer: string;
  readonly ledger: FlushLedger;
  readonly bury: (letter: DeadLetter) => Promise<void>;
  readonly batchSize: number;
  readonly lingerMs: number;
  readonly claimIdleMs: number;
  /** How long one look for new entries may wait. Also how long `drain` may take when there are none. */
  readonly blockMs?: number;
  readonly backoff?: Backoff;
  readonly metrics: Metrics;
  readonly log: Logger;
  readonly faults?: Faults;
}

const BLOCK_MS = 500;
const BACKOFF: Backoff = { baseMs: 50, capMs: 5_000 };
/** Entries taken over from one partition at a time: all partitions are asked at once. */
const MOST_CLAIMED = 100;
/** Batches that are committed and not yet settled and acked. With Redis 200 ms away each takes 0.4 s. */
const MOST_FOLLOWING = 8;

export function flushService(parts: FlushParts): Service {
  const { outbox, consumer, claimIdleMs, batchSize, lingerMs, blockMs = BLOCK_MS, metrics, log } = parts;
  const partitions = Array.from({ length: parts.partitions }, (_, partition) => partition);
  const inHand = new InHand();
  const following = new Following(MOST_FOLLOWING);
  /** The transaction under way. While the ledger is away it lasts, and this worker must not take what another could commit. */
  let committing: Promise<unknown> = Promise.resolve();

  /** Entries of workers that died, and of our own that failed half way. Then forgets what is done. */
  async function adoptOrphans(partition: number, signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      await committing;
      await inHand.below(batchSize, signal);
      const batch = await outbox.claim(consumer, partition, claimIdleMs, MOST_CLAIMED);
      if (batch.entries.length === 0 && batch.unreadable.length === 0) break;
      metrics.claimed.inc(inHand.add(batch));
    }
    await outbox.trim(partition);
  }

  async function commitSome(signal: AbortSignal): Promise<void> {
    following.rethrow();
    const batches = inHand.take(batchSize);
    if (batches.length === 0) return;
    try {
      const made = commitBatches(parts, batches, signal);
      committing = made.catch(() => {});
      const follow = await made;
      await following.begin(() => follow().finally(() => inHand.finished(batches)));
    } catch (error) {
      inHand.finished(batches);
      throw error;
    }
  }

  const reading = repeat({
    name: 'flush: read',
    everyMs: 0,
    log,
    async run(signal) {
      await inHand.below(batchSize, signal);
      const found = await outbox.read(consumer, partitions, batchSize, blockMs);
      for (const batch of found) inHand.add(batch);
      // What comes meanwhile is brought by one look; there is at most one during a transaction.
      if (found.length > 0) await Promise.all([committing, sleep(lingerMs)]);
    },
  });
  const adopting = repeat({
    name: 'flush: orphans',
    everyMs: claimIdleMs / 2,
    log,
    async run(signal) {
      const asked = await Promise.allSettled(partitions.map((partition) => adoptOrphans(partition, signal)));
      const failed = asked.find((result) => result.status === 'rejected');
      if (failed) throw failed.reason;
    },
  });
  const writing = repeat({
    name: 'flush',
    everyMs: 0,
    log,
    async run(signal) {
      await inHand.some(signal);
      if (inHand.waiting < batchSize && lingerMs > 0) await sleep(lingerMs);
      await commitSome(signal);
    },
  });

  async function end(): Promise<void> {
    await Promise.all([reading, adopting, writing].map((loop) => loop.drain()));
    // What was read is ours: once more, and without waiting for a ledger that is away.
    const over = AbortSignal.abort();
    while (inHand.waiting > 0)
      await commitSome(over).catch((err) => log.warn({ err }, 'left for another worker'));
    await following.end();
  }

  return {
    name: 'flush',
    async start() {
      for (const loop of [reading, adopting, writing]) await loop.start();
    },
    drain: end,
    stop: end,
  };
}

/** Returns what is left to do once it is committed: what follows from it, and the ack. */
async function commitBatches(
  parts: FlushParts,
  batches: readonly OutboxBatch[],
  signal: AbortSignal,
): Promise<() => Promise<void>> {
  const { metrics, log, faults = noFaults, backoff = BACKOFF } = parts;
  await faults('read');
  const began = performance.now();
  const { purchases, lapses } = sort(batches);
  const commitment = await commit(
    purchases,
    { flush: parts.ledger, backoff, log, retried: () => metrics.ledgerRetries.inc() },
    signal,
  );
  if (purchases.length > 0) {
    metrics.batchSize.observe(purchases.length);
    metrics.flushSeconds.observe((performance.now() - began) / 1000);
  }
  await faults('committed');

  return async () => {
    await settle(parts, commitment.settled, lapses);
    const stuck = await buryBad(parts, batches, commitment);
    await faults('settled');
    const done = new Map<number, string[]>();
    for (const { partition, entries, unreadable } of batches) {
      const ids = done.get(partition) ?? [];
      done.set(partition, ids);
      for (const entry of entries) if (!stuck.has(entry.order)) ids.push(entry.id);
      for (const { id } of unreadable) ids.push(id);
    }
    await Promise.all(Array.from(done, ([partition, ids]) => parts.outbox.ack(partition, ids)));
    await faults('acked');
  };
}

/** Buries what can never be flushed. Returns the orders that must not be acked. */
async function buryBad(
  { bury, metrics, log }: FlushParts,
  batches: readonly OutboxBatch[],
  { poison, stuck }: Commitment,
): Promise<ReadonlySet<string>> {
  const poisoned = new Map<string, unknown>(poison.map(({ purchase, error }) => [purchase.order, error]));
  for (const { partition, entries, unreadable } of batches) {
    const source = `outbox of partition ${partition}`;
    for (const { id, content } of unreadable) {
      await bury({ source, entry: id, reason: 'it cannot be read', content });
    }
    for (const entry of entries) {
      const error = poisoned.get(entry.order);
      if (error === undefined) continue;
      await bury({ source, entry: entry.id, reason: String(error), content: JSON.stringify(entry) });
    }
    metrics.deadLetters.inc(unreadable.length);
    if (unreadable.length > 0) log.error({ partition, unreadable }, 'outbox entries cannot be read');
  }
  metrics.deadLetters.inc(poison.length);
  metrics.stuck.inc(stuck.length);
  for (const { purchase, error } of poison) log.error({ err: error, purchase }, 'buried as a dead letter');
  for (const { purchase, error } of stuck) log.error({ err: error, purchase }, 'stuck, will be tried again');
  return new Set(stuck.map(({ purchase }) => purchase.order));
}

function sort(batches: readonly OutboxBatch[]): { purchases: Purchase[]; lapses: Lapse[] } {
  const purchases: Purchase[] = [];
  const lapses: Lapse[] = [];
  for (const { entries } of batches) {
    for (const entry of entries) {
      if (entry.kind === 'purchase') purchases.push(entry);
      else lapses.push(entry);
    }
  }
  return { purchases, lapses };
}
