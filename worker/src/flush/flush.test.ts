/** What the flush does while Redis is slow, on an outbox that answers when it is told to. */
import type { Service } from '@seatwire/program';
import type { Outbox, OutboxBatch } from '@seatwire/store';
import { pino } from 'pino';
import { afterEach, expect, test, vi } from 'vitest';
import { createMetrics } from '../metrics.ts';
import { deferred } from '../testing/deferred.ts';
import { purchaseOf } from '../testing/purchase.ts';
import { type FlushParts, flushService } from './flush.ts';

const PARTITIONS = 256;

let running: Service | undefined;
afterEach(async () => {
  await running?.stop();
  running = undefined;
});

const entry = (n: number) => ({ id: `${n}-0`, ...purchaseOf(n, 0) });
const batch = (...numbers: number[]): OutboxBatch => ({
  partition: 0,
  entries: numbers.map(entry),
  unreadable: [],
});

/** An outbox with nothing in it, but for what `changed` says. */
const outboxWith = (changed: Partial<Outbox>): Outbox => ({
  read: () => new Promise((resolve) => setTimeout(resolve, 5, [])),
  claim: async (_, partition) => ({ partition, entries: [], unreadable: [] }),
  ack: async () => {},
  backlog: async () => 0,
  oldest: async () => null,
  trim: async () => {},
  ...changed,
});

/** Starts a flush; returns the orders it has told, as they come. */
async function flushing(outbox: Outbox, changed: Partial<FlushParts> = {}): Promise<string[]> {
  const told: string[] = [];
  running = flushService({
    outbox,
    partitions: PARTITIONS,
    consumer: 'a',
    batchSize: 100,
    lingerMs: 0,
    claimIdleMs: 200,
    blockMs: 5,
    ledger: async (purchases) => purchases.map(({ order }) => ({ order, status: 'confirmed' as const })),
    seats: { cancel: async () => ({ ok: false, code: 'not_sold' }) },
    queues: { add: async () => {} },
    tell: async (notices) => {
      for (const { message } of notices) if (message.type === 'order') told.push(message.order);
    },
    bury: async () => {},
    metrics: createMetrics(),
    log: pino({ level: 'silent' }),
    ...changed,
  });
  await running.start();
  return told;
}
/** `read` that brings these batches, one each, and then nothing. */
const reads = (...batches: OutboxBatch[]): Outbox['read'] => {
  return () => new Promise((resolve) => setTimeout(resolve, 5, batches.splice(0, 1)));
};

test('the round over the partitions asks all of them at once', async () => {
  const asked = new Set<number>();
  const answers = deferred();
  await flushing(
    outboxWith({
      async claim(_, partition) {
        asked.add(partition);
        await answers.promise;
        return { partition, entries: [], unreadable: [] };
      },
    }),
  );
  await vi.waitUntil(() => asked.size === PARTITIONS);
  answers.resolve();
});

test('new purchases are confirmed while the round over the partitions waits for its answers', async () => {
  const answers = deferred();
  const claim: Outbox['claim'] = async (_, partition) => {
    await answers.promise;
    return { partition, entries: [], unreadable: [] };
  };
  const told = await flushing(outboxWith({ claim, read: reads(batch(1), batch(2)) }));
  await vi.waitUntil(() => told.length === 2);
  answers.resolve();
});

test('new purchases are confirmed while the acks of those before wait for their answer', async () => {
  const answers = deferred();
  const told = await flushing(
    outboxWith({ ack: () => answers.promise, read: reads(batch(1), batch(2), batch(3)) }),
  );
  await vi.waitUntil(() => told.length === 3);
  answers.resolve();
});

test('while the ledger is away at most one look more is taken from the outbox, and nothing is taken over', async () => {
  const ledger = deferred();
  let reading = 0;
  let claims = 0;
  const outbox = outboxWith({
    read: () => new Promise((resolve) => setTimeout(resolve, 1, [batch(reading++)])),
    async claim(_, partition) {
      claims++;
      return { partition, entries: [], unreadable: [] };
    },
  });
  const asked: number[] = [];
  await flushing(outbox, {
    async ledger(purchases) {
      asked.push(purchases.length);
      await ledger.promise;
      return purchases.map(({ order }) => ({ order, status: 'confirmed' as const }));
    },
  });
  await vi.waitUntil(() => asked.length > 0);
  const before = claims;
  await new Promise((resolve) => setTimeout(resolve, 500));
  expect(reading - asked[0]!).toBe(1);
  expect(claims - before).toBeLessThanOrEqual(PARTITIONS); // a round that had begun
  ledger.resolve();
  await vi.waitUntil(() => claims > before + PARTITIONS && reading > 10);
});

test('an entry that is taken over by the worker that has it is not committed twice', async () => {
  const acked = deferred();
  const committed: string[] = [];
  let claims = 0;
  const outbox = outboxWith({
    read: reads(batch(1)),
    async claim(_, partition) {
      if (partition === 0) claims++;
      return partition === 0 && claims < 5 ? batch(1) : { partition, entries: [], unreadable: [] };
    },
    ack: () => acked.promise,
  });
  await flushing(outbox, {
    async ledger(purchases) {
      committed.push(...purchases.map(({ order }) => order));
      return purchases.map(({ order }) => ({ order, status: 'confirmed' as const }));
    },
  });
  await vi.waitUntil(() => claims > 5);
  acked.resolve();
  expect(committed).toEqual(['order-1']);
});
