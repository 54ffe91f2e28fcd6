import { expect, test } from 'vitest';
import { keepRunning } from './keep-running.ts';

/** `Promise.withResolvers` of later Node versions. */
function deferred(): { promise: Promise<void>; resolve: () => void } {
  let resolve = () => {};
  const promise = new Promise<void>((done) => {
    resolve = done;
  });
  return { promise, resolve };
}

/** A clock that only moves when somebody pauses. */
function clockwork() {
  const pauses: number[] = [];
  let time = 0;
  return {
    pauses,
    pass: (ms: number) => {
      time += ms;
    },
    now: () => time,
    pause: async (ms: number) => {
      pauses.push(ms);
      time += ms;
    },
  };
}

test('starts a dead program again, waiting longer each time it fails, at most 30 s', async () => {
  const clock = clockwork();
  const lines: string[] = [];
  let attempts = 0;
  const up = deferred();
  const keeper = keepRunning({ ...clock, report: (line) => lines.push(line) });
  keeper.ended(
    {
      name: 'server 1',
      async restart() {
        if (++attempts < 9) throw new Error('the port is taken');
        up.resolve();
      },
    },
    new Error('The server 1 ended by itself.'),
  );
  await up.promise;
  await keeper.stop();
  expect(clock.pauses).toEqual([500, 1000, 2000, 4000, 8000, 16_000, 30_000, 30_000, 30_000]);
  expect(lines[0]).toBe('The server 1 ended by itself.');
  expect(lines.filter((line) => line === 'the port is taken')).toHaveLength(8);
  expect(lines.at(-1)).toBe('server 1: up again');
});

test('forgives earlier deaths after a minute of life, and not before', async () => {
  const clock = clockwork();
  let up = deferred();
  const program = { name: 'worker 1', restart: async () => up.resolve() };
  const keeper = keepRunning({ ...clock, report: () => undefined });
  const die = async () => {
    up = deferred();
    keeper.ended(program, new Error('gone'));
    await up.promise;
    await Promise.resolve();
  };
  await die();
  await die();
  clock.pass(60_001);
  await die();
  await keeper.stop();
  expect(clock.pauses).toEqual([500, 1000, 500]);
});

test('does nothing more once stopped', async () => {
  let restarts = 0;
  const keeper = keepRunning({ report: () => undefined });
  const program = { name: 'server 1', restart: async () => void restarts++ };
  keeper.ended(program, new Error('gone'));
  await keeper.stop();
  keeper.ended(program, new Error('gone'));
  expect(restarts).toBe(0);
});
