/** The clients of protocol/examples that need no browser, each run as it stands against a real server. */
import { execFile } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { PROJECT, type System, startSystem } from '@seatwire/local';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Hall, openHall } from './hall.ts';
import { restMap } from './rest.ts';
import { nativeClient } from './sockets.ts';

const run = promisify(execFile);
const EXAMPLES = join(PROJECT, 'protocol', 'examples');
const OLDEST_PYTHON = [3, 8] as const;

let dataDir: string;
let system: System;

beforeAll(async () => {
  dataDir = await mkdtemp(join(tmpdir(), 'seatwire-examples-'));
  system = await startSystem({ dataDir, env: { LOG_LEVEL: 'warn' } });
});
afterAll(async () => {
  await system?.stop();
  await rm(dataDir, { recursive: true, force: true });
});

/** Runs a client in front of a fresh hall of 40 places; it must end by itself, with status 0. */
async function visit(program: string, file: string): Promise<{ hall: Hall; printed: string }> {
  const hall = await openHall(system, { rows: 4, seatsPerRow: 10, buyers: 1 });
  const first = nativeClient(system.url, null);
  try {
    // The worker may still be making the map.
    const joined = await first.join(hall.event);
    if (!joined.ok) throw new Error(joined.code);
  } finally {
    first.stop();
  }
  const { email, password } = hall.buyers[0]!;
  const { stdout, stderr } = await run(program, [join(EXAMPLES, file)], {
    cwd: PROJECT,
    timeout: 60_000,
    env: {
      ...process.env,
      SEATWIRE_URL: system.url,
      SEATWIRE_EVENT: hall.event,
      SEATWIRE_EMAIL: email,
      SEATWIRE_PASSWORD: password,
      // No compiled files in the repository.
      PYTHONDONTWRITEBYTECODE: '1',
    },
  });
  return { hall, printed: `${stdout}${stderr}` };
}

async function expectBought({ hall, printed }: { hall: Hall; printed: string }): Promise<void> {
  expect(printed).toMatch(/^40 of 40 places are free$/m);
  expect(printed).toMatch(/^held \[?\d+, ?\d+\]? for 5000 minor units of EUR$/m);
  expect(printed).toMatch(/^version \d+: 2 changed, 38 free$/m);
  const bought = /^bought \[?(\d+), ?(\d+)\]?$/m.exec(printed)?.slice(1).map(Number) ?? [];
  expect(bought).toHaveLength(2);
  const { map } = await restMap(system.url, hall.event);
  expect(bought.map((place) => map.get(place))).toEqual([2, 2]);
}

test.each(['hello.mjs', 'socket-io.mjs'])('the example %s watches, holds and buys', async (file) => {
  await expectBought(await visit(process.execPath, file));
});

const python = await findPython();

if (typeof python === 'string') {
  test('the example python/client.py watches, holds and buys', async () => {
    await expectBought(await visit(python, 'python/client.py'));
  });

  test('the Python example reads and writes every frame of vectors.json', async () => {
    const { stderr } = await run(python, [join(EXAMPLES, 'python', 'self_test.py')], {
      timeout: 30_000,
      env: { ...process.env, PYTHONDONTWRITEBYTECODE: '1' },
    });
    expect(stderr).toMatch(/^Ran [1-9]\d* tests/m);
    expect(stderr).toMatch(/^OK$/m);
  });
} else {
  test(`the Python example is not run: ${python.problem}`, () => {
    // On CI there is one: .ci/run installs it where it can.
    expect(process.env.CI).toBeUndefined();
  });
}

async function findPython(): Promise<string | { problem: string }> {
  const wanted = `Python ${OLDEST_PYTHON.join('.')} or later`;
  try {
    const { stdout } = await run('python3', ['--version'], { timeout: 15_000 });
    const [, major, minor] = /^Python (\d+)\.(\d+)/.exec(stdout) ?? [];
    const isNew = Number(major) === OLDEST_PYTHON[0] && Number(minor) >= OLDEST_PYTHON[1];
    return isNew ? 'python3' : { problem: `python3 is ${stdout.trim()}, and it needs ${wanted}` };
  } catch {
    return { problem: `there is no python3 on PATH, and it needs ${wanted}` };
  }
}
