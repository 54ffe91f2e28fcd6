/**
 * The flush: purchases from the outbox into the ledger.
 *
 * What: reads every partition's outbox by consumer group, writes up to a batch of purchases in one Postgres transaction, does
 * what follows (`settle`), and acks last. Only the commit makes a purchase `confirmed`.
 * Concurrency: one transaction at a time in a worker; any number of workers. Entries that a worker read and did not ack are taken
 * over by another (or by itself) after `claimIdleMs`, and the ledger answers a purchase it has seen as it did the first time.
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

export function flushService(parts: FlushParts): Service {
  const { outbox, consumer, claimIdleMs, batchSize, metrics } = parts;
  const partitions = Array.from({ length: parts.partitions }, (_, partition) => partition);
  let orphansDue = 0;

  /** Entries of workers that died, and of our own that failed half way. Then forgets what is done. */
  async function adoptOrphans(signal: AbortSignal): Promise<void> {
    for (const partition of partitions) {
      while (!signal.aborted) {
        const batch = await outbox.claim(consumer, partition, claimIdleMs, batchSize);
        if (batch.entries.length === 0 && batch.unreadable.length === 0) break;
        metrics.claimed.inc(batch.entries.length);
        await (await commitBatches(parts, [batch], signal))();
      }
      await outbox.trim(partition);
    }
  }

  /** As long as there are entries: while one batch is settled and acked, the next is committed. */
  async function followOutbox(signal: AbortSignal): Promise<void> {
    let following = Promise.resolve();
    try {
      while (!signal.aborted && Date.now() < orphansDue) {
        const batches = await collect(parts, partitions);
        if (batches.length === 0) return;
        for (const batch of split(batches, batchSize)) {
          const follow = await commitBatches(parts, batch, signal);
          await following;
          following = follow();
          following.catch(() => {}); // seen by the next await
        }
      }
    } finally {
      await following;
    }
  }

  return repeat({
    name: 'flush',
    everyMs: 0,
    log: parts.log,
    async run(signal) {
      if (Date.now() >= orphansDue) {
        orphansDue = Date.now() + claimIdleMs / 2;
        await adoptOrphans(signal);
      }
      await followOutbox(signal);
    },
  });
}

/** The first entries as soon as there are some, and those that follow within the linger, up to a batch. */
async function collect(parts: FlushParts, partitions: readonly number[]): Promise<readonly OutboxBatch[]> {
  const { outbox, consumer, batchSize, lingerMs, blockMs = BLOCK_MS } = parts;
  const first = await outbox.read(consumer, partitions, batchSize, blockMs);
  const room = batchSize - countEntries(first);
  if (first.length === 0 || room <= 0 || lingerMs === 0) return first;
  await sleep(lingerMs);
  // What was read first is ours already: should this fail, it is claimed again later.
  return [...first, ...(await outbox.read(consumer, partitions, room, 0))];
}

/** A read may bring a batch from each partition: parts of at most `size` entries. */
function split(batches: readonly OutboxBatch[], size: number): OutboxBatch[][] {
  const parts: OutboxBatch[][] = [];
  let open: OutboxBatch[] = [];
  let room = size;
  for (const { partition, entries, unreadable } of batches) {
    open.push({ partition, entries: [], unreadable });
    for (let from = 0; from < entries.length; ) {
      const taken = entries.slice(from, from + room);
      open.push({ partition, entries: taken, unreadable: [] });
      from += taken.length;
      room -= taken.length;
      if (room > 0) continue;
      parts.push(open);
      open = [];
      room = size;
    }
  }
  return open.length > 0 ? [...parts, open] : parts;
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
    await Promise.all(
      batches.map(({ partition, entries, unreadable }) => {
        const done = entries.filter((entry) => !stuck.has(entry.order));
        return parts.outbox.ack(
          partition,
          [...done, ...unreadable].map(({ id }) => id),
        );
      }),
    );
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

const countEntries = (batches: readonly OutboxBatch[]): number =>
  batches.reduce((sum, { entries }) => sum + entries.length, 0);
