/** The program as it is started: needs `npm run build`, which `npm test` does first. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { type TestDatabase, testDatabase, testRedisUrl } from '@seatwire/store/testing';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';

const PROGRAM = fileURLToPath(new URL('../dist/main.js', import.meta.url));
let database: TestDatabase;
let dataDir: string;
const running = new Set<ChildProcess>();

beforeAll(async () => {
  database = await testDatabase();
  dataDir = await mkdtemp(join(tmpdir(), 'seatwire-main-'));
});
afterEach(() => {
  for (const child of running) child.kill('SIGKILL');
  running.clear();
});
afterAll(async () => {
  await database.drop();
  await rm(dataDir, { recursive: true, force: true });
});

interface Run {
  readonly child: ChildProcess;
  readonly ended: Promise<number | null>;
  /** All it wrote so far. */
  readonly output: () => string;
  /** Resolves with the ready line. */
  readonly ready: Promise<{ readonly port: number; readonly processes?: number[] }>;
}

function run(...args: string[]): Run {
  const child = spawn(process.execPath, [PROGRAM, ...args], {
    env: {
      PATH: process.env.PATH,
      DATABASE_URL: database.url,
      REDIS_URL: testRedisUrl(),
      MONGO_URL: 'mongodb://127.0.0.1:9/none',
      DATA_DIR: dataDir,
      DRAIN_MS: '1000',
      STORE_TIMEOUT_MS: '500',
    },
  });
  running.add(child);
  let output = '';
  const ready = new Promise<{ port: number }>((resolve) => {
    createInterface({ input: child.stdout! }).on('line', (line) => {
      output += `${line}\n`;
      if (line.includes('"ready":true')) resolve(JSON.parse(line));
    });
  });
  child.stderr!.on('data', (data) => {
    output += data;
  });
  return { child, ready, output: () => output, ended: once(child, 'exit').then(([code]) => code) };
}

const alive = (port: number): Promise<boolean> =>
  fetch(`http://127.0.0.1:${port}/healthz`).then(
    (answer) => answer.ok,
    () => false,
  );

describe('the server program', () => {
  test('the server program listens, says so in one line, and ends in peace when told to, however often', async () => {
    const server = run('--port', '0', '--host', '127.0.0.1');
    const { port } = await server.ready;
    expect(await alive(port)).toBe(true);
    server.child.kill('SIGINT');
    server.child.kill('SIGTERM');
    expect(await server.ended).toBe(0);
    expect(await alive(port)).toBe(false);
  });

  test('the server program carries several processes on one port, and ends with all of them', async () => {
    const server = run('--port', '0', '--host', '127.0.0.1', '--processes', '2');
    const { port, processes } = await server.ready;
    expect(processes).toHaveLength(2);
    expect(await alive(port)).toBe(true);
    server.child.kill('SIGTERM');
    expect(await server.ended).toBe(0);
    expect(processes!.some((pid) => exists(pid))).toBe(false);
  });

  test('the server program ends its processes when it is killed itself', async () => {
    const server = run('--port', '0', '--host', '127.0.0.1', '--processes', '2');
    const { processes } = await server.ready;
    server.child.kill('SIGKILL');
    await expect.poll(() => processes!.some((pid) => exists(pid)), { timeout: 10_000 }).toBe(false);
  });

  test('a port that is taken, and options that are wrong, are said in words', async () => {
    const first = run('--port', '0', '--host', '127.0.0.1');
    const { port } = await first.ready;
    const second = run('--port', String(port), '--host', '127.0.0.1');
    expect(await second.ended).toBe(1);
    expect(second.output()).toContain(`port ${port} of 127.0.0.1 is taken`);
    const third = run('--port', 'x', '--colour');
    expect(await third.ended).toBe(64);
    expect(third.output()).toContain('--port: must be a whole number');
    expect(third.output()).toContain('--colour: no such option');
    expect(await run('--help').ended).toBe(0);
    // Four programs one after another, each a process that loads the whole server.
  }, 90_000);
});

function exists(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}
