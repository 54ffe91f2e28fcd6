/** I4: one answer to a command, however often it is asked under its op id. */
import { describe, expect, test } from 'vitest';
import type { SeatStore } from '../seat-store.ts';
import { arena, granted, newBuyer, newHold, newOp, newOrder } from './fixture.ts';

export function opsContract(store: () => SeatStore): void {
  describe('ops', () => {
    test('[IN4] a hold repeated under its op gets the first answer, though the client made a fresh hold id', async () => {
      const a = await arena(store());
      const op = newOp();
      const first = await a.hold([2, 1], { op }, [20, 10]);
      expect(first.ok).toBe(true);
      expect(await a.hold([1, 2], { op }, [10, 20])).toEqual(first);
      expect(await a.hold([2, 1], { op, hold: newHold(), priceRevision: 7 }, [99, 99])).toEqual(first);
      expect(await a.version()).toBe(1);
      const best = { op: newOp() };
      const found = await a.best(2, [{ first: 0, count: 40, price: 5 }], best);
      expect(await a.best(2, [{ first: 0, count: 40, price: 6 }], best)).toEqual(found);
      expect(await a.version()).toBe(2);
    });

    test('[IN4] the first answer stands after the hold has ended', async () => {
      const a = await arena(store());
      const op = newOp();
      const first = granted(await a.hold([1], { op }));
      granted(await store().release(a.ref(first.hold)));
      expect(await a.hold([1], { op })).toEqual(first);
      expect(await a.map()).not.toContain('1');
    });

    test('[IN4] every command on a hold may be repeated', async () => {
      const a = await arena(store());
      const { hold } = await a.held([1]);
      const twice = async <T>(ask: () => Promise<T>) => {
        const first = await ask();
        expect(first).toMatchObject({ ok: true });
        const { version, epoch } = (await store().snapshot(a.event))!;
        expect(await ask()).toEqual(first);
        expect((await store().snapshot(a.event))!).toMatchObject({ version, epoch });
        return first;
      };
      const refs = Array.from({ length: 4 }, () => a.ref(hold));
      const order = newOrder();
      await twice(() => store().extend(refs[0]!));
      await twice(() => store().checkout({ ...refs[1]!, order }));
      await twice(() => store().revert(refs[2]!));
      granted(await store().checkout({ ...a.ref(hold), order: newOrder() }));
      await twice(() => store().confirm({ ...refs[3]!, order, payment: 'authorised' }));
      expect(await store().outbox.backlog(a.partition, a.event)).toBe(1);
      const other = await a.held([2]);
      const ref = a.ref(other.hold);
      await twice(() => store().release(ref));
    });

    test("[IN4] another command under the op is a conflict; another buyer's same op is not", async () => {
      const a = await arena(store());
      const op = newOp();
      const { hold } = await a.held([1], { op });
      const conflict = { ok: false, code: 'op_conflict' };
      expect(await a.hold([2], { op })).toEqual(conflict);
      expect(await a.best(1, [{ first: 0, count: 9, price: 1 }], { op })).toEqual(conflict);
      expect(await store().release(a.ref(hold, { op }))).toEqual(conflict);
      expect(await store().extend(a.ref(hold, { op }))).toEqual(conflict);
      granted(await a.hold([2], { op, buyer: newBuyer() }));
      const elsewhere = await arena(store());
      granted(await elsewhere.hold([2], { op, buyer: a.buyer }));
    });

    test('[IN4] a refusal is not kept: the same op may succeed later', async () => {
      const a = await arena(store());
      const { hold } = await a.held([1], { buyer: a.buyer });
      const op = newOp();
      const buyer = newBuyer();
      expect(await a.hold([1], { op, buyer })).toMatchObject({ code: 'place_taken' });
      granted(await store().release(a.ref(hold)));
      granted(await a.hold([1], { op, buyer }));
    });

    test('a hold id cannot be used for a second hold', async () => {
      const a = await arena(store());
      const { hold } = await a.held([1]);
      expect(await a.hold([2], { hold, buyer: newBuyer() })).toEqual({ ok: false, code: 'op_conflict' });
    });

    test('[IN4] the same op asked a hundred times at once is one hold', async () => {
      const a = await arena(store());
      const op = newOp();
      const answers = await Promise.all(Array.from({ length: 100 }, () => a.hold([3, 4], { op })));
      for (const answer of answers) expect(answer).toEqual(answers[0]);
      expect(await a.version()).toBe(1);
      expect(await store().holdsOf(a.event, a.buyer)).toHaveLength(1);
    });
  });
}
