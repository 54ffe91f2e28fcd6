import type { Service } from '@seatwire/program';
import { type OrderId, type UserId, uuidv7 } from '@seatwire/protocol';
import {
  deadLetters,
  findOrder,
  flushPurchases,
  listenToNews,
  liveTickets,
  type Outbox,
  type OutboxBatch,
  openDatabase,
  openRedis,
  type PrivateMessage,
  type Purchase,
} from '@seatwire/store';
import { faultyLine } from '@seatwire/store/testing';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { reconcile } from '../seats/reconcile.ts';
import type { Stores } from '../stores.ts';
import { type Arena, PARTITIONS, type Sale } from '../testing/arena.ts';
import { deferred } from '../testing/deferred.ts';
import { openArena } from '../testing/test-arena.ts';
import type { FlushStep } from './faults.ts';
import type { FlushParts } from './flush.ts';
import { flushOfStores } from './flush-of-stores.ts';

let arena: Arena;
let running: Service[];
let notices: PrivateMessage[];
let stopListening: () => Promise<void>;

beforeEach(async () => {
  arena = await openArena();
  running = [];
  notices = [];
  const listener = await openRedis(arena.redisUrl, 'pubsub');
  const unlisten = await listenToNews(
    listener,
    (notice) => notice.to === arena.buyer && 'message' in notice && notices.push(notice),
    (error) => expect(error).toBeNull(),
  );
  stopListening = async () => {
    await unlisten();
    listener.disconnect();
  };
});

afterEach(async () => {
  for (const service of running) await service.stop();
  await stopListening();
  await arena.close();
});

const CLAIM_IDLE_MS = 200;

/** Starts a flush and notes the payment jobs it asks for. */
async function startWorker(consumer: string, stores: Stores, changed: Partial<FlushParts> = {}) {
  const asked: { action: string; order: OrderId }[] = [];
  const service = flushOfStores(
    stores,
    { partitions: PARTITIONS, consumer, batchSize: 100, lingerMs: 2, claimIdleMs: CLAIM_IDLE_MS },
    arena,
    {
      queues: {
        async add(action, data) {
          asked.push(...data.map(({ order }) => ({ action, order })));
          await stores.queues.add(action, data);
        },
      },
      blockMs: 20,
      backoff: { baseMs: 10, capMs: 50 },
      ...changed,
    },
  );
  await service.start();
  return { service, asked };
}
async function work(consumer: string, changed?: Partial<FlushParts>) {
  const worker = await startWorker(consumer, arena.stores, changed);
  running.push(worker.service);
  return worker;
}
/** A worker that is gone after `step` of its first batch: all of it stands still for ever. Resolves when it does. */
async function workAndDie(step: FlushStep, changed: Partial<FlushParts> = {}) {
  const stores = await arena.another();
  const dead = deferred();
  let gone = false;
  const faults = (at: FlushStep): Promise<void> | undefined => {
    if (at !== step) return undefined;
    gone = true;
    dead.resolve();
    return new Promise(() => {});
  };
  const outbox = new Proxy(changed.outbox ?? bound(stores.seats.outbox), {
    get: (target, name: keyof Outbox) => {
      const call = target[name] as (...args: unknown[]) => Promise<unknown>;
      return (...args: unknown[]) => (gone ? new Promise(() => {}) : call(...args));
    },
  });
  await startWorker('mortal', stores, { ...changed, outbox, faults });
  await dead.promise;
}

const backlog = () => arena.stores.seats.outbox.backlog(arena.stores.seats.partitionOf(arena.event));
const flushed = () => vi.waitUntil(async () => (await backlog()) === 0, { timeout: 10_000 });
const statusOf = async (order: OrderId) => (await findOrder(arena.stores.db, order))?.status ?? null;
const codeAt = async (place: number) => (await arena.stores.seats.snapshot(arena.event))?.codes[place];
const ticketsOf = async (sale: Sale) =>
  (await liveTickets(arena.stores.db, arena.event)).filter(({ order }) => order === sale.order);
const toldOf = (sale: Sale) =>
  notices.flatMap(({ message }) =>
    message.type === 'order' && message.order === sale.order ? [message.status] : [],
  );

describe('the flush', () => {
  test('an accepted purchase becomes tickets, a capture and a notice, and leaves the outbox empty', async () => {
    const sale = await arena.sell([3, 4]);
    expect(await statusOf(sale.order)).toBeNull();
    const { asked } = await work('a');
    await flushed();
    expect(await statusOf(sale.order)).toBe('confirmed');
    expect((await ticketsOf(sale)).map(({ place, fence }) => [place, fence])).toEqual([
      [3, sale.fence],
      [4, sale.fence],
    ]);
    expect(asked).toEqual([{ action: 'capture', order: sale.order }]);
    await vi.waitUntil(() => toldOf(sale).length > 0);
    expect(toldOf(sale)).toEqual(['confirmed']);
  });

  test.each<FlushStep>(['read', 'committed', 'settled'])(
    'a worker that dies after "%s" loses nothing: another does the rest',
    async (step) => {
      const sale = await arena.sell([10, 11, 12]);
      await workAndDie(step);
      expect(await statusOf(sale.order)).toBe(step === 'read' ? null : 'confirmed');
      expect(await backlog()).toBe(1);

      const { asked } = await work('heir');
      await flushed();
      expect(await statusOf(sale.order)).toBe('confirmed');
      expect(await ticketsOf(sale)).toHaveLength(3);
      expect(asked).toContainEqual({ action: 'capture', order: sale.order });
      await vi.waitUntil(() => toldOf(sale).includes('confirmed'));
    },
  );

  test('a worker frozen after its commit and thawed when another has done the rest doubles nothing', async () => {
    const sale = await arena.sell([10, 11]);
    const [frozen, thaw, done] = [deferred(), deferred(), deferred()];
    const { service } = await startWorker('frozen', await arena.another(), {
      async faults(step) {
        if (step === 'acked') done.resolve();
        if (step !== 'committed') return;
        frozen.resolve();
        await thaw.promise;
      },
    });
    running.push(service);
    await frozen.promise;
    await work('other');
    await flushed();
    thaw.resolve();
    await done.promise;
    expect(await backlog()).toBe(0);
    expect(await ticketsOf(sale)).toHaveLength(2);
    expect(await arena.stores.redis.keys('*capture-*')).toHaveLength(1); // one job, asked for twice
  });

  test('control: with the ack before the commit, the same death loses the purchase for ever', async () => {
    const sale = await arena.sell([10, 11, 12]);
    const outbox = arena.stores.seats.outbox;
    const read = async (...args: Parameters<typeof outbox.read>): Promise<readonly OutboxBatch[]> => {
      const batches = await outbox.read(...args);
      for (const { partition, entries } of batches)
        await outbox.ack(
          partition,
          entries.map(({ id }) => id),
        );
      return batches;
    };
    await workAndDie('read', { outbox: { ...bound(outbox), read } });

    let looks = 0;
    const claim = (...args: Parameters<typeof outbox.claim>) => {
      looks++;
      return outbox.claim(...args);
    };
    await work('heir', { outbox: { ...bound(outbox), claim } });
    await vi.waitUntil(() => looks > 6 * PARTITIONS, { timeout: 10_000 });
    expect(await backlog()).toBe(0);
    expect(await statusOf(sale.order)).toBeNull();
    const compared = await reconcile({ ...arena.stores, provider: null }, arena.event);
    expect(compared?.differences.map(({ kind }) => kind)).toEqual([
      'not_in_ledger',
      'not_in_ledger',
      'not_in_ledger',
    ]);
  });

  test('two workers at once write every purchase, each once', async () => {
    const sales: Sale[] = [];
    const selling = (async () => {
      for (let place = 0; place < 120; place += 2) sales.push(await arena.sell([place, place + 1]));
    })();
    const other = await startWorker('b', await arena.another());
    running.push(other.service);
    const { asked } = await work('a');
    await selling;
    await flushed();
    const tickets = await liveTickets(arena.stores.db, arena.event);
    expect(tickets.map(({ place }) => place)).toEqual(Array.from({ length: 120 }, (_, place) => place));
    expect(new Set(tickets.map(({ order }) => order))).toEqual(new Set(sales.map(({ order }) => order)));
    const captures = [...asked, ...other.asked].map(({ order }) => order);
    expect(new Set(captures)).toEqual(new Set(sales.map(({ order }) => order)));
  });

  test('a purchase the ledger can never take is buried, and those around it are confirmed', async () => {
    const before = await arena.sell([1]);
    const stranger = uuidv7() as UserId; // no such account
    const poison = await arena.sell([2], { buyer: stranger });
    const after = await arena.sell([3]);
    await work('a');
    await flushed();
    expect(await statusOf(before.order)).toBe('confirmed');
    expect(await statusOf(after.order)).toBe('confirmed');
    expect(await statusOf(poison.order)).toBeNull();
    const [letter, ...others] = await deadLetters(arena.stores.redis, 10);
    expect(others).toEqual([]);
    expect(JSON.parse(letter!.content)).toMatchObject({ kind: 'purchase', order: poison.order, places: [2] });
    expect(await codeAt(2)).toBe(2); // no other buyer gets it before a person has looked
  });

  test('an entry that cannot be read is buried, and those around it are confirmed', async () => {
    const before = await arena.sell([1]);
    const [stream] = await arena.stores.redis.keys('*outbox');
    await arena.stores.redis.xadd(stream!, '*', 'what', 'is this?');
    const after = await arena.sell([3]);
    await work('a');
    await flushed();
    expect(await statusOf(before.order)).toBe('confirmed');
    expect(await statusOf(after.order)).toBe('confirmed');
    const letters = await deadLetters(arena.stores.redis, 10);
    expect(letters).toHaveLength(1);
    expect(letters[0]!.content).toContain('is this?');
  });

  test('a purchase that fails for an unforeseen reason comes again, and delays no other', async () => {
    const odd = await arena.sell([1]);
    const plain = await arena.sell([2]);
    let failures = 0;
    const ledger = async (purchases: readonly Purchase[]) => {
      if (failures < 5 && purchases.some(({ order }) => order === odd.order)) {
        failures++;
        throw new TypeError('a defect that passes');
      }
      return flushPurchases(arena.stores.db, purchases);
    };
    await work('a', { ledger });
    await vi.waitUntil(async () => (await statusOf(plain.order)) === 'confirmed');
    expect(await statusOf(odd.order)).toBeNull();
    await flushed();
    expect(await statusOf(odd.order)).toBe('confirmed');
    expect(failures).toBe(5);
  });

  test('while Postgres is away nothing is acked and nothing is lost; the backlog drains when it is back', async () => {
    const proxy = await faultyLine(arena.databaseUrl);
    const db = await openDatabase(proxy.url, { max: 2 });
    try {
      await work('a', { ledger: (purchases) => flushPurchases(db, purchases) });
      const first = await arena.sell([1]);
      await flushed();
      proxy.cut();
      const sales = [await arena.sell([2, 3]), await arena.sell([4])];
      const retriesOf = async () => (await arena.metrics.ledgerRetries.get()).values[0]?.value ?? 0;
      await vi.waitUntil(async () => (await retriesOf()) >= 3, { timeout: 10_000 });
      expect(await backlog()).toBe(2);
      proxy.mend();
      await flushed();
      for (const sale of [first, ...sales]) expect(await statusOf(sale.order)).toBe('confirmed');
    } finally {
      await db.end();
      await proxy.close();
    }
  });

  test('a purchase the ledger rejects is voided, told, and undone, but for the places another has', async () => {
    // Sold before Redis lost its memory of it: the ledger knows, Redis does not.
    const forgotten: Purchase = {
      kind: 'purchase',
      event: arena.event,
      order: uuidv7() as OrderId,
      hold: 'x'.repeat(22) as Purchase['hold'],
      buyer: arena.buyer,
      fence: 5,
      places: [20],
      prices: [2_500],
      amount: 2_500,
      currency: 'EUR',
      payment: 'pay',
      acceptedAt: Date.now(),
    };
    await flushPurchases(arena.stores.db, [forgotten]);
    const sale = await arena.sell([20, 21]);
    const { asked } = await work('a');
    await flushed();
    expect(await findOrder(arena.stores.db, sale.order)).toMatchObject({
      status: 'rejected',
      reason: 'place_taken',
    });
    expect(await ticketsOf(sale)).toEqual([]);
    expect(asked).toEqual([{ action: 'void', order: sale.order }]);
    expect(await codeAt(20)).toBe(2);
    expect(await codeAt(21)).toBe(0);
    await vi.waitUntil(() => toldOf(sale).length > 0);
    expect(toldOf(sale)).toEqual(['rejected']);
  });

  test('a checkout that ended without a purchase has its payment voided', async () => {
    const { order, hold } = await arena.checkOut([30]);
    const op = 'release-op-1' as Parameters<typeof arena.stores.seats.release>[0]['op'];
    const released = await arena.stores.seats.release({ event: arena.event, buyer: arena.buyer, op, hold });
    expect(released.ok).toBe(true);
    const { asked } = await work('a');
    await flushed();
    expect(asked).toEqual([{ action: 'void', order }]);
  });

  test('a stop finishes the batch in hand', async () => {
    const sale = await arena.sell([40]);
    const started = deferred();
    const { service } = await startWorker('a', arena.stores, {
      async ledger(purchases) {
        started.resolve();
        await new Promise((resolve) => setTimeout(resolve, 50));
        return flushPurchases(arena.stores.db, purchases);
      },
    });
    await started.promise;
    await service.stop();
    expect(await statusOf(sale.order)).toBe('confirmed');
    expect(await backlog()).toBe(0);
  });
});

/** The outbox's methods, free to be spread: its implementation may be a class. */
function bound(outbox: Stores['seats']['outbox']): Stores['seats']['outbox'] {
  return {
    read: (...args) => outbox.read(...args),
    claim: (...args) => outbox.claim(...args),
    ack: (...args) => outbox.ack(...args),
    backlog: (...args) => outbox.backlog(...args),
    oldest: (...args) => outbox.oldest(...args),
    trim: (...args) => outbox.trim(...args),
  };
}
