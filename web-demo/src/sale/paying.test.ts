/** Payments that nobody answers at once: each is followed to its end, and what was bought is never said to be gone. */
import type { EventId } from '@seatwire/protocol';
import { beforeEach, describe, expect, test } from 'vitest';
import { paymentMemory } from './open-payments.ts';
import { phaseOf } from './sale-state.ts';
import {
  ann,
  bob,
  event,
  HOLD_MS,
  hold,
  holdId,
  later,
  mine,
  no,
  order,
  otherOrder,
  ScriptedSale,
} from './testing/scripted-sale.ts';

const shelf = () => {
  const kept = new Map<string, string>();
  return {
    kept,
    getItem: (key: string) => kept.get(key) ?? null,
    setItem: (key: string, value: string) => void kept.set(key, value),
    removeItem: (key: string) => void kept.delete(key),
  };
};

let s: ScriptedSale;
beforeEach(async () => {
  s = new ScriptedSale();
  await s.as(ann, hold('a', [1, 2]));
  s.answers.checkout = { ok: true, type: 'checked-out', order, expiresAt: 2 * HOLD_MS };
  s.answers.pay = { ok: true, type: 'accepted', order };
});
const phase = () => phaseOf(s.state);
const sold = { order, status: 'confirmed' as const, places: [1, 2] };
const notice = (status: 'accepted' | 'confirmed' | 'rejected') =>
  s.sale.onOrder({ type: 'order', event, order, status, places: [1, 2], reason: null });
/** Nothing is answered from now on. */
const cut = () => {
  for (const name of ['checkout', 'pay', 'mine'] as const) s.answers[name] = no('unavailable');
};
/** Long enough for the page to say that it has not heard. */
const GIVEN_UP_MS = 30_000;
/** The line is back, and the account with it. */
const back = async () => {
  void s.sale.restore();
  await s.pass(0);
};

describe('[CD19] what `mine` says while a payment is on its way', () => {
  test('an answer to `mine` read between the sale and its order ends nothing', async () => {
    const answer = later<unknown>();
    s.answers.pay = answer.promise;
    const paying = s.sale.pay('tok_ok');
    await s.pass(0);
    s.answers.mine = mine();
    await s.sale.restore();
    expect(s.state).toMatchObject({ refusal: null, holds: [{ places: [1, 2] }] });
    await answer.come({ ok: true, type: 'accepted', order });
    await paying;
    expect(phase()).toBe('confirming');
    notice('confirmed');
    expect(phase()).toBe('confirmed');
    expect(s.state.refusal).toBeNull();
  });

  test('a hold that another window pays for is asked about again before it is said to be gone', async () => {
    s.sale.onHoldChanged({ type: 'hold-changed', event, ...hold('a', [1, 2], { paying: true, order }) });
    s.answers.mine = [mine(), mine([], [sold])];
    await s.sale.restore();
    expect(s.state).toMatchObject({ refusal: null, holds: [{ places: [1, 2] }] });
    await s.pass(60_000);
    expect(s.state).toMatchObject({ holds: [], bought: [1, 2], refusal: { code: 'bought_elsewhere' } });
  });

  test('the control: one that stays away is gone', async () => {
    s.sale.onHoldChanged({ type: 'hold-changed', event, ...hold('a', [1, 2], { paying: true, order }) });
    s.answers.mine = mine();
    await s.sale.restore();
    await s.pass(60_000);
    expect(s.state).toMatchObject({ holds: [], refusal: { code: 'no_longer_held', places: [1, 2] } });
  });

  test.each(['order', 'mine', 'sold'] as const)('words that were wrong are taken back by: %s', async (by) => {
    s.answers.mine = mine();
    await s.sale.restore();
    expect(s.state.refusal?.code).toBe('no_longer_held');
    if (by === 'order') notice('confirmed');
    if (by === 'sold') s.sale.onHoldEnded({ type: 'hold-ended', event, hold: holdId('a'), reason: 'sold' });
    if (by === 'mine') {
      s.answers.mine = mine([], [sold]);
      await s.sale.restore();
    }
    expect(s.state).toMatchObject({ bought: [1, 2], refusal: { code: 'bought_elsewhere', places: [1, 2] } });
  });

  test('seats that ran out and are bought later, by another hold, are no news of the first', async () => {
    s.sale.onHoldEnded({ type: 'hold-ended', event, hold: holdId('a'), reason: 'expired' });
    s.sale.onHoldChanged({ type: 'hold-changed', event, ...hold('b', [1, 2]) });
    s.answers.mine = mine([], [sold]);
    await s.sale.pay('tok_ok');
    notice('confirmed');
    expect(phase()).toBe('confirmed');
    expect(s.state).toMatchObject({ refusal: null, purchases: [{ order }] });
  });
});

describe('[CD19] a payment that was given up on', () => {
  const giveUp = async () => {
    cut();
    const paying = s.sale.pay('tok_ok');
    await s.pass(GIVEN_UP_MS);
    await paying;
    // No card is to blame.
    expect(s.state).toMatchObject({
      activity: null,
      refusal: { code: 'payment_unheard', at: 'pay', method: null },
    });
  };

  test('a payment that was given up on goes through as soon as the server is heard again, under the same ops, once', async () => {
    await giveUp();
    s.answers.checkout = { ok: true, type: 'checked-out', order, expiresAt: 2 * HOLD_MS };
    s.answers.pay = { ok: true, type: 'accepted', order };
    s.answers.mine = mine([hold('a', [1, 2])]);
    await back();
    expect(new Set(s.ops('checkout')).size).toBe(1);
    expect(s.ops('pay')).toHaveLength(1);
    expect(phase()).toBe('confirming');
    expect(s.state.refusal).toBeNull();
    await s.pass(120_000);
    expect(s.ops('pay')).toHaveLength(1);
  });

  test('a question put while an answer comes in is asked all the same', async () => {
    // The answer to `mine` is in, and the payment it led to turns out to be too late: what became of the hold is a new question.
    await giveUp();
    s.time = HOLD_MS;
    s.answers.checkout = no('hold_not_found');
    s.answers.mine = [mine(), mine([], [sold])];
    await back();
    expect(s.state).toMatchObject({ holds: [], bought: [1, 2] });
  });

  test('a payment that was given up on may be refused, and the page says so', async () => {
    await giveUp();
    s.answers.checkout = { ok: true, type: 'checked-out', order, expiresAt: 2 * HOLD_MS };
    s.answers.pay = no('payment_declined');
    s.answers.mine = mine([hold('a', [1, 2])]);
    await back();
    expect(s.state).toMatchObject({
      activity: null,
      refusal: { code: 'payment_declined', at: 'pay', method: 'tok_ok' },
    });
  });

  test('a payment that was given up on may come too late: the page stops asking', async () => {
    await giveUp();
    s.time = HOLD_MS;
    s.answers.checkout = no('hold_not_found');
    s.answers.mine = mine();
    await back();
    expect(s.state).toMatchObject({ activity: null, holds: [], refusal: { code: 'ended' } });
    const asked = s.asked.length;
    await s.pass(600_000);
    expect(s.asked.length).toBe(asked);
  });

  test('a payment whose answer only was lost turns out to be bought, though the hold is gone', async () => {
    s.answers.pay = no('unavailable');
    s.answers.mine = no('unavailable');
    const paying = s.sale.pay('tok_ok');
    await s.pass(GIVEN_UP_MS);
    await paying;
    s.answers.checkout = no('hold_not_found');
    s.answers.pay = { ok: true, type: 'accepted', order };
    s.answers.mine = mine();
    await back();
    expect(phase()).toBe('confirming');
    expect(new Set(s.ops('pay')).size).toBe(1);
  });

  test('a payment that was given up on is asked about for as long as it takes, though nothing wakes the page', async () => {
    await giveUp();
    await s.pass(20 * 60_000);
    s.answers.checkout = no('hold_not_found');
    s.answers.mine = mine([], [sold]);
    await s.pass(60_000);
    expect(phase()).toBe('confirmed');
  });

  test('a payment pressed again is the same payment; with another card the first is asked about before the hold is gone', async () => {
    s.answers.pay = no('unavailable');
    s.answers.mine = no('unavailable');
    for (const card of ['tok_ok', 'tok_ok', 'tok_other']) {
      if (card === 'tok_other')
        s.answers.pay = (_: unknown, __: unknown, method: string) =>
          method === 'tok_ok' ? { ok: true, order } : no('hold_not_found');
      const paying = s.sale.pay(card);
      await s.pass(GIVEN_UP_MS);
      await paying;
    }
    expect(new Set(s.ops('pay')).size).toBe(2);
    expect(phase()).toBe('confirming');
    expect(s.state.refusal).toBeNull();
  });

  test.each(['unauthenticated', 'rate_limited', 'overloaded'] as const)(
    '%s says nothing of what was asked before',
    async (code) => {
      s.answers.pay = [no('unavailable'), no(code), { ok: true, type: 'accepted', order }];
      const paying = s.sale.pay('tok_ok');
      await s.pass(GIVEN_UP_MS);
      await paying;
      expect(phase()).toBe('confirming');
    },
  );

  test('of two holds given up on the second is paid too, once the first is', async () => {
    s = new ScriptedSale();
    await s.as(ann, hold('a', [1, 2]), hold('b', [3]));
    await giveUp();
    s.answers.checkout = (_: unknown, id: string) => ({
      ok: true,
      order: id[0] === 'a' ? order : otherOrder,
      expiresAt: 2 * HOLD_MS,
    });
    s.answers.pay = (_: unknown, id: string) => ({ ok: true, order: id[0] === 'a' ? order : otherOrder });
    s.answers.mine = mine([hold('a', [1, 2]), hold('b', [3])]);
    await back();
    expect(s.state.purchases).toHaveLength(2);
  });

  test('of two holds given up on the second is not paid with a card that did not do for the first', async () => {
    s = new ScriptedSale();
    await s.as(ann, hold('a', [1, 2]), hold('b', [3]));
    s.answers.checkout = { ok: true, type: 'checked-out', order, expiresAt: 2 * HOLD_MS };
    s.answers.mine = mine([hold('a', [1, 2]), hold('b', [3])]);
    s.answers.pay = no('payment_declined');
    await s.sale.pay('tok_declined');
    await s.pass(60_000);
    await back();
    expect(s.ops('pay')).toHaveLength(1);
  });
});

describe('[CD19] a page that was left in the middle of a payment', () => {
  test('a page left in the middle of a payment goes on with it after a reload, and lists what was bought', async () => {
    const tab = shelf();
    const memory = paymentMemory(() => tab, event);
    s = new ScriptedSale({ payments: memory });
    await s.as(ann, hold('a', [1, 2]));
    s.answers.checkout = { ok: true, type: 'checked-out', order, expiresAt: 2 * HOLD_MS };
    s.answers.pay = later().promise;
    void s.sale.pay('tok_slow');
    await s.pass(0);
    const op = s.ops('pay')[0];
    s.sale.stop();

    const reloaded = new ScriptedSale({ payments: memory });
    const answer = later<unknown>();
    reloaded.answers.pay = answer.promise;
    reloaded.answers.mine = mine([], [{ ...sold, status: 'accepted' }]);
    reloaded.sale.setUser(ann);
    expect(phaseOf(reloaded.state)).toBe('held');
    expect(reloaded.state).toMatchObject({ activity: 'pay', holds: [{ paidHere: true }] });
    await answer.come({ ok: true, type: 'accepted', order });
    await reloaded.pass(0);
    expect(reloaded.ops('pay')).toEqual([op]);
    expect(reloaded.names).not.toContain('checkout');
    expect(reloaded.state).toMatchObject({ refusal: null, purchases: [{ order, places: [1, 2] }] });
    expect(tab.kept.size).toBe(0);
  });

  test('a page left in the middle of a payment shows it to no other user, and forgets it at a sign-out', async () => {
    const tab = shelf();
    const memory = paymentMemory(() => tab, event);
    for (const end of ['another', 'out'] as const) {
      s = new ScriptedSale({ payments: memory });
      await s.as(ann, hold('a', [1, 2]));
      s.answers.checkout = later().promise;
      void s.sale.pay('tok_slow');
      expect(tab.kept.size).toBe(1);
      if (end === 'out') s.sale.setUser(null);
      else {
        s.sale.stop();
        s = new ScriptedSale({ payments: memory });
        await s.as(bob);
        expect(s.state.holds).toEqual([]);
      }
      expect(tab.kept.size).toBe(0);
    }
  });

  test('stored payments are read with care, and a browser that keeps nothing is no trouble', () => {
    const tab = shelf();
    const memory = paymentMemory(() => tab, event);
    for (const text of ['{', 'null', '{"user":1}', JSON.stringify({ user: ann, payments: [{}] })]) {
      tab.kept.set(`seatwire.payments.${event}`, text);
      expect(memory.load(ann)).toEqual([]);
    }
    expect(paymentMemory(() => tab, ann as string as EventId).load(ann)).toEqual([]);
    const forbidden = paymentMemory(() => {
      throw new Error('forbidden');
    }, event);
    forbidden.save(ann, []);
    expect(forbidden.load(ann)).toEqual([]);
  });
});
