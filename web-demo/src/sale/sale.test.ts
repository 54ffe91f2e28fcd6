import { beforeEach, describe, expect, test } from 'vitest';
import { phaseOf } from './sale-state.ts';
import {
  ann,
  event,
  HOLD_MS,
  held,
  hold,
  holdId,
  mine,
  no,
  order,
  ScriptedSale,
} from './testing/scripted-sale.ts';

let s: ScriptedSale;
beforeEach(() => {
  s = new ScriptedSale();
});
const phase = () => phaseOf(s.state);
const taken = (...places: number[]) => s.sale.placesChanged(places, () => false);
const notice = (status: 'accepted' | 'confirmed' | 'rejected' | 'cancelled', places: number[]) =>
  s.sale.onOrder({ type: 'order', event, order, status, places, reason: null });

describe('selecting', () => {
  test('a click selects, a second click takes out', () => {
    s.sale.toggle(4);
    s.sale.toggle(5);
    s.sale.toggle(4);
    expect(s.state.selection).toEqual([5]);
  });

  test('[CD20] a seat that is not free cannot be selected, by any way of selecting', () => {
    s.taken.add(4);
    s.sale.toggle(4);
    expect(s.state).toMatchObject({ selection: [], refusal: { code: 'lost', at: 'map', place: 4 } });
    s.sale.choose([4, 5, 6]);
    expect(s.state.selection).toEqual([5, 6]);
  });

  test('[CD20] of several seats that go at once each is named', async () => {
    for (const place of [1, 2, 3]) s.sale.toggle(place);
    taken(1);
    taken(2);
    expect(s.state).toMatchObject({ selection: [3], refusal: { code: 'lost', places: [1, 2] } });
  });

  test('more than the event allows is refused at the seat', () => {
    for (const place of [1, 2, 3, 4]) s.sale.toggle(place);
    expect(s.state.selection).toEqual([1, 2, 3]);
    expect(s.state.refusal).toMatchObject({ code: 'selection_full', at: 'map', place: 4 });
  });

  test('a selected seat that another buyer takes is dropped, and said where', () => {
    s.sale.toggle(1);
    s.sale.toggle(2);
    taken(2, 9);
    expect(s.state.selection).toEqual([1]);
    expect(s.state.refusal).toMatchObject({ code: 'lost', place: 2 });
  });
});

describe('holding', () => {
  beforeEach(() => s.as(ann));

  test('a granted hold replaces the selection', async () => {
    s.answers.hold = held('h', [1, 2]);
    s.sale.toggle(1);
    s.sale.toggle(2);
    await s.sale.hold();
    expect(s.asked).toEqual([['hold', event, [1, 2], { op: expect.any(String) }]]);
    expect(s.state).toMatchObject({ selection: [], activity: null, holds: [{ places: [1, 2] }] });
    expect(phase()).toBe('held');
  });

  test('a refusal keeps what can still be had, and points at what cannot', async () => {
    s.answers.hold = no('place_taken', [2]);
    s.sale.toggle(1);
    s.sale.toggle(2);
    await s.sale.hold();
    expect(phase()).toBe('choosing');
    expect(s.state).toMatchObject({ selection: [1], refusal: { code: 'place_taken', at: 'map', place: 2 } });
  });

  test('[CD20] a seat that goes with one that was refused is named beside it', async () => {
    s.answers.hold = no('place_taken', [2]);
    s.sale.toggle(1);
    s.sale.toggle(2);
    await s.sale.hold();
    taken(1);
    await s.pass(1000);
    expect(s.state).toMatchObject({ selection: [], refusal: { places: [2, 1] } });
  });

  test('a refusal that is about no seat is said at the button', async () => {
    s.answers.hold = no('buyer_limit');
    s.answers.holdBest = no('not_together');
    s.sale.toggle(1);
    await s.sale.hold();
    expect(s.state).toMatchObject({
      selection: [1],
      refusal: { code: 'buyer_limit', at: 'hold', place: null },
    });
    await s.sale.holdBest({ count: 2, area: null, category: null, together: true });
    expect(s.state.refusal).toMatchObject({ code: 'not_together', at: 'best' });
  });

  test('own held seats turning taken on the map are no surprise', async () => {
    s.answers.hold = held('h', [1]);
    s.sale.toggle(1);
    await s.sale.hold();
    taken(1);
    await s.pass(1000);
    expect(s.state.refusal).toBeNull();
  });

  test('an ended hold leads back to choosing and says so', async () => {
    s.answers.hold = held('h', [1]);
    s.sale.toggle(1);
    await s.sale.hold();
    s.sale.onHoldEnded({ type: 'hold-ended', event, hold: holdId('x'), reason: 'expired' });
    expect(phase()).toBe('held');
    s.sale.onHoldEnded({ type: 'hold-ended', event, hold: holdId('h'), reason: 'expired' });
    expect(phase()).toBe('choosing');
    expect(s.state.refusal).toMatchObject({ code: 'ended', place: 1 });
  });
});

describe('paying', () => {
  beforeEach(async () => {
    await s.as(ann, hold('h', [1, 2]));
    s.answers.checkout = { ok: true, type: 'checked-out', order, expiresAt: 2 * HOLD_MS };
  });

  test('[CD2] a declined card leaves the hold with what was left of it, and the server is asked how much that is', async () => {
    s.answers.pay = no('payment_declined');
    s.answers.mine = [mine([hold('h', [1, 2], { expiresAt: HOLD_MS + 7 })])];
    const paying = s.sale.pay('tok_declined');
    await paying;
    expect(s.state.refusal).toMatchObject({ code: 'payment_declined', at: 'pay', method: 'tok_declined' });
    await s.pass(0);
    expect(s.state).toMatchObject({ activity: null, holds: [{ expiresAt: HOLD_MS + 7 }] });
    expect(s.state.refusal).toMatchObject({ code: 'payment_declined', at: 'pay' });
  });

  test('[CD2] until the server has said so, no more time is shown than was left', async () => {
    s.answers.pay = no('payment_declined');
    s.answers.mine = no('unavailable');
    await s.sale.pay('tok_declined');
    expect(s.state.holds).toMatchObject([{ expiresAt: HOLD_MS, paying: false }]);
  });

  test('accepted is not yet sold: only the order notice makes it so', async () => {
    s.answers.pay = { ok: true, type: 'accepted', order };
    await s.sale.pay('tok_ok');
    expect(phase()).toBe('confirming');
    notice('accepted', [1, 2]);
    expect(phase()).toBe('confirming');
    notice('confirmed', [1, 2]);
    expect(phase()).toBe('confirmed');
    expect(s.state.bought).toEqual([1, 2]);
  });

  test('a confirmation that comes before the answer to pay is not lost', async () => {
    s.answers.pay = () => {
      notice('confirmed', [1, 2]);
      return { ok: true, type: 'accepted', order };
    };
    await s.sale.pay('tok_ok');
    expect(phase()).toBe('confirmed');
  });

  test('a rejected order says so and leads back', async () => {
    s.answers.pay = { ok: true, type: 'accepted', order };
    await s.sale.pay('tok_ok');
    notice('rejected', [1, 2]);
    expect(phase()).toBe('rejected');
    notice('accepted', [1, 2]);
    expect(phase()).toBe('rejected');
    expect(s.state.bought).toEqual([]);
    s.sale.again();
    expect(phase()).toBe('choosing');
  });

  test('a payment under way already goes on', async () => {
    s.answers.checkout = no('hold_paying');
    s.answers.pay = { ok: true, type: 'accepted', order };
    await s.sale.pay('tok_ok');
    expect(phase()).toBe('confirming');
  });

  test('[CB18] a hold that costs nothing is paid with no method', async () => {
    s.answers.pay = { ok: true, type: 'accepted', order };
    await s.sale.pay(null);
    expect(s.asked.find(([name]) => name === 'pay')).toEqual([
      'pay',
      event,
      holdId('h'),
      'none',
      { op: expect.any(String) },
    ]);
    expect(phase()).toBe('confirming');
  });
});

describe('restoring', () => {
  test('after a reload the page shows the hold again', async () => {
    await s.as(ann, hold('h', [7]));
    expect(phase()).toBe('held');
    expect(s.state.holds).toMatchObject([{ places: [7] }]);
  });

  test('a hold whose time is over, and that is not there any more, ran out', async () => {
    await s.as(ann, hold('h', [1]));
    s.answers.mine = mine();
    s.time = HOLD_MS;
    await s.sale.restore();
    expect(phase()).toBe('choosing');
    expect(s.state.refusal).toMatchObject({ code: 'ended', at: 'map', place: 1 });
  });

  test('a hold that is gone before its time is not said to have run out', async () => {
    await s.as(ann, hold('h', [1]));
    s.answers.mine = mine();
    await s.sale.restore();
    expect(s.state.refusal).toMatchObject({ code: 'no_longer_held', at: 'panel' });
  });

  test('an order confirmed while we were away is confirmed now', async () => {
    await s.as(ann, hold('h', [1]));
    s.answers.checkout = { ok: true, type: 'checked-out', order, expiresAt: 2 * HOLD_MS };
    s.answers.pay = { ok: true, type: 'accepted', order };
    await s.sale.pay('tok_ok');
    expect(phase()).toBe('confirming');
    s.answers.mine = mine([], [{ order, status: 'confirmed', places: [1] }]);
    await s.sale.restore();
    expect(phase()).toBe('confirmed');
  });

  test('[CB2] a question that is refused or fails is asked again, with growing pauses, and a bounded number of times', async () => {
    s.answers.mine = [no('unauthenticated'), no('unavailable'), mine([hold('h', [3])])];
    s.sale.setUser(ann);
    await s.pass(0);
    expect(s.state.known).toBe(false);
    await s.pass(1000);
    expect(s.names).toEqual(['mine', 'mine']);
    await s.pass(2000);
    expect(s.state).toMatchObject({ known: true, holds: [{ places: [3] }] });
    s.answers.mine = no('unavailable');
    void s.sale.restore();
    await s.pass(10 * 60_000);
    const asked = s.names.length;
    expect(asked).toBeLessThan(20);
    // Whoever comes back to the page asks again.
    s.answers.mine = mine([hold('h', [3], { expiresAt: 10 * HOLD_MS })]);
    await s.sale.restore();
    expect(s.names.length).toBe(asked + 1);
  });

  test('an answer to `mine` that something overtook is not believed: it is asked again', async () => {
    await s.as(ann);
    s.answers.mine = [
      () => {
        // Read before the hold was made, and told after it.
        s.sale.onHoldChanged({ type: 'hold-changed', event, ...hold('h', [5]) });
        return mine();
      },
      mine([hold('h', [5])]),
    ];
    await s.sale.restore();
    expect(s.names).toEqual(['mine', 'mine']);
    expect(s.state).toMatchObject({ refusal: null, holds: [{ places: [5] }] });
  });

  test('a hold past its end without a word is asked about', async () => {
    await s.as(ann, hold('h', [1]));
    s.answers.mine = mine();
    await s.pass(HOLD_MS + 5000);
    expect(phase()).toBe('choosing');
    expect(s.state.refusal).toMatchObject({ code: 'ended' });
  });
});
