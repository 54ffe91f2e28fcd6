/** `npm start` as its users meet it: one process that brings everything up, keeps it up, and takes everything along when it goes. */
import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freePort } from '@seatwire/embedded';
import { type DemoEvent, PROJECT } from '@seatwire/local';
import { eventSummary, session, snapshotBody } from '@seatwire/protocol';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { until } from './until.ts';

interface Ready {
  readonly url: string;
  readonly servers: { readonly url: string; readonly pid: number }[];
  readonly workers: { readonly url: string; readonly pid: number }[];
  readonly events: DemoEvent[];
  readonly accounts: { readonly email: string; readonly password: string; readonly role: string }[];
}
interface Launch {
  readonly child: ChildProcess;
  readonly status: Promise<number | null>;
  /** Standard error so far. */
  said(): string;
  ready(): Promise<Ready>;
}

const LAUNCHER = join(PROJECT, 'deploy', 'local', 'dist', 'main.js');
const launches: Launch[] = [];
let dir: string;

function launch(...args: string[]): Launch {
  const child = spawn(process.execPath, [LAUNCHER, '--json', '--data-dir', dir, ...args], {
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let [out, err] = ['', ''];
  child.stdout!.setEncoding('utf8').on('data', (text: string) => {
    out += text;
  });
  child.stderr!.setEncoding('utf8').on('data', (text: string) => {
    err += text;
  });
  const status = new Promise<number | null>((resolve) => child.once('close', resolve));
  const one: Launch = {
    child,
    status,
    said: () => err,
    ready: async () =>
      JSON.parse(
        await until('the line that says ready', 90_000, () => {
          if (child.exitCode !== null) throw new Error(err);
          return out.includes('\n') ? out : null;
        }),
      ) as Ready,
  };
  launches.push(one);
  return one;
}

/** The stores name our folder on their command lines. */
function storesRun(): boolean {
  const table = execFileSync('ps', ['-axww', '-o', 'command='], { encoding: 'utf8' });
  return table.split('\n').some((line) => line.includes(`${dir}/`) && !line.includes(LAUNCHER));
}

async function answers(url: string): Promise<boolean> {
  try {
    await fetch(`${url}/healthz`, { signal: AbortSignal.timeout(2000) });
    return true;
  } catch {
    return false;
  }
}

async function anythingRuns(ready: Ready): Promise<boolean> {
  const urls = [...ready.servers, ...ready.workers].map(({ url }) => url);
  return storesRun() || (await Promise.all(urls.map(answers))).includes(true);
}

const get = async (url: string): Promise<unknown> =>
  (await fetch(url, { signal: AbortSignal.timeout(5000) })).json();

async function version(ready: Ready): Promise<number> {
  return snapshotBody.parse(await get(`${ready.url}/api/events/${ready.events[0]!.id}/snapshot`)).version;
}

beforeAll(() => {
  dir = mkdtempSync(join(tmpdir(), 'seatwire-launcher-'));
});
afterAll(async () => {
  for (const { child, status } of launches) {
    child.kill('SIGTERM');
    await status;
  }
  rmSync(dir, { recursive: true, force: true });
});

describe.sequential('npm start', () => {
  let first: Launch;
  let ready: Ready;

  test('npm start brings up the page, the demo on sale, its accounts and a crowd', async () => {
    first = launch('--port', '0');
    ready = await first.ready();
    const page = await fetch(ready.url, { signal: AbortSignal.timeout(5000) });
    expect(page.headers.get('content-type')).toMatch(/text\/html/);
    expect(await page.text()).toMatch(/<html/);

    const { events } = (await get(`${ready.url}/api/events`)) as { events: unknown };
    expect(
      eventSummary
        .array()
        .parse(events)
        .map((event) => event.id)
        .sort(),
    ).toEqual(ready.events.map((event) => event.id).sort());

    for (const { email, password, role } of ready.accounts) {
      const answer = await fetch(`${ready.url}/api/auth/login`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ email, password }),
      });
      expect(session.parse(await answer.json()).user).toMatchObject({ email, role });
    }
    await until('the crowd moves something', 30_000, async () => (await version(ready)) > 0);
  });

  test('npm start refuses a second start on the same folder, and leaves the first alone', async () => {
    const second = launch('--port', '0');
    expect(await second.status).toBe(1);
    expect(second.said()).toMatch(/in use by another start/);
    expect(first.child.exitCode).toBeNull();
    await version(ready);
  });

  test('npm start starts a killed server and a killed worker again, on their ports', async () => {
    const [server, worker] = [ready.servers[0]!, ready.workers[0]!];
    process.kill(server.pid, 'SIGKILL');
    process.kill(worker.pid, 'SIGKILL');
    await until(
      'both are back',
      30_000,
      () => /server 1: up again[\s\S]*/.test(first.said()) && /worker 1: up again/.test(first.said()),
    );
    expect(first.said()).toMatch(/The server 1 ended by itself \(SIGKILL\)/);
    for (const { url } of [server, worker]) {
      expect((await fetch(`${url}/readyz`, { signal: AbortSignal.timeout(5000) })).status).toBe(200);
    }
  });

  test('npm start killed outright takes everything along, and starts again with the same events', async () => {
    expect(await anythingRuns(ready)).toBe(true);
    first.child.kill('SIGKILL');
    await first.status;
    await until('nothing runs any more', 30_000, async () => !(await anythingRuns(ready)));
    const again = await launch('--port', '0', '--quiet').ready();
    expect(again.events.map((event) => event.id)).toEqual(ready.events.map((event) => event.id));
    ready = again;
  });

  test('npm start without a crowd changes no map', async () => {
    const before = await version(ready);
    await new Promise((resolve) => setTimeout(resolve, 3000));
    expect(await version(ready)).toBe(before);
  });

  test('npm start leaves nothing running when it is told to stop', async () => {
    const running = launches.at(-1)!;
    running.child.kill('SIGINT');
    expect(await running.status).toBe(0);
    expect(await anythingRuns(ready)).toBe(false);
  });
});

describe('what cannot work is refused, with what to do', () => {
  test('a port that is taken', async () => {
    const port = await freePort();
    const other = createServer().listen(port, '127.0.0.1');
    try {
      const refused = launch('--port', String(port));
      expect(await refused.status).toBe(1);
      expect(refused.said()).toMatch(new RegExp(`Port ${port} is in use.*--port ${port + 1}`));
    } finally {
      other.close();
    }
  });

  test('[CB26] an option there is not', async () => {
    const refused = launch('--crowds');
    expect(await refused.status).toBe(64);
    expect(refused.said()).toMatch(/--crowds: no such option/);
  });

  test('wiping a folder that is not the project own', async () => {
    const refused = launch('--reset');
    expect(await refused.status).toBe(64);
    expect(refused.said()).toMatch(/--reset wipes only .*\.data/);
  });
});
