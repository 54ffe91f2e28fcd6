import { chmod, mkdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import pg from 'pg';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { freePort } from './free-port.ts';
import { startPostgres } from './postgres.ts';
import { temporaryFolder } from './temporary-folder.ts';

// These folders are closed to all but this user (0700, as mktemp makes them), which is the hard case when it is root:
// Postgres then runs as somebody else.
let folder: Awaited<ReturnType<typeof temporaryFolder>>;
beforeEach(async () => {
  folder = await temporaryFolder();
});
afterEach(() => folder.remove());

async function query(url: string, sql: string, values: unknown[] = []): Promise<pg.QueryResult> {
  const client = new pg.Client({
    connectionString: url,
    connectionTimeoutMillis: 5_000,
    query_timeout: 10_000,
  });
  client.on('error', () => undefined);
  await client.connect();
  try {
    return await client.query(sql, values);
  } finally {
    await client.end().catch(() => undefined);
  }
}

test('every transaction Postgres committed is there after 10 SIGKILLs in mid-stream', async () => {
  const postgres = await startPostgres({ dir: folder.path });
  await query(postgres.url, 'create table ledger (n int primary key)');
  let committed = 0;
  for (let round = 0; round < 10; round++) {
    const client = new pg.Client({ connectionString: postgres.url });
    client.on('error', () => undefined);
    await client.connect();
    const writing = (async () => {
      for (;;) {
        await client.query('insert into ledger values ($1)', [committed]);
        committed++;
      }
    })().catch((error: unknown) => error);
    const target = committed + 20;
    while (committed < target) await new Promise((resolve) => setImmediate(resolve));
    await postgres.kill();
    expect(await writing).toBeInstanceOf(Error);
    await postgres.restart();
    const { rows } = await query(postgres.url, 'select n from ledger order by n');
    expect(rows.length - committed).toBeOneOf([0, 1]);
    expect(rows.map((row) => row.n)).toEqual(rows.map((_, i) => i));
    committed = rows.length;
  }
  await postgres.stop();
});

test('a stop and a start keep the data, the address and the password', async () => {
  const port = await freePort();
  const first = await startPostgres({ dir: folder.path, port });
  await query(first.url, "create table seats as select 'A1' as label");
  const { url } = first;
  await first.stop();
  const second = await startPostgres({ dir: folder.path, port });
  expect(second.url).toBe(url);
  expect((await query(url, 'select label from seats')).rows).toEqual([{ label: 'A1' }]);
  await second.stop();
});

test('it is durable, on loopback alone, and lets nobody in without the password', async () => {
  const postgres = await startPostgres({ dir: folder.path });
  const { rows } = await query(
    postgres.url,
    "select name, setting from pg_settings where name in ('fsync', 'synchronous_commit', 'listen_addresses', 'unix_socket_directories') order by name",
  );
  expect(rows.map((row) => `${row.name}=${row.setting}`)).toEqual([
    'fsync=on',
    'listen_addresses=127.0.0.1',
    'synchronous_commit=on',
    'unix_socket_directories=',
  ]);
  expect((await stat(join(folder.path, 'password'))).mode & 0o777).toBe(0o600);
  for (const password of ['', 'seatwire']) {
    const url = new URL(postgres.url);
    url.password = password;
    await expect(query(url.href, 'select 1')).rejects.toThrow(/password/);
  }
  await postgres.stop();
});

test('a port somebody has is refused with its number', async () => {
  const first = await startPostgres({ dir: join(folder.path, 'first'), fsync: false });
  await expect(
    startPostgres({ dir: join(folder.path, 'second'), port: first.port, fsync: false }),
  ).rejects.toMatchObject({
    code: 'port_taken',
    message: expect.stringContaining(`${first.port}`),
  });
  await first.stop();
});

test('a first start that was killed half-way is begun anew', async () => {
  const half = join(folder.path, 'data.new-0');
  await mkdir(half);
  await writeFile(join(half, 'PG_VERSION'), '18\n');
  await writeFile(join(folder.path, 'password'), 'of a cluster that never was\n');
  const postgres = await startPostgres({ dir: folder.path, fsync: false });
  expect((await query(postgres.url, 'select 1 as one')).rows).toEqual([{ one: 1 }]);
  await expect(stat(half)).rejects.toThrow('ENOENT');
  await postgres.stop();
});

test("a postmaster.pid that names another process's number does not stop a start", async () => {
  const first = await startPostgres({ dir: folder.path, fsync: false });
  const pidFile = join(folder.path, 'data', 'postmaster.pid');
  const lines = (await readFile(pidFile, 'utf8')).split('\n');
  await first.kill();
  await writeFile(pidFile, [String(process.ppid), ...lines.slice(1)].join('\n'));
  const second = await startPostgres({ dir: folder.path, fsync: false });
  await second.stop();
});

test('[CB26] it starts from a working folder that is gone', async () => {
  const [before, gone] = [process.cwd(), join(folder.path, 'gone')];
  await mkdir(gone);
  process.chdir(gone);
  try {
    await rm(gone, { recursive: true });
    expect(() => process.cwd()).toThrow('ENOENT');
    await (await startPostgres({ dir: join(folder.path, 'here'), fsync: false })).stop();
  } finally {
    process.chdir(before);
  }
});

test('data of another Postgres version, or without its password, is refused with what to do', async () => {
  await (await startPostgres({ dir: folder.path, fsync: false })).stop();
  const version = join(folder.path, 'data', 'PG_VERSION');
  await writeFile(version, '15\n');
  await expect(startPostgres({ dir: folder.path })).rejects.toMatchObject({
    code: 'folder_unusable',
    message: expect.stringContaining('DATABASE_URL'),
  });
  await writeFile(version, '18\n');
  await chmod(version, 0o644);
  await rm(join(folder.path, 'password'));
  await expect(startPostgres({ dir: folder.path })).rejects.toMatchObject({ code: 'folder_unusable' });
});
