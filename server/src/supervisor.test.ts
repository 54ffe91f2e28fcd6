import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pino } from 'pino';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { Supervisor } from './supervisor.ts';

/** Stands for the server: says it listens, notes how it was started, ends on SIGTERM unless told not to. */
const CHILD = `
const { appendFileSync } = require('node:fs');
appendFileSync(__dirname + '/starts', process.argv.slice(2).join(' ') + '\\n');
if (process.argv.includes('--fail')) process.exit(3);
const port = Number(process.argv[process.argv.lastIndexOf('--port') + 1]) || 4242;
process.send({ listening: port });
process.on('SIGTERM', () => { if (!process.argv.includes('--stubborn')) process.exit(0); });
setInterval(() => {}, 1000);
`;

let folder: string;
let supervisor: Supervisor;
const make = (args: string[] = []) =>
  new Supervisor({
    program: join(folder, 'child.cjs'),
    args,
    processes: 3,
    port: 0,
    stopWithinMs: 500,
    log: pino({ level: 'silent' }),
  });
const starts = async () => (await readFile(join(folder, 'starts'), 'utf8')).trim().split('\n');
const alive = (pid: number): boolean => {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
};

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'seatwire-supervisor-'));
  await writeFile(join(folder, 'child.cjs'), CHILD);
});
afterEach(async () => {
  await supervisor.stop();
  await rm(folder, { recursive: true, force: true });
});

describe('the supervisor', () => {
  test('the supervisor starts every process on the port the first one got', async () => {
    supervisor = make(['--quiet']);
    expect(await supervisor.start()).toBe(4242);
    expect((await starts()).sort()).toEqual([
      '--quiet --processes 1 --share-port true --port 0',
      '--quiet --processes 1 --share-port true --port 4242',
      '--quiet --processes 1 --share-port true --port 4242',
    ]);
  });

  test('the supervisor starts again a process that was killed, and leaves the others alone', async () => {
    supervisor = make();
    await supervisor.start();
    const [first, second, third] = supervisor.pids;
    process.kill(second!, 'SIGKILL');
    await expect.poll(async () => (await starts()).length, { timeout: 5_000 }).toBe(4);
    await expect.poll(() => supervisor.pids.length).toBe(3);
    expect(supervisor.pids).toEqual(expect.arrayContaining([first, third]));
    expect(supervisor.pids).not.toContain(second);
  });

  test('the supervisor says so when the first process cannot start', async () => {
    supervisor = make(['--fail']);
    await expect(supervisor.start()).rejects.toThrow(/ended \(3\) before it listened/);
  });

  test('the supervisor stops all, and kills those that do not end in time', async () => {
    supervisor = make(['--stubborn']);
    await supervisor.start();
    const { pids } = supervisor;
    expect(pids.every(alive)).toBe(true);
    await supervisor.stop();
    expect(pids.some(alive)).toBe(false);
    expect(await starts()).toHaveLength(3);
  });
});
