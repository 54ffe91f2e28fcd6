import { beforeEach, expect, test, vi } from 'vitest';
import { follow, nextOf, nextStep, type World } from './follow.ts';

const LONGEST_TIMER = 2 ** 31 - 1;

/** A world whose timers wait only as long as real ones may, and which can sleep. */
function world(skew = 0) {
  let wake = () => {};
  const made: World = {
    now: () => Date.now() + skew,
    after(ms, callback) {
      expect(ms).toBeLessThanOrEqual(LONGEST_TIMER);
      const timer = setTimeout(callback, ms);
      return () => clearTimeout(timer);
    },
    disturbed(listener) {
      wake = listener;
      return () => {
        wake = () => {};
      };
    },
  };
  return { made, wake: () => wake() };
}

beforeEach(() => {
  vi.useFakeTimers({ now: Date.parse('2026-12-05T12:00:00Z') });
  return () => vi.useRealTimers();
});

test.each([0, -3_600_000, 3_600_000])(
  '[CB20] a text changes exactly at its edge, the server being %i ms away',
  (skew) => {
    const { made } = world(skew);
    const edge = made.now() + 180_000;
    let drawn = 0;
    follow(
      (now) => nextOf([edge], now),
      () => drawn++,
      made,
      made.now(),
    );
    vi.advanceTimersByTime(179_999);
    expect(drawn).toBe(0);
    vi.advanceTimersByTime(1);
    expect(drawn).toBe(1);
    vi.advanceTimersByTime(86_400_000);
    expect(drawn).toBe(1);
  },
);

test('[CB20] an edge further away than the longest timer is met all the same', () => {
  const { made } = world();
  const edge = made.now() + 25 * 86_400_000;
  let drawnAt = 0;
  follow(
    (now) => nextOf([edge], now),
    () => (drawnAt = Date.now()),
    made,
    made.now(),
  );
  vi.advanceTimersByTime(26 * 86_400_000);
  expect(drawnAt).toBe(edge);
});

test('[CB20] a page that slept over its edge draws anew when it wakes', () => {
  const { made, wake } = world();
  const edge = made.now() + 180_000;
  let drawn = 0;
  follow(
    (now) => nextOf([edge], now),
    () => drawn++,
    made,
    made.now(),
  );
  // Timers stand still in sleep; the clock does not.
  vi.setSystemTime(edge + 5000);
  expect(drawn).toBe(0);
  wake();
  expect(drawn).toBe(1);
});

test('[CB20] an edge between drawing and following is not missed', () => {
  const { made } = world();
  const edge = made.now() + 10;
  const drawnAt = made.now();
  vi.setSystemTime(edge + 1);
  let drawn = 0;
  follow(
    (now) => nextOf([edge], now),
    () => drawn++,
    made,
    drawnAt,
  );
  expect(drawn).toBe(1);
});

test('nothing is drawn after the end', () => {
  const { made, wake } = world();
  const edge = made.now() + 1000;
  let drawn = 0;
  follow(
    (now) => nextOf([edge], now),
    () => drawn++,
    made,
    made.now(),
  )();
  vi.advanceTimersByTime(5000);
  wake();
  expect(drawn).toBe(0);
});

test('a countdown goes by minutes, and by seconds in the last hour', () => {
  const end = 10_000_000;
  expect(nextStep(end, end - 3_700_000)).toBe(end - 61 * 60_000);
  expect(nextStep(end, end - 3_600_000)).toBe(end - 3_599_000);
  expect(nextStep(end, end - 1500)).toBe(end - 1000);
  expect(nextStep(end, end - 1)).toBe(end);
  expect(nextStep(end, end)).toBeNull();
});
