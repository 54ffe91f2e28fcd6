import { repeat, type Service } from '@seatwire/program';
import type { HoldId, OpId } from '@seatwire/protocol';
import { randomToken } from '@seatwire/protocol';
import type { SeatStore } from '@seatwire/store';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { type Arena, PARTITIONS } from '../testing/arena.ts';
import { openArena } from '../testing/test-arena.ts';
import { sweep } from './sweep.ts';

const HOLD_MS = 300;
const EVERY_MS = 50;

let arena: Arena;
let running: Service[];
beforeEach(async () => {
  arena = await openArena({ holdMs: HOLD_MS, payingMs: HOLD_MS });
  running = [];
});
afterEach(async () => {
  for (const service of running) await service.stop();
  await arena.close();
});

/** Starts a sweep; counts how often it really looked, and what it ended. */
async function work(holder: string) {
  const counted = { looks: 0, ended: 0 };
  const { seats, redis } = arena.stores;
  const counting: Pick<SeatStore, 'expireDue' | 'partitions'> = {
    partitions: PARTITIONS,
    async expireDue(partition, limit) {
      counted.looks++;
      const ended = await seats.expireDue(partition, limit);
      counted.ended += ended;
      return ended;
    },
  };
  const parts = { ...arena, seats: counting, redis, holder, everyMs: EVERY_MS };
  const run = (signal: AbortSignal) => sweep(parts, signal);
  const service = repeat({ name: 'sweep', everyMs: EVERY_MS, log: arena.log, run });
  await service.start();
  running.push(service);
  return counted;
}
const hold = (place: number) =>
  arena.stores.seats.hold({
    event: arena.event,
    buyer: arena.buyer,
    op: randomToken() as OpId,
    hold: randomToken() as HoldId,
    priceRevision: 1,
    want: { kind: 'places', places: [place], prices: [2_500] },
  });
const held = async () =>
  (await arena.stores.seats.snapshot(arena.event))!.codes.filter((code) => code === 1).length;

describe('the sweep', () => {
  test('the sweep ends every hold soon after its expiry, and two workers share the looking', async () => {
    for (let place = 0; place < 150; place++) await hold(place);
    expect(await held()).toBe(150);
    const began = performance.now();
    const [a, b] = [await work('a'), await work('b')];
    await vi.waitUntil(async () => (await held()) === 0, { timeout: 5_000, interval: 10 });
    expect(performance.now() - began).toBeLessThan(HOLD_MS + 2_000);
    expect(a.ended + b.ended).toBe(150);

    const before = a.looks + b.looks;
    const rounds = 20;
    await new Promise((resolve) => setTimeout(resolve, rounds * EVERY_MS));
    // Alone, one worker looks once a partition and round; two that did not share would look twice.
    expect(a.looks + b.looks - before).toBeLessThanOrEqual(rounds * PARTITIONS * 1.5);
    expect(Math.min(a.looks, b.looks)).toBeGreaterThan(0);
  });

  test('a checkout past its time ends too, and its payment is in the outbox to be voided', async () => {
    const { order } = await arena.checkOut([7]);
    await work('a');
    await vi.waitUntil(async () => (await held()) === 0, { timeout: 5_000 });
    const { outbox } = arena.stores.seats;
    const partition = arena.stores.seats.partitionOf(arena.event);
    const batches = await outbox.read('test', [partition], 10, 0);
    expect(batches.flatMap(({ entries }) => entries)).toMatchObject([{ kind: 'lapse', order }]);
  });
});
