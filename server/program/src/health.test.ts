import { pino } from 'pino';
import { expect, test } from 'vitest';
import { Health, type Probe } from './health.ts';

async function health(...probes: readonly Partial<Probe>[]) {
  const changes: string[] = [];
  const write = (line: string): void => {
    const { probe, state } = JSON.parse(line) as { probe: string; state?: string };
    changes.push(`${probe} ${state ?? 'ok'}`);
  };
  const made = new Health({
    probes: probes.map((probe, i) => ({
      name: `p${i}`,
      required: true,
      ask: async () => undefined,
      ...probe,
    })),
    log: pino({ level: 'info' }, { write }),
  });
  await made.start();
  return { health: made, changes };
}

test('[CB54] what is required and fails makes the process unready; what is not is only reported', async () => {
  const ask = () => Promise.reject(new Error('READONLY'));
  expect(await (await health({}, { required: false, ask })).health.readiness()).toEqual({
    ready: true,
    draining: false,
    checks: { p0: 'ok', p1: 'failed' },
    degraded: ['p1'],
  });
  expect(await (await health({ ask }, {})).health.readiness()).toMatchObject({
    ready: false,
    checks: { p0: 'failed', p1: 'ok' },
  });
});

test('[CF9] what is required at first keeps the process unready until it has done its part once; its loss degrades', async () => {
  let sound = false;
  const ask = async () => sound || Promise.reject(new Error('away'));
  const { health: made } = await health({}, { required: 'at first', ask });
  expect(await made.readiness()).toMatchObject({ ready: false, degraded: [] });
  sound = true;
  expect(await made.readiness()).toMatchObject({ ready: true, degraded: [] });
  sound = false;
  expect(await made.readiness()).toMatchObject({
    ready: true,
    checks: { p0: 'ok', p1: 'failed' },
    degraded: ['p1'],
  });
});

test('[CF9] a process lives unless one of its vitals is lost, and says each loss once', async () => {
  let why: string | null = null;
  const said: string[] = [];
  const write = (line: string) => void said.push((JSON.parse(line) as { why: string }).why);
  const vitals = [
    { name: 'lines', ask: () => why },
    { name: 'other', ask: () => null },
  ];
  const made = new Health({ probes: [], vitals, log: pino({ level: 'info' }, { write }) });
  expect(made.life()).toEqual({ alive: true, lost: [] });
  why = 'bus';
  expect(made.life()).toEqual({ alive: false, lost: ['lines'] });
  expect(made.life().alive).toBe(false);
  why = null;
  expect(made.life()).toEqual({ alive: true, lost: [] });
  expect(said).toEqual(['bus']);
});

test('a probe that throws at once, or never answers, is no more than unready', async () => {
  const { health: made, changes } = await health(
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

test('a process that starts or stops is unready though all is well', async () => {
  const made = new Health({ probes: [], log: pino({ level: 'silent' }) });
  expect(await made.readiness()).toEqual({ ready: false, draining: false, checks: {}, degraded: [] });
  await made.start();
  expect(await made.readiness()).toMatchObject({ ready: true, draining: false });
  await made.drain();
  expect(await made.readiness()).toMatchObject({ ready: false, draining: true });
});

test('[CB54] many who ask at once ask the stores once, and each change is told once', async () => {
  let asked = 0;
  let sound = false;
  const { health: made, changes } = await health({
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
