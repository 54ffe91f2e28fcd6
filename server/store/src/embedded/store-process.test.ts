import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { temporaryFolder } from '../testing/temporary-folder.ts';
import { runStore, type StoreProgram } from './store-process.ts';

let folder: Awaited<ReturnType<typeof temporaryFolder>>;
beforeEach(async () => {
  folder = await temporaryFolder();
});
afterEach(() => folder.remove());

/** A store that is a line of JavaScript. */
const program = (script: string, probe: () => Promise<void>): StoreProgram => ({
  store: 'Redis',
  stopSignal: 'SIGTERM',
  startWithinMs: 300,
  stopWithinMs: 1_000,
  command: async () => ({ file: process.execPath, args: ['-e', script] }),
  probe,
  url: (port) => `redis://127.0.0.1:${port}`,
  owns: () => false,
});
const silence = 'setTimeout(() => 0, 60_000)';
const refusedWith = (error: Error) => () => Promise.reject(error);
const never = refusedWith(new Error('not yet'));

test('[CB27] a start that takes too long says what was heard last, and what the store wrote last', async () => {
  const talks = `console.error('mending the log'); ${silence}`;
  const slow = { ...program(talks, refusedWith(new Error('LOADING the data'))), startWithinMs: 1_500 };
  await expect(runStore(slow, { dir: folder.path })).rejects.toMatchObject({
    code: 'start_timeout',
    message: expect.stringMatching(/LOADING the data[\s\S]*mending the log/),
  });
});

test('[CB27] a loopback address that cannot be reached is waited for no longer', async () => {
  const unreachable = Object.assign(new Error('connect ENETUNREACH 127.0.0.1:6379'), { code: 'ENETUNREACH' });
  await expect(
    runStore({ ...program(silence, refusedWith(unreachable)), startWithinMs: 600_000 }, { dir: folder.path }),
  ).rejects.toMatchObject({ code: 'start_failed', message: expect.stringContaining('ENETUNREACH') });
});

test('[CB26] a store that gives up is told with how it ended, and its last words', async () => {
  const gives = (script: string) =>
    runStore({ ...program(script, never), startWithinMs: 60_000 }, { dir: folder.path });
  await expect(gives("console.error('Failed to configure LOCALE'); process.exit(3)")).rejects.toMatchObject({
    code: 'start_failed',
    message: expect.stringMatching(/\(status 3\)[\s\S]*Failed to configure LOCALE/),
  });
  await expect(gives("process.kill(process.pid, 'SIGKILL')")).rejects.toThrow(/\(SIGKILL\). It said nothing/);
  await expect(gives("process.kill(process.pid, 'SIGILL')")).rejects.toMatchObject({
    code: 'unsupported_platform',
  });
});

test('[CB26] a child gets the locale C and what it needs, and nothing else of the shell', async () => {
  const told = join(folder.path, 'environment.json');
  const script = `require('node:fs').writeFileSync(${JSON.stringify(told)}, JSON.stringify(process.env)); process.exit(0)`;
  process.env.SEATWIRE_TEST_LEAK = 'x';
  try {
    await runStore({ ...program(script, never), startWithinMs: 60_000 }, { dir: folder.path }).catch(
      () => undefined,
    );
  } finally {
    delete process.env.SEATWIRE_TEST_LEAK;
  }
  const environment = JSON.parse(await readFile(told, 'utf8')) as Record<string, string>;
  expect(environment.LC_ALL).toBe('C');
  expect(environment.PATH).toBe(process.env.PATH);
  const names = ['HOME', 'LC_ALL', 'LOGNAME', 'NODE_EXTRA_CA_CERTS', 'PATH', 'TMPDIR', 'USER'];
  // macOS adds one of its own to every process.
  expect(names).toEqual(
    expect.arrayContaining(Object.keys(environment).filter((name) => !/^__CF/.test(name))),
  );
});
