import { expect, test } from 'vitest';
import { Health, type Probe } from './health.ts';

function health(...probes: readonly Partial<Probe>[]) {
  const changes: string[] = [];
  const state = { draining: false };
  const made = new Health({
    probes: probes.map((probe, i) => ({
      name: `p${i}`,
      required: true,
      ask: async () => undefined,
      ...probe,
    })),
    draining: () => state.draining,
    changed: (probe, to) => changes.push(`${probe} ${to}`),
  });
  return { health: made, changes, state };
}

test('[CB54] what is required and fails makes the process unready; what is not is only reported', async () => {
  const ask = () => Promise.reject(new Error('READONLY'));
  expect(await health({}, { required: false, ask }).health.readiness()).toEqual({
    ready: true,
    draining: false,
    checks: { p0: 'ok', p1: 'failed' },
  });
  expect(await health({ ask }, {}).health.readiness()).toMatchObject({
    ready: false,
    checks: { p0: 'failed', p1: 'ok' },
  });
});

test('a probe that throws at once, or never answers, is no more than unready', async () => {
  const { health: made, changes } = health(
    {
      ask: () => {
        throw new Error('closed');
      },
    },
    { ask: () => new Promise(() => undefined) },
  );
  expect((await made.readiness()).checks).toEqual({ p0: 'failed', p1: 'timeout' });
  expect(changes).toEqual(['p0 failed', 'p1 timeout']);
});

test('a stopping process is unready though all is well', async () => {
  const { health: made, state } = health({});
  state.draining = true;
  expect(await made.readiness()).toMatchObject({ ready: false, draining: true });
});

test('[CB54] many who ask at once ask the stores once, and each change is told once', async () => {
  let asked = 0;
  let sound = false;
  const { health: made, changes } = health({
    ask: async () => {
      asked++;
      await new Promise((resolve) => setImmediate(resolve));
      if (!sound) throw new Error('READONLY');
    },
  });
  const answers = await Promise.all(Array.from({ length: 50 }, () => made.readiness()));
  expect(new Set(answers.map(({ ready }) => ready))).toEqual(new Set([false]));
  expect(asked).toBe(1);
  await made.readiness();
  sound = true;
  expect((await made.readiness()).ready).toBe(true);
  expect(asked).toBe(3);
  expect(changes).toEqual(['p0 failed', 'p0 ok']);
});
