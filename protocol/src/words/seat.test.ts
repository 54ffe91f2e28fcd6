import { describe, expect, test } from 'vitest';
import { REJECTIONS } from '../reject/index.ts';
import { LIFECYCLE, MAP_CODE, MAP_STATES, SEAT_EVENTS, SEAT_STATES } from './seat.ts';

const reached = (events: readonly (typeof SEAT_EVENTS)[number][]) =>
  events.reduce<(typeof SEAT_STATES)[number]>((state, event) => {
    const step = LIFECYCLE[state][event];
    if (!('to' in step)) throw new Error(`${event} is refused in ${state}`);
    return step.to;
  }, 'free');

describe('the life of a place', () => {
  test('every state answers every event, with a state or with a known refusal', () => {
    for (const state of SEAT_STATES) {
      expect(Object.keys(LIFECYCLE[state]).sort()).toEqual([...SEAT_EVENTS].sort());
      for (const event of SEAT_EVENTS) {
        const step = LIFECYCLE[state][event];
        if ('to' in step) expect(SEAT_STATES).toContain(step.to);
        else expect(REJECTIONS).toHaveProperty(step.code);
      }
    }
  });

  test('a purchase goes from free by held and paying to sold', () => {
    expect(reached(['hold', 'extend', 'checkout', 'confirm'])).toBe('sold');
  });

  test('a declined payment leaves the place held', () => {
    expect(reached(['hold', 'checkout', 'revert'])).toBe('held');
  });

  test('only a place in payment can be sold', () => {
    for (const state of SEAT_STATES) {
      expect('to' in LIFECYCLE[state].confirm, state).toBe(state === 'paying');
    }
  });

  test('only a free place can be held, and a sold one is freed by cancelling alone', () => {
    for (const state of SEAT_STATES) expect('to' in LIFECYCLE[state].hold, state).toBe(state === 'free');
    const ways = SEAT_EVENTS.filter((event) => 'to' in LIFECYCLE.sold[event]);
    expect(ways).toEqual(['cancel']);
  });

  test('others see a payment under way as a hold', () => {
    expect(MAP_STATES[MAP_CODE.paying]).toBe('held');
    for (const state of MAP_STATES) expect(MAP_STATES[MAP_CODE[state]]).toBe(state);
  });
});
