/** I8 and the outbox: from sold to acked, each entry to one consumer, none lost. */
import { describe, expect, test } from 'vitest';
import type { OutboxEntry } from '../../words/purchase.ts';
import type { SeatStore } from '../seat-store.ts';
import { type Arena, arena, granted, newBuyer, until } from './fixture.ts';

export function outboxContract(store: () => SeatStore): void {
  describe('outbox', () => {
    /** Reads the partition dry, acks what is not the arena's, and gives what is. */
    const drain = async (a: Arena, consumer: string): Promise<readonly OutboxEntry[]> => {
      const mine: OutboxEntry[] = [];
      for (;;) {
        const [batch] = await store().outbox.read(consumer, [a.partition], 100, 0);
        if (batch === undefined) return mine;
        const isMine = ({ event }: OutboxEntry) => event === a.event;
        mine.push(...batch.entries.filter(isMine));
        const others = batch.entries.filter((entry) => !isMine(entry)).map(({ id }) => id);
        if (others.length > 0) await store().outbox.ack(a.partition, others);
      }
    };
    /** Acks all that is pending in the arena's partition, for every consumer. */
    const claimAll = async (a: Arena) => {
      const { entries } = await store().outbox.claim('janitor', a.partition, 0, 1_000);
      await store().outbox.ack(
        a.partition,
        entries.map(({ id }) => id),
      );
    };

    const fresh = async () => {
      const a = await arena(store());
      await drain(a, 'before');
      await claimAll(a);
      return a;
    };

    test('[IN8] a confirmed purchase is in the outbox with all the ledger must know', async () => {
      const a = await fresh();
      const { hold, order, fence } = await a.sold([4, 3]);
      const [entry] = await drain(a, 'worker-1');
      expect(entry).toEqual({
        id: expect.any(String),
        kind: 'purchase',
        event: a.event,
        order,
        hold,
        buyer: a.buyer,
        fence,
        places: [3, 4],
        prices: [1_003, 1_004],
        amount: 2_007,
        currency: 'EUR',
        payment: 'authorised',
        acceptedAt: expect.any(Number),
      });
    });

    test("a payment's reference may be any text", async () => {
      const a = await fresh();
      const { hold, order } = await a.paying([1]);
      const payment = 'pi 3 "ü"\n€ ';
      granted(await store().confirm({ ...a.ref(hold), order, payment }));
      expect(await drain(a, 'worker-1')).toMatchObject([{ payment }]);
    });

    test('a hold that was in checkout and ends without a purchase leaves a lapse; one that never was, does not', async () => {
      const a = await fresh();
      const released = await a.paying([1]);
      const reverted = await a.paying([2]);
      const never = await a.held([3]);
      granted(await store().revert(a.ref(reverted.hold)));
      for (const { hold } of [released, reverted, never]) granted(await store().release(a.ref(hold)));
      const lapses = (await drain(a, 'worker-1')).map(({ id: _, ...entry }) => entry);
      expect(lapses).toEqual(
        [released, reverted].map(({ order }) => ({ kind: 'lapse', event: a.event, order, buyer: a.buyer })),
      );
    });

    test('an entry goes to one consumer, in order, and stays until it is acked', async () => {
      const a = await fresh();
      const orders = [];
      for (const place of [1, 2, 3]) orders.push((await a.sold([place])).order);
      const { outbox } = store();
      const [first] = await outbox.read('worker-1', [a.partition], 2, 0);
      const [second] = await outbox.read('worker-2', [a.partition], 2, 0);
      const entries = [...first!.entries, ...second!.entries];
      expect(entries.map(({ order }) => order)).toEqual(orders);
      expect(await outbox.read('worker-3', [a.partition], 2, 0)).toEqual([]);
      expect(await outbox.backlog(a.partition, a.event)).toBe(3);
      expect(await outbox.backlog(a.partition)).toBe(3);
      await outbox.ack(a.partition, [entries[0]!.id]);
      expect(await outbox.backlog(a.partition, a.event)).toBe(2);
      await outbox.ack(
        a.partition,
        entries.map(({ id }) => id),
      );
      expect(await outbox.backlog(a.partition, a.event)).toBe(0);
      expect(await outbox.backlog(a.partition)).toBe(0);
    });

    test('the backlog of an event counts what waits and what was delivered, of that event only', async () => {
      const a = await fresh();
      await a.sold([1]);
      await store().outbox.read('worker-1', [a.partition], 100, 0);
      await a.sold([2]);
      await a.sold([3], { buyer: newBuyer() });
      expect(await store().outbox.backlog(a.partition, a.event)).toBe(3);
      expect(await store().outbox.backlog(a.partition, (await arena(store())).event)).toBe(0);
      const entries = await drain(a, 'worker-1');
      await store().outbox.ack(
        a.partition,
        entries.map(({ id }) => id),
      );
      expect(await store().outbox.backlog(a.partition, a.event)).toBe(1);
      await claimAll(a);
    });

    test('an entry that another consumer read and did not ack can be claimed once it is idle, not before', async () => {
      const a = await fresh();
      const sold = await a.sold([1]);
      await store().outbox.read('worker-1', [a.partition], 100, 0);
      expect((await store().outbox.claim('worker-2', a.partition, 60_000, 10)).entries).toEqual([]);
      const claimed = await until(
        () => store().outbox.claim('worker-2', a.partition, 5, 10),
        ({ entries }) => entries.length > 0,
      );
      expect(claimed).toMatchObject({ partition: a.partition, entries: [{ order: sold.order }] });
      expect((await store().outbox.claim('worker-1', a.partition, 60_000, 10)).entries).toEqual([]);
      await store().outbox.ack(
        a.partition,
        claimed.entries.map(({ id }) => id),
      );
      expect((await store().outbox.claim('worker-1', a.partition, 0, 10)).entries).toEqual([]);
    });

    test('trimming drops what is acked, never what is not', async () => {
      const a = await fresh();
      const { outbox } = store();
      await a.sold([1]);
      await a.sold([2]);
      const [batch] = await outbox.read('worker-1', [a.partition], 100, 0);
      const waiting = await a.sold([3]);
      const [first, second] = batch!.entries;
      await outbox.ack(a.partition, [second!.id]);
      await outbox.trim(a.partition);
      expect(await outbox.backlog(a.partition, a.event)).toBe(2);
      expect(await outbox.oldest(a.partition)).toBe(Number(first!.id.split('-')[0]));
      await outbox.ack(a.partition, [first!.id]);
      await outbox.trim(a.partition);
      expect(await outbox.backlog(a.partition)).toBe(1);
      const [rest] = await outbox.read('worker-1', [a.partition], 100, 0);
      expect(rest!.entries.map(({ order }) => order)).toEqual([waiting.order]);
      expect(await outbox.oldest(a.partition)).toBe(Number(rest!.entries[0]!.id.split('-')[0]));
      await outbox.ack(
        a.partition,
        rest!.entries.map(({ id }) => id),
      );
      expect(await outbox.oldest(a.partition)).toBeNull();
    });

    test('a reader that waits gets the first entry as it comes, and nothing when none does', async () => {
      const a = await fresh();
      const reading = store().outbox.read('worker-1', [a.partition], 10, 10_000);
      const sold = await a.sold([1]);
      expect(await reading).toMatchObject([{ partition: a.partition, entries: [{ order: sold.order }] }]);
      expect(await store().outbox.read('worker-1', [a.partition], 10, 20)).toEqual([]);
      await claimAll(a);
    });

    test("readers of several partitions get each one's own", async () => {
      const [a, b] = [await fresh(), await fresh()];
      const partitions = Array.from({ length: store().partitions }, (_, i) => i);
      const orders = [(await a.sold([1])).order, (await b.sold([1])).order];
      const batches = await store().outbox.read('worker-1', partitions, 10, 5_000);
      const found = batches.flatMap(({ partition, entries }) =>
        entries.map(({ order, event }) => [partition, order, event]),
      );
      expect(found).toContainEqual([a.partition, orders[0], a.event]);
      expect(found).toContainEqual([b.partition, orders[1], b.event]);
      for (const { partition, entries } of batches)
        await store().outbox.ack(
          partition,
          entries.map(({ id }) => id),
        );
    });
  });
}
