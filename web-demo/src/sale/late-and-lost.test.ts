/** Answers that are late, lost or doubled: no answer means unknown, and what came too late brings nothing back. */
import type { HoldEnd, OpId } from '@seatwire/protocol';
import { beforeEach, describe, expect, test } from 'vitest';
import { phaseOf } from './sale-state.ts';
import {
  ann,
  event,
  HOLD_MS,
  held,
  hold,
  holdId,
  later,
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
const ended = (name: string, reason: HoldEnd) =>
  s.sale.onHoldEnded({ type: 'hold-ended', event, hold: holdId(name), reason });
/** The client gives up after this long. */
const DEADLINE_MS = 15_000;
const silence = async () => {
  await new Promise<void>((resolve) => {
    deadlines.push(resolve);
  });
  return no('unavailable');
};
let deadlines: (() => void)[] = [];
const deadline = async () => {
  await s.pass(DEADLINE_MS);
  for (const end of deadlines.splice(0)) end();
  await s.pass(0);
};

describe('[CB5] an answer after the end does not bring the end back', () => {
  beforeEach(async () => {
    await s.as(ann, hold('a', [1]));
    s.answers.checkout = { ok: true, type: 'checked-out', order, expiresAt: 1000 };
    s.answers.mine = mine();
  });

  test.each(['expired', 'released', 'rebuilt'] as const)('declined, after %s', async (reason) => {
    const answer = later<unknown>();
    s.answers.pay = answer.promise;
    const paying = s.sale.pay('tok_slow');
    await s.pass(0);
    ended('a', reason);
    const words = s.state.refusal;
    await answer.come(no('payment_declined'));
    await paying;
    await s.pass(0);
    expect(phase()).toBe('choosing');
    expect(s.state).toMatchObject({ activity: null, refusal: words });
  });

  test('hold_expired, after expired', async () => {
    const answer = later<unknown>();
    s.answers.pay = answer.promise;
    const paying = s.sale.pay('tok_slow');
    await s.pass(0);
    ended('a', 'expired');
    await answer.come(no('hold_expired'));
    await paying;
    expect(s.state).toMatchObject({ holds: [], refusal: { code: 'ended' } });
  });

  test('hold_expired with no word before it ends the hold', async () => {
    s.answers.pay = no('hold_expired');
    await s.sale.pay('tok_slow');
    expect(s.state).toMatchObject({ holds: [], refusal: { code: 'ended', place: 1 } });
  });

  test.each(['extend', 'release'] as const)('%s, after expired', async (verb) => {
    const answer = later<unknown>();
    s.answers[verb] = answer.promise;
    const done = s.sale[verb]();
    ended('a', 'expired');
    const words = s.state.refusal;
    await answer.come({ ok: true, type: 'extended', expiresAt: 900_000 });
    await done;
    expect(s.state).toMatchObject({ holds: [], activity: null, refusal: words });
  });

  test('accepted, after the notice that it is sold', async () => {
    const answer = later<unknown>();
    s.answers.pay = answer.promise;
    const paying = s.sale.pay('tok_ok');
    await s.pass(0);
    ended('a', 'sold');
    expect(phase()).toBe('confirming');
    s.sale.onOrder({ type: 'order', event, order, status: 'confirmed', places: [1], reason: null });
    await answer.come({ ok: true, type: 'accepted', order });
    await paying;
    expect(phase()).toBe('confirmed');
    expect(s.state.purchases).toHaveLength(1);
  });
});

describe('[CD4] no answer means unknown', () => {
  beforeEach(async () => {
    deadlines = [];
    await s.as(ann);
    s.sale.toggle(1);
    s.sale.toggle(2);
  });

  test('after `unavailable` the same op is asked again, quietly', async () => {
    s.answers.hold = [no('unavailable'), no('unavailable'), held('a', [1, 2])];
    const holding = s.sale.hold();
    await s.pass(5000);
    await holding;
    expect(new Set(s.ops('hold')).size).toBe(1);
    expect(s.names).toEqual(['hold', 'hold', 'hold']);
    expect(s.state).toMatchObject({ refusal: null, selection: [], holds: [{ places: [1, 2] }] });
  });

  test('the page says that a hold is unanswered for some seconds', async () => {
    s.answers.hold = silence;
    void s.sale.hold();
    await s.pass(2900);
    expect(s.state).toMatchObject({ activity: 'hold', slow: false });
    await s.pass(200);
    expect(s.state).toMatchObject({ activity: 'hold', slow: true });
  });

  test('own seats that become held on the map while the page asks are not another buyer’s, however late the answer', async () => {
    s.answers.hold = silence;
    s.answers.mine = no('unavailable');
    const holding = s.sale.hold();
    await s.pass(1000);
    s.sale.placesChanged([1, 2], () => false);
    await deadline();
    expect(s.state).toMatchObject({ activity: 'hold', selection: [1, 2], refusal: null });
    await deadline();
    await holding;
    // Given up: nobody is blamed, and the question goes on.
    expect(s.state).toMatchObject({
      activity: null,
      selection: [1, 2],
      refusal: { code: 'unavailable', at: 'hold' },
    });
    s.answers.mine = mine([hold('a', [1, 2])]);
    await s.pass(60_000);
    expect(s.state).toMatchObject({ refusal: null, selection: [], holds: [{ places: [1, 2] }] });
  });

  test('a late `held` of our own op is adopted', async () => {
    s.answers.hold = silence;
    s.answers.mine = silence;
    const holding = s.sale.hold();
    await deadline();
    await deadline();
    await holding;
    s.answers.mine = mine([hold('a', [1, 2])]);
    s.sale.onLate({ command: { op: s.ops('hold')[0] as OpId }, answer: held('a', [1, 2]) });
    expect(s.state).toMatchObject({ refusal: null, selection: [], holds: [{ places: [1, 2] }] });
    expect(phase()).toBe('held');
  });

  test('a late answer to a stranger’s op, or of a time that is over, is not believed', async () => {
    s.answers.hold = no('place_blocked', [2]);
    await s.sale.hold();
    s.sale.onLate({ command: { op: 'somebody-elses-op' as OpId }, answer: held('a', [1]) });
    expect(s.state.holds).toEqual([]);
    s.time = HOLD_MS + 1;
    s.sale.onLate({ command: { op: s.ops('hold')[0] as OpId }, answer: held('a', [1]) });
    expect(s.state.holds).toEqual([]);
  });

  test('a hold pressed again after no answer is asked under the same op', async () => {
    s.answers.hold = silence;
    s.answers.mine = no('unavailable');
    const holding = s.sale.hold();
    await deadline();
    await deadline();
    await holding;
    s.answers.hold = held('a', [1, 2]);
    await s.sale.hold();
    expect(new Set(s.ops('hold')).size).toBe(1);
    expect(s.state.holds).toHaveLength(1);
  });

  test('seats said to be taken are asked about before another buyer is blamed: they are the buyer’s', async () => {
    s.answers.hold = silence;
    s.answers.mine = no('unavailable');
    const holding = s.sale.hold();
    await deadline();
    await deadline();
    await holding;
    // Another choice, so another op; the first one came through after all.
    s.sale.toggle(3);
    s.answers.hold = no('place_taken', [1, 2]);
    s.answers.mine = mine([hold('a', [1, 2])]);
    await s.sale.hold();
    expect(s.state).toMatchObject({ refusal: null, selection: [3], holds: [{ places: [1, 2] }] });
  });

  test('a repeated `held` does not shorten what was extended since', async () => {
    s.answers.hold = held('a', [1, 2]);
    await s.sale.hold();
    s.answers.extend = { ok: true, expiresAt: HOLD_MS + 60_000 };
    s.answers.mine = mine([hold('a', [1, 2], { expiresAt: HOLD_MS + 60_000 })]);
    await s.sale.extend();
    s.sale.onLate({ command: { op: s.ops('hold')[0] as OpId }, answer: held('a', [1, 2]) });
    expect(s.state.holds).toMatchObject([{ expiresAt: HOLD_MS + 60_000 }]);
  });

  test('a late answer to an extension does not shorten what another window gained since', async () => {
    s.answers.hold = held('a', [1, 2]);
    await s.sale.hold();
    s.answers.extend = { ok: true, type: 'extended', expiresAt: HOLD_MS + 30_000 };
    s.answers.mine = no('unavailable');
    await s.sale.extend();
    s.sale.onHoldChanged({
      type: 'hold-changed',
      event,
      ...hold('a', [1, 2], { expiresAt: HOLD_MS + 60_000 }),
    });
    const answer = {
      ok: true as const,
      type: 'extended' as const,
      op: s.ops('extend')[0] as OpId,
      event,
      hold: holdId('a'),
      expiresAt: HOLD_MS + 30_000,
    };
    s.sale.onLate({ command: { op: answer.op }, answer });
    expect(s.state.holds).toMatchObject([{ expiresAt: HOLD_MS + 60_000 }]);
  });

  test('a payment without an answer: the page goes on asking, and shows the tickets when they are there', async () => {
    s.answers.hold = held('a', [1, 2]);
    await s.sale.hold();
    s.answers.checkout = { ok: true, type: 'checked-out', order, expiresAt: HOLD_MS };
    s.answers.pay = silence;
    s.answers.mine = no('unavailable');
    const paying = s.sale.pay('tok_ok');
    await deadline();
    await deadline();
    await paying;
    expect(new Set(s.ops('pay')).size).toBe(1);
    expect(s.state).toMatchObject({ activity: null, refusal: { code: 'payment_unheard', at: 'pay' } });
    s.answers.mine = mine([], [{ order, status: 'confirmed', places: [1, 2] }]);
    await s.pass(60_000);
    expect(phase()).toBe('confirmed');
    expect(s.state.bought).toEqual([1, 2]);
  });
});
