/** Redis far away from the worker, and lines to it that fail: purchases are confirmed all the same. */
import type { Service } from '@seatwire/program';
import type { OrderId } from '@seatwire/protocol';
import { statusOfOrder } from '@seatwire/store';
import { type FaultyLine, faultyLine } from '@seatwire/store/testing';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { readConfig } from '../config.ts';
import { openStores, type Stores } from '../stores.ts';
import type { Arena } from '../testing/arena.ts';
import { openArena } from '../testing/test-arena.ts';
import { flushOfStores } from './flush-of-stores.ts';

const PARTITIONS = 256;

let arena: Arena;
let line: FaultyLine;
let stores: Stores;
let flush: Service;

beforeEach(async () => {
  arena = await openArena({ partitions: PARTITIONS });
  line = await faultyLine(arena.redisUrl);
  const config = {
    ...readConfig([], { PARTITIONS: String(PARTITIONS), DATABASE_POOL: '4' }),
    databaseUrl: arena.databaseUrl,
    redisUrl: line.url,
  };
  stores = await openStores(config, () => {});
  flush = flushOfStores(
    stores,
    { partitions: PARTITIONS, consumer: 'far', batchSize: 500, lingerMs: 5, claimIdleMs: 5_000 },
    arena,
  );
  await flush.start();
});
afterEach(async () => {
  line.mend();
  await flush.stop();
  await stores.close();
  await line.close();
  await arena.close();
});

const confirmed = (order: OrderId) =>
  expect.poll(() => statusOfOrder(arena.stores.db, order), { timeout: 10_000 });

test('[CF2] with 256 partitions and every answer of Redis 200 ms late, each purchase is confirmed', async () => {
  await confirmed((await arena.sell([1])).order).toBe('confirmed');
  line.delay(200);
  // Longer than a round over the partitions takes, so that some come while one is under way.
  for (let place = 2; place < 16; place++) {
    await confirmed((await arena.sell([place])).order).toBe('confirmed');
    await new Promise((resolve) => setTimeout(resolve, 137));
  }
});

test('[CF2] answers that come 0 to 3 s late lose nothing', async () => {
  let turn = 0;
  line.delay(() => (turn++ * 617) % 3_000);
  const orders: OrderId[] = [];
  for (let place = 1; place < 6; place++) orders.push((await arena.sell([place])).order);
  line.mend();
  for (const order of orders) await confirmed(order).toBe('confirmed');
}, 60_000);
