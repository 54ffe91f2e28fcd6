import type { EventId, HoldId, OpId, OrderId } from '@seatwire/protocol';
import { beforeEach, describe, expect, test } from 'vitest';
import { type Reply, Sale, type SaleClient } from './sale.ts';

const event = '01980000-0000-7000-8000-0000000000e1' as EventId;
const order = '01980000-0000-7000-8000-0000000000f1' as OrderId;
const op = 'op-12345678' as OpId;
const hold = 'h'.repeat(22) as HoldId;

const held = (places: number[]) => ({
  ok: true as const,
  type: 'held' as const,
  op,
  event,
  hold,
  fence: 1,
  places,
  prices: places.map(() => 500),
  amount: 500 * places.length,
  currency: 'EUR',
  expiresAt: 1_000_000,
});
const no = (code: 'place_taken' | 'payment_declined' | 'hold_not_found', places: number[] | null = null) => ({
  ok: false as const,
  code,
  places,
  message: `no: ${code}`,
});

let answers: Partial<Record<keyof SaleClient, unknown>>;
let asked: [string, ...unknown[]][];
let sale: Sale;

beforeEach(() => {
  answers = {};
  asked = [];
  const say =
    (name: keyof SaleClient) =>
    async (...args: unknown[]) => {
      asked.push([name, ...args]);
      return answers[name] as Reply<never>;
    };
  const client = Object.fromEntries(
    (['hold', 'holdBest', 'extend', 'release', 'checkout', 'pay', 'mine'] as const).map((name) => [
      name,
      say(name),
    ]),
  ) as unknown as SaleClient;
  sale = new Sale(event, 3, client);
});

const state = () => sale.state.get();

describe('selecting', () => {
  test('a click selects, a second click takes out', () => {
    sale.toggle(4);
    sale.toggle(5);
    sale.toggle(4);
    expect(state().selection).toEqual([5]);
  });

  test('more than the event allows is refused at the seat', () => {
    for (const place of [1, 2, 3, 4]) sale.toggle(place);
    expect(state().selection).toEqual([1, 2, 3]);
    expect(state().refusal).toMatchObject({ code: 'too_many_places', place: 4 });
  });

  test('a selected seat that somebody else takes is dropped, and said where', () => {
    sale.toggle(1);
    sale.toggle(2);
    sale.placesTaken([2, 9]);
    expect(state().selection).toEqual([1]);
    expect(state().refusal).toMatchObject({ code: 'lost', place: 2 });
  });
});

describe('holding', () => {
  test('a granted hold replaces the selection', async () => {
    answers.hold = held([1, 2]);
    sale.toggle(1);
    sale.toggle(2);
    await sale.hold();
    expect(asked).toEqual([['hold', event, [1, 2]]]);
    expect(state()).toMatchObject({ selection: [], phase: { kind: 'held', busy: null } });
  });

  test('a refusal keeps what can still be had, and points at what cannot', async () => {
    answers.hold = no('place_taken', [2]);
    sale.toggle(1);
    sale.toggle(2);
    await sale.hold();
    expect(state()).toMatchObject({
      phase: { kind: 'choosing' },
      selection: [1],
      refusal: { code: 'place_taken', place: 2 },
    });
  });

  test('own held seats turning taken on the map are no surprise', async () => {
    answers.hold = held([1]);
    sale.toggle(1);
    await sale.hold();
    sale.placesTaken([1]);
    expect(state().refusal).toBeNull();
  });

  test('an ended hold leads back to choosing and says so', async () => {
    answers.hold = held([1]);
    sale.toggle(1);
    await sale.hold();
    sale.onHoldEnded('x'.repeat(22) as HoldId);
    expect(state().phase.kind).toBe('held');
    sale.onHoldEnded(hold);
    expect(state()).toMatchObject({ phase: { kind: 'choosing' }, refusal: { code: 'ended', place: 1 } });
  });
});

describe('paying', () => {
  beforeEach(async () => {
    answers.hold = held([1, 2]);
    answers.checkout = { ok: true, expiresAt: 2_000_000 };
    sale.toggle(1);
    await sale.hold();
  });

  test('a declined card leaves the hold, with the longer time that checkout gave', async () => {
    answers.pay = no('payment_declined');
    await sale.pay('tok_declined');
    expect(state()).toMatchObject({
      phase: { kind: 'held', busy: null, hold: { expiresAt: 2_000_000 } },
      refusal: { code: 'payment_declined', place: null },
    });
  });

  test('accepted is not yet sold: only the order notice makes it so', async () => {
    answers.pay = { ok: true, order };
    await sale.pay('tok_ok');
    expect(state().phase.kind).toBe('confirming');
    sale.onOrder({ type: 'order', event, order, status: 'accepted', places: [1, 2], reason: null });
    expect(state().phase.kind).toBe('confirming');
    sale.onOrder({ type: 'order', event, order, status: 'confirmed', places: [1, 2], reason: null });
    expect(state()).toMatchObject({ phase: { kind: 'confirmed' }, bought: [1, 2] });
  });

  test('a confirmation that comes before the answer to pay is not lost', async () => {
    answers.pay = { ok: true, order };
    sale.onOrder({ type: 'order', event, order, status: 'confirmed', places: [1, 2], reason: null });
    await sale.pay('tok_ok');
    expect(state().phase.kind).toBe('confirmed');
  });

  test('a rejected order says so and leads back', async () => {
    answers.pay = { ok: true, order };
    await sale.pay('tok_ok');
    sale.onOrder({ type: 'order', event, order, status: 'rejected', places: [1, 2], reason: 'place_taken' });
    expect(state().phase).toMatchObject({ kind: 'rejected', reason: 'place_taken' });
    sale.again();
    expect(state().phase.kind).toBe('choosing');
  });
});

describe('restoring', () => {
  test('after a reload the hold is back', async () => {
    answers.mine = { ok: true, holds: [{ ...held([7]), paying: false, order: null }], orders: [] };
    await sale.restore();
    expect(state().phase).toMatchObject({ kind: 'held', hold: { places: [7] } });
  });

  test('a hold that ended while we were away is said to have ended', async () => {
    answers.hold = held([1]);
    sale.toggle(1);
    await sale.hold();
    answers.mine = { ok: true, holds: [], orders: [] };
    await sale.restore();
    expect(state()).toMatchObject({ phase: { kind: 'choosing' }, refusal: { code: 'ended' } });
  });

  test('an order confirmed while we were away is confirmed now', async () => {
    answers.hold = held([1]);
    answers.checkout = { ok: true, expiresAt: 2_000_000 };
    answers.pay = { ok: true, order };
    sale.toggle(1);
    await sale.hold();
    await sale.pay('tok_ok');
    answers.mine = { ok: true, holds: [], orders: [{ order, status: 'confirmed', places: [1] }] };
    await sale.restore();
    expect(state().phase.kind).toBe('confirmed');
  });
});
