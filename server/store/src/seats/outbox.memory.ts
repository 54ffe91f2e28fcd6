/** The outbox of the model: what a consumer group means, as a list. */
import { setTimeout as sleep } from 'node:timers/promises';
import type { EventId } from '@seatwire/protocol';
import type { Lapse, OutboxEntry, Purchase } from '../words/purchase.ts';
import type { Outbox, OutboxBatch } from './seat-store.ts';

interface Waiting {
  readonly entry: OutboxEntry;
  readonly at: number;
  /** Who read it last, and when; null while unread. */
  delivered: { readonly consumer: string; readonly at: number } | null;
  acked: boolean;
}

export class MemoryOutbox implements Outbox {
  readonly #now: () => number;
  readonly #partitions = new Map<number, Waiting[]>();
  #sequence = 0;

  constructor(now: () => number) {
    this.#now = now;
  }

  add(partition: number, entry: Purchase | Lapse): void {
    const at = this.#now();
    const waiting: Waiting = {
      entry: { id: `${at}-${this.#sequence++}`, ...entry },
      at,
      delivered: null,
      acked: false,
    };
    this.#partitions.set(partition, [...this.#of(partition), waiting]);
  }

  async read(
    consumer: string,
    partitions: readonly number[],
    limit: number,
    blockMs: number,
  ): Promise<readonly OutboxBatch[]> {
    const until = performance.now() + blockMs;
    for (;;) {
      const batches = partitions
        .map((partition) =>
          this.#deliver(partition, consumer, this.#of(partition).filter(isNew).slice(0, limit)),
        )
        .filter(({ entries }) => entries.length > 0);
      if (batches.length > 0 || performance.now() >= until) return batches;
      await sleep(5);
    }
  }

  async claim(consumer: string, partition: number, idleMs: number, limit: number): Promise<OutboxBatch> {
    const idle = this.#of(partition).filter(
      ({ acked, delivered }) => !acked && delivered !== null && this.#now() - delivered.at >= idleMs,
    );
    return this.#deliver(partition, consumer, idle.slice(0, limit));
  }

  async ack(partition: number, ids: readonly string[]): Promise<void> {
    for (const waiting of this.#of(partition)) {
      if (waiting.delivered !== null && ids.includes(waiting.entry.id)) waiting.acked = true;
    }
  }

  async backlog(partition: number, event?: EventId): Promise<number> {
    const open = this.#of(partition).filter(({ acked }) => !acked);
    return open.filter(({ entry }) => event === undefined || entry.event === event).length;
  }

  async oldest(partition: number): Promise<number | null> {
    return this.#of(partition).find(({ acked }) => !acked)?.at ?? null;
  }

  async trim(partition: number): Promise<void> {
    this.#partitions.set(
      partition,
      this.#of(partition).filter(({ acked }) => !acked),
    );
  }

  #of(partition: number): readonly Waiting[] {
    return this.#partitions.get(partition) ?? [];
  }

  #deliver(partition: number, consumer: string, found: readonly Waiting[]): OutboxBatch {
    for (const waiting of found) waiting.delivered = { consumer, at: this.#now() };
    return { partition, entries: found.map(({ entry }) => entry), unreadable: [] };
  }
}

const isNew = ({ delivered }: Waiting) => delivered === null;
