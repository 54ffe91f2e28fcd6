/** Every cell of protocol's LIFECYCLE: each event in each state does what the table says, and a refusal changes nothing. */
import {
  LIFECYCLE,
  MAP_CODE,
  SEAT_EVENTS,
  SEAT_STATES,
  type SeatEvent,
  type SeatState,
} from '@seatwire/protocol';
import { describe, expect, test } from 'vitest';
import type { Hold, Result, SeatStore } from '../seat-store.ts';
import { type Arena, arena, newBuyer, newHold, newOrder, until } from './fixture.ts';

const PLACE = 5;

export function lifecycleContract(store: () => SeatStore): void {
  describe('lifecycle', () => {
    for (const state of SEAT_STATES) {
      for (const event of SEAT_EVENTS) {
        const step = LIFECYCLE[state][event];
        const word = 'to' in step ? `becomes ${step.to}` : `refuses with ${step.code}`;
        test(`[IN1] a place that is ${state}, at ${event}, ${word}`, async () => {
          const brief = { held: { holdMs: 1 }, paying: { holdMs: 300, payingMs: 1 } }[state as string] ?? {};
          const a = await arena(store(), { rules: event === 'expire' ? brief : {} });
          const hold = await bring(a, state);
          const before = await store().snapshot(a.event);
          const result = await apply(a, event, hold);
          const after = (await store().snapshot(a.event))!;
          if ('to' in step) {
            expect(result).toMatchObject({ ok: true });
            expect(after.codes[PLACE]).toBe(MAP_CODE[step.to]);
            if (MAP_CODE[step.to] !== MAP_CODE[state]) expect(after.version).toBe(before!.version + 1);
          } else {
            expect(result).toMatchObject({ ok: false, code: step.code });
            expect(after).toEqual({ ...before, at: after.at });
          }
        });
      }
    }
  });
}

/** Place PLACE of a fresh event in `state`; the hold that brought it there. */
async function bring(a: Arena, state: SeatState): Promise<Hold | null> {
  if (state === 'held') return a.held([PLACE]);
  if (state === 'paying') return a.paying([PLACE]);
  if (state === 'sold') return a.sold([PLACE]);
  if (state === 'blocked') await a.store.block({ event: a.event, places: [PLACE] });
  return null;
}

async function apply(a: Arena, event: SeatEvent, hold: Hold | null): Promise<Result<object>> {
  const ref = a.ref(hold?.hold ?? newHold());
  const order = hold?.order ?? newOrder();
  switch (event) {
    case 'hold':
      return a.hold([PLACE], { buyer: newBuyer() });
    case 'extend':
      return a.store.extend(ref);
    case 'release':
      return a.store.release(ref);
    case 'checkout':
      return a.store.checkout({ ...ref, order });
    case 'revert':
      return a.store.revert(ref);
    case 'confirm':
      return a.store.confirm({ ...ref, order, payment: 'authorised' });
    case 'cancel':
      return a.store.cancel({ event: a.event, buyer: a.buyer, fence: hold?.fence ?? 1, places: [PLACE] });
    case 'block':
      return a.store.block({ event: a.event, places: [PLACE] });
    case 'unblock':
      return a.store.unblock({ event: a.event, places: [PLACE] });
    case 'expire':
      return expire(a, hold);
  }
}

/** Expiry is no command: what lives is swept once its time has come, and where nothing lives the sweep finds nothing. */
async function expire(a: Arena, hold: Hold | null): Promise<Result<object>> {
  const lives =
    hold !== null &&
    (await a.store.since(a.event, (await a.store.snapshot(a.event))!.epoch, 0))!.at(-1)?.kind === 'hold';
  const sweep = () => a.store.expireDue(a.partition, 100);
  const ended = await (lives ? until(sweep, (n) => n > 0) : sweep());
  return ended > 0 ? { ok: true, version: await a.version() } : { ok: false, code: 'hold_not_found' };
}
