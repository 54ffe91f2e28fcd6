import type { Service } from '@seatwire/program';
import { type EventId, uuidv7 } from '@seatwire/protocol';
import { cancelOrder } from '@seatwire/store';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { report } from '../commands/reconcile.ts';
import { flushOfStores } from '../flush/flush-of-stores.ts';
import { type Arena, PARTITIONS, type Sale } from '../testing/arena.ts';
import { openArena } from '../testing/test-arena.ts';
import { reconcile } from './reconcile.ts';

let arena: Arena;
let flush: Service;
beforeEach(async () => {
  arena = await openArena();
  flush = flushOfStores(
    arena.stores,
    { partitions: PARTITIONS, consumer: 'flush', batchSize: 100, lingerMs: 1, claimIdleMs: 200 },
    arena,
    { blockMs: 20 },
  );
});
afterEach(async () => {
  await flush.stop();
  await arena.close();
});

const compare = () => reconcile(arena.stores, arena.event);
async function soldAndFlushed(...sales: number[][]): Promise<Sale[]> {
  const sold: Sale[] = [];
  for (const places of sales) sold.push(await arena.sell(places));
  await flush.start();
  const { seats } = arena.stores;
  await vi.waitUntil(async () => (await seats.outbox.backlog(seats.partitionOf(arena.event))) === 0);
  return sold;
}

describe('reconcile', () => {
  test('reconcile finds no difference where there is none, holds and checkouts under way included', async () => {
    await soldAndFlushed([1, 2], [3]);
    await arena.checkOut([9]);
    expect(await compare()).toEqual({ event: arena.event, sold: 3, differences: [], inFlight: 0 });
  });

  test('reconcile finds a sale that Redis forgot', async () => {
    const [sale] = await soldAndFlushed([1, 2]);
    const { event, buyer } = arena;
    await arena.stores.seats.cancel({ event, buyer, fence: sale!.fence, places: [2] });
    expect((await compare())?.differences).toEqual([{ kind: 'not_in_redis', place: 2, ticket: sale!.fence }]);
  });

  test('reconcile finds a sale that the ledger took back', async () => {
    const [sale] = await soldAndFlushed([1, 2]);
    await cancelOrder(arena.stores.db, sale!.order, 'behind the back of Redis');
    expect((await compare())?.differences).toEqual([
      { kind: 'not_in_ledger', place: 1, fence: sale!.fence },
      { kind: 'not_in_ledger', place: 2, fence: sale!.fence },
    ]);
  });

  test('reconcile finds a block that the ledger does not know, and a state that is missing', async () => {
    await arena.stores.seats.block({ event: arena.event, places: [4] });
    expect((await compare())?.differences).toEqual([
      { kind: 'blocked', place: 4, redis: true, ledger: false },
    ]);
    await arena.stores.redis.flushdb();
    expect((await compare())?.differences).toEqual([{ kind: 'no_state' }]);
  });

  test('reconcile finds a confirmed order whose payment was let go', async () => {
    const [sale] = await soldAndFlushed([1], [2]);
    await flush.stop();
    await arena.stores.provider.void(sale!.order);
    const compared = await compare();
    expect(compared?.differences).toEqual([{ kind: 'payment', order: sale!.order, state: 'voided' }]);
    expect(report([compared!])).toMatch(
      new RegExp(`order ${sale!.order} is confirmed, its payment is voided`),
    );
  });

  test('a purchase accepted and not yet flushed is in flight, not a difference', async () => {
    await arena.sell([5, 6]);
    expect(await compare()).toEqual({ event: arena.event, sold: 0, differences: [], inFlight: 2 });
  });

  test('under sales reconcile counts nothing that is only on its way', async () => {
    await flush.start();
    let place = 0;
    let selling = true;
    const buyers = Array.from({ length: 3 }, async () => {
      while (selling && place < 380) await arena.sell([place++]);
    });
    for (let i = 0; i < 3; i++) expect((await compare())?.differences).toEqual([]);
    selling = false;
    await Promise.all(buyers);
  });

  test('reconcile knows nothing of an event the ledger does not have', async () => {
    expect(await reconcile(arena.stores, uuidv7() as EventId)).toBeNull();
  });
});
