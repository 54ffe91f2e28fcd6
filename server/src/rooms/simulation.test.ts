import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { History } from './history.ts';
import { simulate } from './testing/simulated-world.ts';

beforeEach(() => {
  vi.useFakeTimers({
    toFake: ['setTimeout', 'clearTimeout', 'setInterval', 'clearInterval', 'performance', 'Date'],
  });
});
afterEach(() => {
  vi.useRealTimers();
  vi.restoreAllMocks();
});

const RUNS = 300;

test('[CF1] [CF8] on three servers, in hundreds of random interleavings, no client ever shows a map that the store did not hold', async () => {
  for (let seed = 1; seed <= RUNS; seed++) {
    expect(await simulate(seed), `seed ${seed}`).toEqual({ wrong: [], late: 0, mismatches: 0 });
  }
}, 240_000);

test('[CF1] the control: a history of published changes only is found out', async () => {
  const push = History.prototype.push;
  vi.spyOn(History.prototype, 'push').mockImplementation(function (
    this: History,
    to,
    places,
    now,
    blindFrom,
  ) {
    // Places touched twice on the way are, more often than not, again what they were: the fault forgot those.
    push.call(this, to, places.length > 1 ? [] : places, now, blindFrom);
  });
  let found = 0;
  for (let seed = 1; seed <= 60 && found === 0; seed++) {
    const { wrong, mismatches } = await simulate(seed);
    found += wrong.length + mismatches;
  }
  expect(found).toBeGreaterThan(0);
}, 240_000);
