/**
 * The outbox over Redis streams: one a partition, one consumer group for all workers. An entry is delivered to one consumer and
 * is pending until it is acked, so a worker that dies leaves its entries to be claimed. Entries are dropped by id, and only
 * below the lowest one not acked: never by length, which would drop purchases when workers are behind.
 */

import { setTimeout as sleep } from 'node:timers/promises';
import type { EventId } from '@seatwire/protocol';
import { asUnavailable } from '../redis/unavailable.ts';
import { isCluster, type RedisClient } from './connections.ts';
import type { Deadline } from './deadline.ts';
import { outboxKey } from './keys.ts';
import { readOutboxBatch, type StreamEntry } from './outbox-entry.ts';
import type { Outbox, OutboxBatch } from './seat-store.ts';

const GROUP = 'workers';
const PAGE = 1_000;

export class RedisOutbox implements Outbox {
  readonly #commands: RedisClient;
  readonly #blocking: () => Promise<RedisClient>;
  readonly #deadline: Deadline;

  /** `blocking` opens its connection when a reader first waits: servers never do. */
  constructor(commands: RedisClient, blocking: () => Promise<RedisClient>, deadline: Deadline) {
    this.#commands = commands;
    this.#blocking = blocking;
    this.#deadline = deadline;
  }

  async read(
    consumer: string,
    partitions: readonly number[],
    limit: number,
    blockMs: number,
  ): Promise<readonly OutboxBatch[]> {
    if (partitions.length === 0 || limit < 1) return [];
    if (isCluster(this.#commands)) return this.#poll(consumer, partitions, limit, blockMs);
    const keys = partitions.map(outboxKey);
    const ask = ['GROUP', GROUP, consumer, 'COUNT', limit] as const;
    const streams = ['STREAMS', ...keys, ...keys.map(() => '>')];
    const reply = await this.#withGroups(partitions, async () => {
      if (blockMs <= 0) return this.#within(() => this.#commands.call('XREADGROUP', ...ask, ...streams));
      const client = await this.#blocking();
      return client.call('XREADGROUP', ...ask, 'BLOCK', blockMs, ...streams);
    });
    return batches(reply, partitions);
  }

  async claim(consumer: string, partition: number, idleMs: number, limit: number): Promise<OutboxBatch> {
    const entries: StreamEntry[] = [];
    let cursor = '0-0';
    do {
      const count = limit - entries.length;
      const reply = (await this.#withGroups([partition], () =>
        this.#within(() =>
          this.#commands.call(
            'XAUTOCLAIM',
            outboxKey(partition),
            GROUP,
            consumer,
            idleMs,
            cursor,
            'COUNT',
            count,
          ),
        ),
      )) as [string, StreamEntry[]];
      cursor = reply[0];
      entries.push(...reply[1]);
    } while (cursor !== '0-0' && entries.length < limit);
    return readOutboxBatch(partition, entries);
  }

  async ack(partition: number, ids: readonly string[]): Promise<void> {
    for (let i = 0; i < ids.length; i += PAGE) {
      await this.#within(() => this.#commands.xack(outboxKey(partition), GROUP, ...ids.slice(i, i + PAGE)));
    }
  }

  async backlog(partition: number, event?: EventId): Promise<number> {
    const key = outboxKey(partition);
    const { last, pending } = await this.#group(partition);
    let count = event === undefined ? pending : 0;
    if (event !== undefined && pending > 0) count += await this.#pendingOf(key, event);
    for (let from = `(${last}`; ; ) {
      const page = (await this.#within(() =>
        this.#commands.xrange(key, from, '+', 'COUNT', PAGE),
      )) as StreamEntry[];
      count += event === undefined ? page.length : page.filter((entry) => isOf(entry, event)).length;
      if (page.length < PAGE) return count;
      from = `(${page.at(-1)![0]}`;
    }
  }

  async oldest(partition: number): Promise<number | null> {
    const key = outboxKey(partition);
    const { last, pending } = await this.#group(partition);
    const lowest = pending > 0 ? await this.#lowestPending(key) : null;
    if (lowest !== null) return timeOf(lowest);
    const [first] = await this.#within(() => this.#commands.xrange(key, `(${last}`, '+', 'COUNT', 1));
    return first === undefined ? null : timeOf(first[0]);
  }

  async trim(partition: number): Promise<void> {
    const key = outboxKey(partition);
    const { last, pending } = await this.#group(partition);
    // What is delivered meanwhile comes behind `last`, so neither bound passes an entry that is still needed.
    const lowest = (pending > 0 ? await this.#lowestPending(key) : null) ?? last;
    await this.#within(() => this.#commands.xtrim(key, 'MINID', lowest));
  }

  async #lowestPending(key: string): Promise<string | null> {
    const [, lowest] = (await this.#within(() => this.#commands.xpending(key, GROUP))) as [
      number,
      string | null,
    ];
    return lowest;
  }

  /** A cluster cannot wait on several partitions at once (they are several slots), so the round is repeated. */
  async #poll(consumer: string, partitions: readonly number[], limit: number, blockMs: number) {
    const until = performance.now() + blockMs;
    for (let pause = 5; ; pause = Math.min(pause * 2, 50)) {
      const replies = await Promise.all(
        partitions.map((partition) =>
          this.#withGroups([partition], () =>
            this.#within(() =>
              this.#commands.call(
                'XREADGROUP',
                'GROUP',
                GROUP,
                consumer,
                'COUNT',
                limit,
                'STREAMS',
                outboxKey(partition),
                '>',
              ),
            ),
          ),
        ),
      );
      const found = replies.flatMap((reply, i) => batches(reply, [partitions[i]!]));
      if (found.length > 0 || performance.now() + pause > until) return found;
      await sleep(pause);
    }
  }

  async #group(partition: number): Promise<{ last: string; pending: number }> {
    const reply = (await this.#withGroups([partition], () =>
      this.#within(() => this.#commands.xinfo('GROUPS', outboxKey(partition))),
    )) as unknown[][];
    const groups = reply.map((flat) => new Map(pairs(flat)));
    const group = groups.find((fields) => fields.get('name') === GROUP);
    if (group === undefined) return { last: '0-0', pending: 0 };
    return { last: String(group.get('last-delivered-id')), pending: Number(group.get('pending')) };
  }

  async #pendingOf(key: string, event: EventId): Promise<number> {
    let count = 0;
    for (let from = '-'; ; ) {
      const page = (await this.#within(() => this.#commands.xpending(key, GROUP, from, '+', PAGE))) as [
        string,
      ][];
      const found = (await Promise.all(
        page.map(([id]) => this.#within(() => this.#commands.xrange(key, id, id))),
      )) as StreamEntry[][];
      count += found.flat().filter((entry) => isOf(entry, event)).length;
      if (page.length < PAGE) return count;
      from = `(${page.at(-1)![0]}`;
    }
  }

  /** The groups are made when they are first missed: at the start, and after Redis lost its data. */
  async #withGroups<T>(partitions: readonly number[], ask: () => Promise<T>): Promise<T> {
    try {
      return await ask();
    } catch (error) {
      if (!/^NOGROUP|no such key/.test(error instanceof Error ? error.message : ''))
        throw asUnavailable(error);
      await Promise.all(partitions.map((partition) => this.#createGroup(outboxKey(partition))));
      return ask().catch((again: unknown) => {
        throw asUnavailable(again);
      });
    }
  }

  async #createGroup(key: string): Promise<void> {
    try {
      await this.#within(() => this.#commands.xgroup('CREATE', key, GROUP, '0', 'MKSTREAM'));
    } catch (error) {
      if (!(error instanceof Error && error.message.startsWith('BUSYGROUP'))) throw error;
    }
  }

  #within<T>(ask: () => Promise<T>): Promise<T> {
    return this.#deadline.within(ask);
  }
}

function batches(reply: unknown, partitions: readonly number[]): OutboxBatch[] {
  // A map of RESP3 comes flat, [key, entries, key, entries]; RESP2 says [[key, entries], [key, entries]].
  const parts = (reply ?? []) as unknown[];
  const flat = typeof parts[0] === 'string' ? parts : parts.flat();
  const streams = new Map(pairs(flat) as [string, StreamEntry[]][]);
  return partitions.flatMap((partition) => {
    const entries = streams.get(outboxKey(partition)) ?? [];
    return entries.length > 0 ? [readOutboxBatch(partition, entries)] : [];
  });
}

function pairs(flat: readonly unknown[]): [string, unknown][] {
  return Array.from({ length: flat.length >> 1 }, (_, i) => [String(flat[2 * i]), flat[2 * i + 1]]);
}

const timeOf = (id: string) => Number(id.slice(0, id.indexOf('-')));

const isOf = ([, fields]: StreamEntry, event: EventId) => fields[fields.indexOf('event') + 1] === event;
