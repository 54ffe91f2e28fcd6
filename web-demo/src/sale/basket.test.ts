/** One buyer in several windows: every hold is here, however it was made and however it ends. */
import type { HoldEnd } from '@seatwire/protocol';
import { beforeEach, describe, expect, test } from 'vitest';
import { ownPlaces, phaseOf } from './sale-state.ts';
import {
  ann,
  bob,
  event,
  HOLD_MS,
  held,
  hold,
  holdId,
  later,
  mine,
  no,
  order,
  otherOrder,
  ScriptedSale,
} from './testing/scripted-sale.ts';

let s: ScriptedSale;
beforeEach(() => {
  s = new ScriptedSale();
});
const phase = () => phaseOf(s.state);
const names = () => s.state.holds.map((one) => one.hold[0]);
const changed = (...told: Parameters<typeof hold>) =>
  s.sale.onHoldChanged({ type: 'hold-changed', event, ...hold(...told) });
const ended = (name: string, reason: HoldEnd) =>
  s.sale.onHoldEnded({ type: 'hold-ended', event, hold: holdId(name), reason });

describe('the basket', () => {
  test('[CB12] all holds of the buyer are restored, not the first only', async () => {
    await s.as(ann, hold('a', [1]), hold('b', [7, 8], { expiresAt: 90_000 }));
    expect(names()).toEqual(['a', 'b']);
    expect([...ownPlaces(s.state)]).toEqual([1, 7, 8]);
  });

  test('[CB11] a hold made in another window is in this one, and no one is blamed for its seats', async () => {
    await s.as(ann);
    s.sale.toggle(4);
    s.sale.toggle(5);
    // The map may tell it first, and the notice come a moment later.
    s.sale.placesChanged([4], () => false);
    await s.pass(100);
    changed('a', [4]);
    await s.pass(2000);
    expect(s.state).toMatchObject({ selection: [5], refusal: null });
    expect(names()).toEqual(['a']);
  });

  test('[CB11] words that blamed another buyer for a seat are taken back when it turns out to be the buyer', async () => {
    await s.as(ann);
    s.sale.refuse('held_by_other', 4);
    changed('a', [4]);
    expect(s.state.refusal).toBeNull();
  });

  test('the control: a seat that no notice tells us about is another buyer’s', async () => {
    await s.as(ann);
    s.sale.toggle(4);
    s.sale.placesChanged([4], () => false);
    await s.pass(2000);
    expect(s.state).toMatchObject({ selection: [], refusal: { code: 'lost', place: 4 } });
  });

  test('a seat that was free again at once stays selected', async () => {
    await s.as(ann);
    s.sale.toggle(4);
    s.sale.placesChanged([4], () => false);
    s.sale.placesChanged([4], () => true);
    await s.pass(2000);
    expect(s.state).toMatchObject({ selection: [4], refusal: null });
  });

  test('more seats can be added to a basket', async () => {
    await s.as(ann, hold('a', [1]));
    s.answers.hold = held('b', [2]);
    s.sale.toggle(2);
    await s.sale.hold();
    expect(names()).toEqual(['a', 'b']);
  });

  test('a hold that was extended or checked out elsewhere is so here', async () => {
    await s.as(ann, hold('a', [1]));
    changed('a', [1], { expiresAt: HOLD_MS + 5, paying: true, order });
    expect(s.state.holds).toMatchObject([{ expiresAt: HOLD_MS + 5, paying: true, order }]);
  });

  test('a notice with less time may be older than what is known: the server is asked', async () => {
    await s.as(ann, hold('a', [1], { expiresAt: 500_000 }));
    s.answers.mine = mine([hold('a', [1], { expiresAt: 500_000 })]);
    changed('a', [1], { expiresAt: 300_000 });
    await s.pass(0);
    expect(s.names).toEqual(['mine']);
    expect(s.state.holds[0]!.expiresAt).toBe(500_000);
  });

  test('notices of other events, and those without a user, are not for this sale', async () => {
    changed('a', [1]);
    expect(s.state.holds).toEqual([]);
    await s.as(ann);
    s.sale.onHoldChanged({ type: 'hold-changed', ...hold('a', [1]), event: bob as never });
    expect(s.state.holds).toEqual([]);
  });
});

describe('ends', () => {
  beforeEach(() => s.as(ann, hold('a', [1]), hold('b', [7, 8])));

  test.each([
    ['expired', { code: 'ended', at: 'map', place: 1 }],
    ['released', { code: 'given_back', at: 'panel' }],
    ['sold', { code: 'bought_elsewhere', at: 'panel' }],
    ['rebuilt', { code: 'rebuilt', at: 'panel' }],
  ] as const)('[CB8] a hold %s in another window is said to be so', (reason, words) => {
    ended('a', reason);
    expect(names()).toEqual(['b']);
    expect(s.state.refusal).toMatchObject(words);
    expect(s.state.bought).toEqual(reason === 'sold' ? [1] : []);
  });

  test('[CB9] an order of another window shows its places as bought', () => {
    s.sale.onOrder({ type: 'order', event, order, status: 'confirmed', places: [7, 8], reason: null });
    expect(names()).toEqual(['a']);
    expect(s.state).toMatchObject({ bought: [7, 8], refusal: { code: 'bought_elsewhere' } });
    ended('b', 'sold');
    expect(s.state.bought).toEqual([7, 8]);
    // A ticket that was given back is no longer the buyer's.
    s.sale.onOrder({ type: 'order', event, order, status: 'cancelled', places: [7, 8], reason: null });
    expect(s.state.bought).toEqual([]);
  });

  test('giving back by oneself needs no words, also when the notice comes before the answer', async () => {
    s.answers.release = (_: unknown, id: string) => {
      ended(id[0]!, 'released');
      return { ok: true, type: 'released' };
    };
    await s.sale.release();
    expect(s.names.filter((name) => name === 'release')).toHaveLength(2);
    expect(s.state).toMatchObject({ holds: [], refusal: null });
  });

  test('one hold can be given back alone', async () => {
    s.answers.release = { ok: true, type: 'released' };
    s.answers.mine = mine([hold('b', [7, 8])]);
    await s.sale.release(holdId('a'));
    await s.pass(0);
    expect(names()).toEqual(['b']);
    expect(s.state.refusal).toBeNull();
  });

  test('giving back what is gone already is no failure', async () => {
    s.answers.release = no('hold_not_found');
    await s.sale.release();
    expect(s.state).toMatchObject({ holds: [], refusal: null });
  });

  test('[CB8] words about a hold after its end do not bring it back', async () => {
    ended('a', 'released');
    changed('a', [1]);
    expect(names()).toEqual(['b']);
    s.answers.mine = mine([hold('a', [1]), hold('b', [7, 8])]);
    await s.sale.restore();
    expect(names()).toEqual(['b']);
  });

  test('[CB9] Pay, when another window has bought meanwhile, says so', async () => {
    s.answers.checkout = no('hold_not_found');
    s.answers.mine = mine(
      [],
      [
        { order, status: 'confirmed', places: [1] },
        { order: otherOrder, status: 'confirmed', places: [7, 8] },
      ],
    );
    await s.sale.pay('tok_ok');
    await s.pass(0);
    expect(s.state).toMatchObject({ holds: [], bought: [1, 7, 8], refusal: { code: 'bought_elsewhere' } });
  });
});

describe('verbs of a basket', () => {
  beforeEach(() =>
    s.as(ann, hold('a', [1], { expiresAt: 200_000 }), hold('b', [7, 8], { expiresAt: 100_000 })),
  );
  const checkedOut = (_: unknown, id: string) => ({
    ok: true,
    type: 'checked-out',
    order: id[0] === 'a' ? order : otherOrder,
    expiresAt: 250_000,
  });

  test('[CB12] Pay pays each hold, the one that ends first first', async () => {
    s.answers.checkout = checkedOut;
    s.answers.pay = (_: unknown, id: string) => ({ ok: true, order: id[0] === 'a' ? order : otherOrder });
    await s.sale.pay('tok_ok');
    expect(s.asked.filter(([name]) => name === 'pay').map((one) => String(one[2])[0])).toEqual(['b', 'a']);
    expect(phase()).toBe('confirming');
    s.sale.onOrder({ type: 'order', event, order, status: 'confirmed', places: [1], reason: null });
    expect(phase()).toBe('confirming');
    s.sale.onOrder({
      type: 'order',
      event,
      order: otherOrder,
      status: 'confirmed',
      places: [7, 8],
      reason: null,
    });
    expect(phase()).toBe('confirmed');
    expect(s.state.purchases.flatMap(({ places }) => places)).toEqual([7, 8, 1]);
  });

  test('[CB12] a hold that a card does not pay stays, and one that it paid is bought', async () => {
    s.answers.checkout = checkedOut;
    s.answers.pay = [{ ok: true, order: otherOrder }, no('payment_declined')];
    s.answers.mine = mine(
      [hold('a', [1], { expiresAt: 200_000 })],
      [{ order: otherOrder, status: 'accepted', places: [7, 8] }],
    );
    await s.sale.pay('tok_fussy');
    await s.pass(0);
    expect(names()).toEqual(['a']);
    expect(s.state.refusal).toMatchObject({ code: 'payment_declined', at: 'pay', method: 'tok_fussy' });
    expect(s.state).toMatchObject({ bought: [7, 8], purchases: [{ order: otherOrder }] });
  });

  test('[CD13] More time extends all that can be, and says which cannot be extended further', async () => {
    s.answers.extend = [
      { ok: true, expiresAt: HOLD_MS },
      { ok: true, expiresAt: 150_000 },
    ];
    await s.sale.extend();
    expect(s.state.holds).toMatchObject([
      { expiresAt: HOLD_MS, atLimit: false },
      // Less than a whole extension was given: that is as far as it goes.
      { expiresAt: 150_000, atLimit: true },
    ]);
    s.answers.extend = no('extension_limit');
    await s.sale.extend();
    expect(s.names.filter((name) => name === 'extend')).toHaveLength(3);
    expect(s.state.holds).toMatchObject([{ atLimit: true }, { atLimit: true }]);
    expect(s.state.refusal).toBeNull();
  });
});

describe('[CB13] what is private ends with who it belongs to', () => {
  test('a sign-out clears holds, tickets, words and the open question; the selection stays', async () => {
    await s.as(ann, hold('a', [1]));
    s.sale.toggle(5);
    s.answers.checkout = no('payment_declined');
    await s.sale.pay('tok_declined');
    await s.pass(0);
    expect(s.state.refusal).not.toBeNull();
    s.sale.setUser(null);
    expect(s.state).toMatchObject({
      user: null,
      holds: [],
      bought: [],
      purchases: [],
      refusal: null,
      selection: [5],
    });
    await s.as(bob, hold('b', [2]));
    expect(names()).toEqual(['b']);
  });

  test('[CD24] a sign-out elsewhere is said where something was held or being paid, without a word of what', async () => {
    await s.as(ann, hold('a', [1]));
    s.sale.setUser(null, false);
    expect(s.state.refusal).toEqual({
      code: 'signed_out',
      at: 'panel',
      place: null,
      places: [],
      method: null,
    });
    await s.as(ann, hold('a', [1]));
    s.answers.checkout = later().promise;
    void s.sale.pay('tok_ok');
    s.sale.setUser(null, false);
    expect(s.state.refusal?.code).toBe('signed_out_paying');
    // Nothing was held, or it was asked for here: nothing needs saying.
    await s.as(bob);
    s.sale.setUser(null, false);
    expect(s.state.refusal).toBeNull();
    await s.as(ann, hold('a', [1]));
    s.sale.setUser(null);
    expect(s.state.refusal).toBeNull();
  });

  test.each(['hold', 'extend', 'release', 'pay'] as const)(
    'an answer to the former user’s %s changes nothing',
    async (verb) => {
      await s.as(ann, hold('a', [1]));
      s.sale.toggle(5);
      const answer = later<unknown>();
      for (const name of ['hold', 'extend', 'release', 'checkout'] as const) s.answers[name] = answer.promise;
      const done = verb === 'pay' ? s.sale.pay('tok_ok') : s.sale[verb]();
      s.answers.mine = mine();
      s.sale.setUser(bob);
      await s.pass(0);
      const before = s.state;
      await answer.come({ ...held('a', [1]), order, expiresAt: 9_000_000 });
      await done;
      expect(s.state).toBe(before);
      expect(s.names).not.toContain('pay');
    },
  );

  test('an answer to the former user’s `mine` is not believed', async () => {
    const answer = later<unknown>();
    s.answers.mine = [answer.promise, mine([hold('b', [2])])];
    s.sale.setUser(ann);
    s.sale.setUser(bob);
    await answer.come(mine([hold('a', [1])]));
    await s.pass(0);
    expect(names()).toEqual(['b']);
  });

  test('a question of the former user that failed does not keep the next one waiting', async () => {
    const answer = later<unknown>();
    s.answers.mine = [answer.promise, mine([hold('b', [2])])];
    s.sale.setUser(ann);
    s.sale.setUser(bob);
    await answer.come(no('unauthenticated'));
    await s.pass(0);
    expect(names()).toEqual(['b']);
  });
});
