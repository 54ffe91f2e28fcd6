import { cp, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import pg from 'pg';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { type TestDatabase, testDatabase } from '../testing/index.ts';
import { migrate } from './migrate.ts';

const shipped = new URL('./migrations/', import.meta.url);

let database: TestDatabase;
let client: pg.Client;
let folder: URL;
beforeEach(async () => {
  database = await testDatabase();
  client = new pg.Client(database.url);
  client.on('error', () => undefined);
  await client.connect();
  await client.query('drop schema public cascade; create schema public');
  const path = await mkdtemp(join(tmpdir(), 'seatwire-migrations-'));
  await cp(shipped, path, { recursive: true });
  folder = pathToFileURL(`${path}/`);
});
afterEach(async () => {
  await client.end().catch(() => undefined);
  await database.drop();
  await rm(folder, { recursive: true });
});

async function applied(): Promise<number[]> {
  const { rows } = await client.query<{ version: number }>('select version from migrations order by version');
  return rows.map(({ version }) => version);
}
const count = async () => (await readdir(shipped)).length;
const numbered = async (to: number) => Array.from({ length: to }, (_, i) => i + 1);
const add = (name: string, text: string) => writeFile(new URL(name, folder), text);
const next = async (name: string) => `${String((await count()) + 1).padStart(4, '0')}_${name}.sql`;

test('an empty database gets every migration, in order, and the second run has nothing to do', async () => {
  const lines: string[] = [];
  await migrate(database.url, { progress: (line) => lines.push(line) });
  expect(await applied()).toEqual(await numbered(await count()));
  expect(lines).toHaveLength(await count());
  await migrate(database.url, { progress: (line) => lines.push(line) });
  expect(lines).toHaveLength(await count());
});

test('of several runners at once one migrates, the others wait, and all succeed', async () => {
  const lines: string[] = [];
  await add(await next('slow'), 'select pg_sleep(0.3); create table slow ()');
  const run = () => migrate(database.url, { folder, progress: (line) => lines.push(line) });
  await Promise.all([run(), run(), run()]);
  expect(lines).toHaveLength((await count()) + 1);
  expect(await applied()).toEqual(await numbered((await count()) + 1));
});

test('a migration that is refused leaves nothing of itself, nor its version', async () => {
  await add(await next('broken'), 'create table half (); select nothing from nowhere');
  await expect(migrate(database.url, { folder })).rejects.toMatchObject({
    name: 'MigrationError',
    code: 'failed',
    message: expect.stringContaining('broken.sql was refused: relation "nowhere" does not exist'),
  });
  expect(await applied()).toEqual(await numbered(await count()));
  expect((await client.query("select to_regclass('half') as half")).rows).toEqual([{ half: null }]);
});

test('a migration that changed after it ran stops the run with a clear error, but line endings do not', async () => {
  await migrate(database.url, { folder });
  const first = new URL('0001_accounts.sql', folder);
  const text = await readFile(first, 'utf8');
  await writeFile(first, text.replaceAll('\n', '\r\n'));
  await migrate(database.url, { folder });
  await writeFile(first, `${text}-- better\n`);
  await expect(migrate(database.url, { folder })).rejects.toMatchObject({
    code: 'changed',
    message: expect.stringContaining('0001_accounts.sql has run on this database in another form'),
  });
});

test('a database newer than the program is left as it is', async () => {
  await add(await next('of_tomorrow'), 'create table tomorrow ()');
  await migrate(database.url, { folder });
  const lines: string[] = [];
  await migrate(database.url, { progress: (line) => lines.push(line) });
  expect(lines).toEqual([expect.stringContaining('newer than this program')]);
});

test('misnumbered files are refused before anything runs', async () => {
  await add('0099_later.sql', 'select 1');
  await expect(migrate(database.url, { folder })).rejects.toMatchObject({ code: 'misnumbered' });
  expect((await client.query("select to_regclass('migrations') as it")).rows).toEqual([{ it: null }]);
});

test('a server that cannot be reached is Unavailable', async () => {
  await expect(migrate('postgres://nobody@127.0.0.1:1/none')).rejects.toMatchObject({
    name: 'Unavailable',
    dependency: 'postgres',
  });
});

test('[CB19] a venue that was in UTC for want of a zone has none after 0008, and the others keep theirs', async () => {
  const after = (await readdir(shipped)).filter((name) => Number(name.slice(0, 4)) >= 8);
  for (const name of after) await rm(new URL(name, folder));
  await migrate(database.url, { folder });
  await client.query(`insert into venues (id, name, city) values (gen_random_uuid(), 'Old', 'Perth')`);
  await client.query(
    `insert into venues (id, name, city, time_zone) values (gen_random_uuid(), 'New', 'Perth', 'Australia/Perth')`,
  );
  await migrate(database.url);
  const { rows } = await client.query('select name, time_zone from venues order by name');
  expect(rows).toEqual([
    { name: 'New', time_zone: 'Australia/Perth' },
    { name: 'Old', time_zone: null },
  ]);
});
