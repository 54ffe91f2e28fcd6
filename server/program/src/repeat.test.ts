import { pino } from 'pino';
import { expect, test, vi } from 'vitest';
import { repeat } from './repeat.ts';

const log = pino({ level: 'silent' });

test('runs again and again, never twice at once', async () => {
  let running = 0;
  let runs = 0;
  let most = 0;
  const service = repeat({
    name: 'test',
    everyMs: 0,
    log,
    async run() {
      most = Math.max(most, ++running);
      await new Promise((resolve) => setImmediate(resolve));
      running--;
      runs++;
    },
  });
  await service.start();
  await vi.waitUntil(() => runs >= 5);
  await service.stop();
  expect(most).toBe(1);
});

test('outlives its failures, and waits before it tries again', async () => {
  const at: number[] = [];
  const service = repeat({
    name: 'test',
    everyMs: 0,
    log,
    async run() {
      at.push(performance.now());
      if (at.length <= 2) throw new Error('not yet');
      await new Promise((resolve) => setTimeout(resolve, 5));
    },
  });
  await service.start();
  await vi.waitUntil(() => at.length >= 3);
  await service.stop();
  expect(at[1]! - at[0]!).toBeGreaterThanOrEqual(45); // half of the first back-off of 100 ms
  expect(at[2]! - at[1]!).toBeGreaterThanOrEqual(95);
});

test('a drain waits for the run in hand and starts no other', async () => {
  let finished = 0;
  const service = repeat({
    name: 'test',
    everyMs: 0,
    log,
    async run(signal) {
      await new Promise<void>((resolve) => signal.addEventListener('abort', () => setTimeout(resolve, 20)));
      finished++;
    },
  });
  await service.start();
  await service.drain();
  expect(finished).toBe(1);
  await service.stop();
  expect(finished).toBe(1);
});

test('a drain cuts a pause short', async () => {
  let runs = 0;
  const service = repeat({ name: 'test', everyMs: 60_000, log, run: async () => void runs++ });
  await service.start();
  await vi.waitUntil(() => runs === 1);
  const began = performance.now();
  await service.drain();
  expect(performance.now() - began).toBeLessThan(1_000);
});
