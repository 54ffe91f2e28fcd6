/** Both commands, from a shell that holds all that other programs ever asked for. */
import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PROJECT } from '@seatwire/local';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { until } from './until.ts';

let dir: string;
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'seatwire shell ü-'));
});
afterEach(() => rmSync(dir, { recursive: true, force: true }));

const LOCALE = 'de_DE.UTF-8';
const HOSTILE = {
  ...{ LANG: LOCALE, LC_ALL: LOCALE, LC_CTYPE: 'UTF-8', LANGUAGE: 'de:en' },
  ...{
    PGSSLMODE: 'require',
    PGHOST: '203.0.113.1',
    PGUSER: 'somebody',
    PGPASSWORD: 'wrong',
    PGDATABASE: 'elsewhere',
  },
  ...{
    PGOPTIONS: '-c default_transaction_read_only=on',
    PGSERVICE: 'none',
    PGCONNECT_TIMEOUT: '1',
    PGTZ: 'Nowhere/Land',
  },
  // Nothing listens there. Were one of them used, nothing would start.
  REDIS_URL: 'redis://127.0.0.1:1',
  DATABASE_URL: 'postgres://127.0.0.1:1/theirs',
  MONGO_URL: 'mongodb://127.0.0.1:1/theirs',
  ...{
    HTTP_PROXY: 'http://127.0.0.1:1',
    http_proxy: 'http://127.0.0.1:1',
    ALL_PROXY: 'socks5://127.0.0.1:1',
  },
  NODE_USE_ENV_PROXY: '1',
  ...{
    NODE_ENV: 'production',
    HOST: 'laptop.invalid',
    LOG_LEVEL: 'silent',
    PROCESSES: 'many',
    DATA_DIR: '/nowhere',
  },
  ...{ SIGNING_KEY: 'theirs', PARTITIONS: '0', DEMO: 'no', TRUST_PROXY: 'yes', TICK_MS: 'fast' },
  ...{
    TZ: 'Nowhere/Land',
    TMPDIR: '/nowhere/at/all',
    DEBUG: '*',
    NODE_PG_FORCE_NATIVE: '1',
    NAPI_RS_FORCE_WASI: 'error',
  },
};

/** Started by a shell, so that it has that umask. `PATH` is all else it has: no HOME. */
function underHostileShell(umask: string, program: string, ...args: string[]) {
  const file = join(PROJECT, program);
  const child = spawn('/bin/sh', ['-c', `umask ${umask}; exec "$@"`, 'sh', process.execPath, file, ...args], {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { PATH: process.env.PATH, ...HOSTILE },
  });
  const said = { out: '', err: '' };
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    said.out += text;
  });
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    said.err += text;
  });
  const status = new Promise<number | null>((resolve) => child.once('close', resolve));
  return { child, said, status };
}

test('[CB26] [CB27] npm start brings the demo up in a hostile shell', async () => {
  const { child, said, status } = underHostileShell(
    '0777',
    'deploy/local/start.mjs',
    ...['--json', '--quiet', '--port', '0', '--data-dir', join(dir, 'data')],
  );
  try {
    const line = await until('the line that says ready', 90_000, () => {
      if (child.exitCode !== null) throw new Error(said.err);
      return said.out.includes('\n') ? said.out : null;
    });
    const ready = JSON.parse(line) as {
      url: string;
      logs: string;
      accounts: { email: string; password: string }[];
    };
    const answer = await fetch(`${ready.url}/api/auth/login`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ email: ready.accounts[0]!.email, password: ready.accounts[0]!.password }),
      signal: AbortSignal.timeout(10_000),
    });
    expect(answer.status).toBe(200);
    // What the shell named was seen, and left alone; the server ran with the demo's own options.
    for (const name of ['REDIS_URL', 'DATABASE_URL', 'MONGO_URL'])
      expect(said.err).toContain(`${name} is set, and left alone`);
    expect(readFileSync(join(ready.logs, 'server-1.log'), 'utf8')).toContain('"ready":true');
  } finally {
    child.kill('SIGTERM');
    expect(await status).toBe(0);
  }
});

test('[CB26] [CB27] npm test runs tests on its stores in a hostile shell', async () => {
  const { said, status } = underHostileShell(
    '077',
    '.ci/test.mjs',
    '--project',
    'pg',
    '--project',
    'mongo',
    'fixtures',
  );
  expect(await status, said.out + said.err).toBe(0);
  expect(said.out).toMatch(/Test Files .*2 passed/);
});

test('an address that cannot be listened on is told from a port that is taken', async () => {
  const { said, status } = underHostileShell(
    '022',
    'deploy/local/start.mjs',
    '--host',
    'nowhere.invalid',
    '--data-dir',
    join(dir, 'data'),
  );
  expect(await status).toBe(1);
  expect(said.err).toMatch(/Cannot listen on nowhere\.invalid .*--host 127\.0\.0\.1/);
});
