import { type ChildProcess, spawn } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Redis } from 'ioredis';
import mongoose from 'mongoose';
import pg from 'pg';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { exitOf } from './child.ts';
import { findProcesses, type RunningProcess, signal, waitUntil } from './process-table.ts';
import { type Stores, startStores } from './stores.ts';
import { temporaryFolder } from './temporary-folder.ts';

let folder: Awaited<ReturnType<typeof temporaryFolder>>;
beforeEach(async () => {
  folder = await temporaryFolder();
});
afterEach(() => folder.remove());

/** Every process that works in the folder or names it, ours aside. */
const living = (): RunningProcess[] =>
  findProcesses(
    ({ args, cwd }) => cwd?.startsWith(folder.path) || args.some((arg) => arg.startsWith(folder.path)),
  );

async function writeMark(stores: Stores, mark: string): Promise<void> {
  const redis = new Redis(stores.redisUrl);
  await redis.set('mark', mark);
  redis.disconnect();
  const client = new pg.Client(stores.databaseUrl);
  await client.connect();
  await client.query('create table if not exists marks (mark text)');
  await client.query('insert into marks values ($1)', [mark]);
  await client.end();
  const mongo = await mongoose.createConnection(stores.mongoUrl).asPromise();
  await mongo.collection('marks').insertOne({ mark });
  await mongo.close();
}

async function readMarks(stores: Stores): Promise<unknown[]> {
  const redis = new Redis(stores.redisUrl);
  const client = new pg.Client(stores.databaseUrl);
  await client.connect();
  const mongo = await mongoose.createConnection(stores.mongoUrl).asPromise();
  try {
    return [
      await redis.get('mark'),
      (await client.query('select mark from marks')).rows[0]?.mark,
      (await mongo.collection('marks').findOne())?.mark,
    ];
  } finally {
    redis.disconnect();
    await client.end();
    await mongo.close();
  }
}

test('all three start side by side, keep their data over a stop, and leave no process behind', async () => {
  const lines: string[] = [];
  const first = await startStores({ dataDir: folder.path, progress: (line) => lines.push(line) });
  for (const store of ['Redis', 'Postgres', 'MongoDB']) {
    expect(lines.filter((line) => line.startsWith(`${store}: `))).toEqual([
      `${store}: starting`,
      expect.stringMatching(/ready on port \d+ after \d+\.\d s$/),
    ]);
  }
  await writeMark(first, 'kept');
  await first.stop();
  expect(living()).toEqual([]);
  const second = await startStores({ dataDir: folder.path });
  expect(await readMarks(second)).toEqual(['kept', 'kept', 'kept']);
  await second.stop();
});

test('a second start on the same folder is refused, and disturbs the first in nothing', async () => {
  const first = await startStores({ dataDir: folder.path });
  await writeMark(first, 'mine');
  await expect(startStores({ dataDir: folder.path })).rejects.toMatchObject({ code: 'folder_locked' });
  expect(await readMarks(first)).toEqual(['mine', 'mine', 'mine']);
  await first.stop();
});

test('a given address is used as it is: nothing is started for it, and no password is printed', async () => {
  const lines: string[] = [];
  const stores = await startStores({
    dataDir: join(folder.path, 'never-made'),
    redisUrl: 'redis://a',
    databaseUrl: 'postgres://user:secret@b/c',
    mongoUrl: 'mongodb://d',
    progress: (line) => lines.push(line),
  });
  expect(stores).toMatchObject({
    redisUrl: 'redis://a',
    databaseUrl: 'postgres://user:secret@b/c',
    mongoUrl: 'mongodb://d',
  });
  expect(lines.join()).not.toContain('secret');
  expect(living()).toEqual([]);
  await stores.stop();
});

test('if one cannot start, the others are stopped again and the folder is free', async () => {
  await writeFile(join(folder.path, 'postgres'), 'in the way');
  await expect(startStores({ dataDir: folder.path })).rejects.toMatchObject({ code: 'folder_unusable' });
  expect(living()).toEqual([]);
  await expect(startStores({ dataDir: folder.path })).rejects.toMatchObject({ code: 'folder_unusable' });
});

/** Another process that starts the stores, writes a mark, and waits to be killed. */
async function startElsewhere(): Promise<ChildProcess> {
  const entry = new URL('./index.ts', import.meta.url).href;
  const script = `
    const { startStores } = await import(${JSON.stringify(entry)});
    const stores = await startStores({ dataDir: ${JSON.stringify(folder.path)} });
    process.send(stores);
    setInterval(() => undefined, 1000);
  `;
  const child = spawn(process.execPath, ['--import', 'tsx', '--input-type=module', '-e', script], {
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
  });
  const stores = await new Promise<Stores>((resolve, reject) => {
    child.once('message', (message) => resolve(message as Stores));
    child.once('exit', (code) => reject(new Error(`ended with ${code} before its stores were up`)));
  });
  await writeMark(stores, 'of the killed run');
  return child;
}

/** The stores' own processes; a shell or the parent that only names the folder is not one. */
const storeProcesses = () =>
  living().filter(({ args }) => !/(^|\/)sh$/.test(args[0] ?? '') && !args.includes('tsx'));

test('when their owner is killed, all three end by themselves within 10 s', async () => {
  const socketFolders = () => readdirSync(tmpdir()).filter((name) => name.startsWith('seatwire-mongo-'));
  const before = new Set(socketFolders());
  const owner = await startElsewhere();
  const [ours] = socketFolders().filter((name) => !before.has(name));
  expect(storeProcesses().length).toBeGreaterThanOrEqual(3);
  owner.kill('SIGKILL');
  await exitOf(owner);
  expect(await waitUntil(() => storeProcesses().length === 0, 10_000)).toBe(true);
  expect(socketFolders()).not.toContain(ours);
  const next = await startStores({ dataDir: folder.path });
  expect(await readMarks(next)).toEqual(Array(3).fill('of the killed run'));
  await next.stop();
});

test('what a killed run left behind is ended at the next start, and its data kept', async () => {
  const owner = await startElsewhere();
  const left = storeProcesses();
  const pids = new Set(left.map((process) => process.pid));
  // Killed together with the shells that would end the stores; MongoDB, which would end itself, is held still meanwhile.
  const mongo = left.find(({ args }) => args.some((arg) => arg.endsWith('mongo-child.mjs')));
  signal(mongo?.pid as number, 'SIGSTOP');
  for (const guard of findProcesses(
    ({ args }) => args.some((arg) => arg.startsWith('read -r _')) && pids.has(Number(args.at(-2))),
  )) {
    signal(guard.pid, 'SIGKILL');
  }
  owner.kill('SIGKILL');
  await exitOf(owner);
  const survivors = storeProcesses().map((process) => process.pid);
  expect(survivors.sort()).toEqual([...pids].sort());

  const next = await startStores({ dataDir: folder.path });
  expect(storeProcesses().filter((process) => pids.has(process.pid))).toEqual([]);
  expect(await readMarks(next)).toEqual(Array(3).fill('of the killed run'));
  await next.stop();
});
