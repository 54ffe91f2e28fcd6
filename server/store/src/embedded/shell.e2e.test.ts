/** The stores, started from shells that hold what other programs want. Each start is a real one, of all three. */
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import pg from 'pg';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { temporaryFolder } from '../testing/temporary-folder.ts';
import { startPostgres } from './postgres.ts';
import { startStores } from './stores.ts';

let folder: Awaited<ReturnType<typeof temporaryFolder>>;
const umask = process.umask();
beforeEach(async () => {
  folder = await temporaryFolder();
});
afterEach(async () => {
  vi.unstubAllEnvs();
  process.umask(umask);
  await folder.remove();
});

const LOCALE = 'de_DE.UTF-8';
const NOWHERE = '/nowhere/at/all';

/** A shell's peculiarity: variables, and what must lie where. `undefined` unsets. */
const SHELLS: readonly {
  readonly title: string;
  readonly env: (dir: string) => Readonly<Record<string, string | undefined>>;
  readonly prepare?: (dir: string) => Promise<unknown>;
}[] = [
  {
    title: '[CB26] all three start under a LANG that was never generated, as over ssh',
    env: () => ({ LANG: LOCALE }),
  },
  {
    title: '[CB26] all three start with every locale variable set to such a locale',
    env: () =>
      Object.fromEntries(
        ['LC_ALL', 'LC_CTYPE', 'LC_COLLATE', 'LC_MESSAGES', 'LC_NUMERIC', 'LC_TIME', 'LC_MONETARY']
          .map((name) => [name, LOCALE])
          .concat([['LANGUAGE', 'de:en']]),
      ),
  },
  { title: '[CB27] all three start under PGSSLMODE=require', env: () => ({ PGSSLMODE: 'require' }) },
  {
    title: '[CB27] all three start with every other PG variable set for another server',
    env: () => ({
      PGHOST: '203.0.113.1',
      PGHOSTADDR: '203.0.113.1',
      PGPORT: '1',
      PGUSER: 'somebody',
      PGPASSWORD: 'wrong',
      PGPASSFILE: NOWHERE,
      PGDATABASE: 'elsewhere',
      PGDATA: NOWHERE,
      PGOPTIONS: '-c default_transaction_read_only=on -c statement_timeout=1',
      PGSSLNEGOTIATION: 'direct',
      PGREPLICATION: 'database',
      PGSERVICE: 'none',
      PGTZ: 'Nowhere/Land',
      PGCLIENTENCODING: 'LATIN1',
      PGCLIENT_ENCODING: 'latin1',
      PGCONNECT_TIMEOUT: '0',
      PGAPPNAME: 'psql',
    }),
  },
  {
    title: '[CB26] all three start where loaders and runtimes are told to load other things',
    env: (dir) => ({
      LD_LIBRARY_PATH: dir,
      OPENSSL_CONF: join(dir, 'libssl.so.1.1'),
      NODE_OPTIONS: `--require=${NOWHERE}.cjs`,
      NAPI_RS_FORCE_WASI: 'error',
      NAPI_RS_NATIVE_LIBRARY_PATH: NOWHERE,
      NODE_ENV: 'production',
      NODE_DEBUG: 'net',
      DEBUG: '*',
      MONGODB_LOG_ALL: 'trace',
    }),
    // The library that Postgres brings, as found first by whoever looks here.
    prepare: (dir) => writeFile(join(dir, 'libssl.so.1.1'), 'not a library'),
  },
  {
    title: '[CB27] all three start with proxies for everything, and a time zone there is not',
    env: () => ({
      ...Object.fromEntries(
        ['HTTP_PROXY', 'HTTPS_PROXY', 'ALL_PROXY', 'http_proxy', 'https_proxy', 'all_proxy'].map((name) => [
          name,
          'http://127.0.0.1:1',
        ]),
      ),
      NODE_USE_ENV_PROXY: '1',
      TZ: 'Nowhere/Land',
    }),
  },
  {
    title: '[CB26] all three start with no home, and no folder for temporary files',
    env: () => ({ HOME: undefined, USER: undefined, LOGNAME: undefined, TMPDIR: NOWHERE }),
  },
  {
    title: '[CB26] all three start with a long folder for temporary files, of blanks and umlauts',
    env: (dir) => ({ TMPDIR: join(dir, `Überlänge ${'x'.repeat(90)}`) }),
    prepare: (dir) => mkdir(join(dir, `Überlänge ${'x'.repeat(90)}`)),
  },
];

for (const { title, env, prepare } of SHELLS)
  test(title, async () => {
    await prepare?.(folder.path);
    for (const [name, value] of Object.entries(env(folder.path))) vi.stubEnv(name, value);
    const stores = await startStores({ dataDir: join(folder.path, 'Daten für Plätze') });
    vi.unstubAllEnvs();
    try {
      const client = new pg.Client({ connectionString: stores.databaseUrl, ssl: false });
      await client.connect();
      expect((await client.query('select current_database() as name')).rows).toEqual([{ name: 'seatwire' }]);
      await client.end();
    } finally {
      await stores.stop();
    }
  });

for (const mask of [0o000, 0o022, 0o077])
  test(`[CB26] all three start, and start again, under umask ${mask.toString(8)}`, async () => {
    process.umask(mask);
    for (let start = 0; start < 2; start++) {
      await (await startStores({ dataDir: join(folder.path, 'data') })).stop();
    }
  });

test('[CB27] a running Postgres that refuses us ends the start, and its reason is in the error', async () => {
  const dir = join(folder.path, 'postgres');
  await (await startPostgres({ dir, fsync: false })).stop();
  const password = join(dir, 'password');
  const kept = await readFile(password);
  await writeFile(password, 'another\n');
  await expect(startPostgres({ dir, fsync: false })).rejects.toMatchObject({
    code: 'start_failed',
    message: expect.stringContaining('password authentication failed'),
  });
  await writeFile(password, kept);
  await (await startPostgres({ dir, fsync: false })).stop();
});
