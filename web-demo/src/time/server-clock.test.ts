import { expect, test } from 'vitest';
import { ServerClock } from './server-clock.ts';

const HOUR = 3_600_000;
const NOON = Date.parse('2026-12-05T12:00:00Z');

/** A machine whose clock is `wrong` by so much. */
function machine(wrong: number) {
  const at = { steady: 5000, wall: NOON + wrong };
  const clock = new ServerClock({ steady: () => at.steady, wall: () => at.wall });
  const pass = (ms: number) => {
    at.steady += ms;
    at.wall += ms;
  };
  return { at, clock, pass };
}

test.each([-HOUR, 0, HOUR, 400 * 24 * HOUR])(
  '[CB22] a machine that is wrong by %i ms knows the server time once the socket has said it',
  (wrong) => {
    const { clock, pass } = machine(wrong);
    clock.heard(NOON);
    expect(clock.now()).toBe(NOON);
    pass(90_000);
    expect(clock.now()).toBe(NOON + 90_000);
  },
);

test('[CB22] a clock that is set while the page is open changes nothing', () => {
  const { at, clock, pass } = machine(0);
  clock.heard(NOON);
  at.wall -= HOUR;
  pass(1000);
  expect(clock.now()).toBe(NOON + 1000);
  expect(clock.jumped()).toBe(true);
  expect(clock.jumped()).toBe(false);
});

test('[CB22] the dates of answers tell the time to a second, and closer with each', () => {
  const { at, clock, pass } = machine(-HOUR);
  let server = NOON + 400;
  const ask = (ms: number) => {
    const askedAt = at.steady;
    pass(ms);
    server += ms;
    // Whole seconds, as the header has them.
    clock.heardDate(Math.floor(server / 1000) * 1000, askedAt);
  };
  ask(40);
  const first = Math.abs(clock.now() - server);
  expect(first).toBeLessThanOrEqual(1000);
  for (const wait of [130, 560, 1340, 870, 310]) {
    pass(wait);
    server += wait;
    ask(40);
    expect(Math.abs(clock.now() - server)).toBeLessThanOrEqual(1000);
  }
});

test('[CB22] a header does not blur what the socket said', () => {
  const { at, clock } = machine(0);
  clock.heard(NOON + 730);
  clock.heardDate(NOON, at.steady);
  expect(clock.now()).toBe(NOON + 730);
});

test('[CB20] a steady clock that stood still while the machine slept is noticed at the next answer', () => {
  const { at, clock } = machine(0);
  clock.heard(NOON);
  at.wall += HOUR;
  expect(clock.jumped()).toBe(true);
  let told = 0;
  clock.watch(() => told++);
  clock.heardDate(NOON + HOUR, at.steady);
  expect(Math.abs(clock.now() - (NOON + HOUR))).toBeLessThanOrEqual(1000);
  expect(told).toBe(1);
});

test('[CB22] an answer without a date, or a broken one, tells nothing', () => {
  const { at, clock } = machine(0);
  clock.heardDate(Number.NaN, at.steady);
  expect(clock.now()).toBe(NOON);
});
