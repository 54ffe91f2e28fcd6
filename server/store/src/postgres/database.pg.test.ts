import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import { sql } from 'slonik';
import { afterAll, afterEach, beforeAll, describe, expect, onTestFinished, test, vi } from 'vitest';
import { z } from 'zod';
import { type FaultyLine, faultyLine, type TestDatabase, testDatabase } from '../testing/index.ts';
import { samplePurchase, sampleSale } from '../testing/sample-sale.ts';
import { closeDatabase, type Database, openDatabase, pingDatabase } from './database.ts';
import { flushPurchases } from './flush-purchases.ts';
import { salesOf } from './orders.ts';

let database: TestDatabase;
let line: FaultyLine;
const open: Database[] = [];
beforeAll(async () => {
  database = await testDatabase();
  line = await faultyLine(database.url);
});
afterEach(async () => {
  line.mend();
  for (const db of open.splice(0)) await closeDatabase(db);
});
afterAll(async () => {
  await line.close();
  await database.drop();
});

async function opened(url: string, options?: Parameters<typeof openDatabase>[1]): Promise<Database> {
  const db = await openDatabase(url, options);
  open.push(db);
  return db;
}

const unavailable = (promise: Promise<unknown>) =>
  expect(promise).rejects.toMatchObject({
    name: 'Unavailable',
    dependency: 'postgres',
    cause: expect.any(Error),
  });

describe('what Postgres does not answer is Unavailable', () => {
  test('a server that is not there, until it is', async () => {
    const db = await opened('postgres://nobody@127.0.0.1:1/none');
    await unavailable(pingDatabase(db));
    await unavailable(db.transaction(async () => 1));
  });

  test('a statement that takes too long', async () => {
    const db = await opened(database.url, { statementTimeoutMs: 100 });
    await unavailable(db.query(sql.unsafe`select pg_sleep(5)`));
    await pingDatabase(db);
  });

  test('a connection that is ended, idle, at work or in a transaction', async () => {
    const db = await opened(database.url, { max: 2, name: 'victim' });
    const kill = await killerOf(database.url, 'victim');
    const killed = async (state: string) => expect.poll(() => kill(state)).toBeGreaterThan(0);

    await pingDatabase(db);
    await killed('idle');
    await expect
      .poll(() =>
        pingDatabase(db).then(
          () => 'well',
          () => 'ill',
        ),
      )
      .toBe('well');

    const working = unavailable(db.query(sql.unsafe`select pg_sleep(20)`));
    await killed('active');
    await working;
    await pingDatabase(db);

    const between = unavailable(
      db.transaction(async (tx) => {
        await tx.query(sql.unsafe`select 1`);
        await killed('idle in transaction');
        await tx.query(sql.unsafe`select 1`);
      }),
    );
    await between;
    await pingDatabase(db);
  });

  test('a server that falls silent: every call settles within its deadline, and all is well once it speaks', async () => {
    const db = await opened(line.url, { max: 2, connectTimeoutMs: 500, statementTimeoutMs: 300 });
    await pingDatabase(db);
    line.swallow();
    const from = performance.now();
    const calls = Array.from({ length: 6 }, (_, i) =>
      i % 2 ? pingDatabase(db) : db.transaction((tx) => tx.query(sql.unsafe`select 1`)),
    );
    for (const outcome of await Promise.allSettled(calls)) {
      expect(outcome).toMatchObject({
        status: 'rejected',
        reason: { name: 'Unavailable', dependency: 'postgres' },
      });
    }
    // A wait of 0.8 s at most, then 0.5 s to connect or 0.3 s and a second of grace for the statement; and a slow machine.
    expect(performance.now() - from).toBeLessThan(5_000);
    line.mend();
    await pingDatabase(db);
  });

  test('a storm of lost connections, some in the instant they are made: every call settles, no connection is leaked', async () => {
    const db = await opened(database.url, { name: 'storm' });
    const kill = await killerOf(database.url, 'storm');
    const calls = Array.from({ length: 300 }, () =>
      db.transaction(async (tx) => {
        await tx.query(sql.unsafe`select pg_sleep(0.01)`);
        await tx.query(sql.unsafe`select pg_sleep(0.01)`);
      }),
    );
    const settled = Promise.allSettled(calls);
    let over = false;
    void settled.then(() => {
      over = true;
    });
    while (!over) await kill();
    const lost = (await settled).flatMap((call) => (call.status === 'rejected' ? [call.reason] : []));
    expect(lost.length).toBeGreaterThan(0);
    for (const error of lost) expect(error).toMatchObject({ name: 'Unavailable', dependency: 'postgres' });
    // All ten connections can be had at once, as soon as the last kill has come to those it was meant for: Postgres does not wait for them.
    await expect.poll(() => db.state().pendingDestroyConnections).toBe(0);
    const allTen = () =>
      Promise.all(Array.from({ length: 10 }, () => db.query(sql.unsafe`select pg_sleep(0.2)`)));
    expect(await vi.waitFor(allTen, { timeout: 10_000 })).toHaveLength(10);
  });

  test('a database that was closed, also under a query', async () => {
    const db = await openDatabase(database.url);
    const cut = unavailable(db.query(sql.unsafe`select pg_sleep(20)`));
    await expect.poll(() => db.state().acquiredConnections).toBe(1);
    await closeDatabase(db);
    await cut;
    await expect(pingDatabase(db)).rejects.toMatchObject({ name: 'Unavailable', dependency: 'postgres' });
  });

  test('more calls than may wait are turned away at once', async () => {
    const db = await opened(database.url, { max: 1 });
    const calls = Array.from({ length: 150 }, () => db.query(sql.unsafe`select pg_sleep(0.01)`));
    const outcomes = await Promise.allSettled(calls);
    const refused = outcomes.filter(({ status }) => status === 'rejected');
    expect(refused).toHaveLength(49);
    for (const { reason } of refused as PromiseRejectedResult[])
      expect(reason).toMatchObject({ name: 'Unavailable', dependency: 'postgres' });
  });
});

describe('connections whose peer is gone without a word', () => {
  const answers = (db: Database) =>
    Promise.race([pingDatabase(db), sleep(250).then(() => Promise.reject())]).then(
      () => true,
      () => false,
    );

  test('idle connections whose peer is gone are all found and replaced without a query', async () => {
    const db = await opened(line.url, { max: 4, lineWatchMs: 50 });
    await Promise.all(Array.from({ length: 4 }, () => db.query(sql.unsafe`select pg_sleep(0.1)`)));
    line.halfOpen();
    await expect.poll(() => db.state().idleConnections, { timeout: 10_000 }).toBe(0);
    expect(await answers(db)).toBe(true);
  });

  test('the control: unwatched, the next that asks waits for its whole deadline', async () => {
    const db = await opened(line.url, { max: 1, lineWatchMs: 1_000_000 });
    await pingDatabase(db);
    line.halfOpen();
    await sleep(1_000);
    expect(await answers(db)).toBe(false);
  });

  test('a connection whose peer is gone under a statement fails within its deadline, and the next works', async () => {
    const db = await opened(line.url, { max: 1, statementTimeoutMs: 200 });
    await pingDatabase(db);
    line.halfOpen();
    await unavailable(pingDatabase(db));
    await expect.poll(() => answers(db), { timeout: 10_000 }).toBe(true);
  });

  test('connections whose answers come late are left alone', async () => {
    const db = await opened(line.url, { max: 1, lineWatchMs: 100 });
    await pingDatabase(db);
    const pid = sql.type(z.object({ pid: z.int() }))`select pg_backend_pid() as pid`;
    const before = await db.one(pid);
    let turn = 0;
    line.delay(() => [0, 150, 20, 100][turn++ % 4]!);
    for (let i = 0; i < 5; i++) {
      await sleep(120);
      expect(await db.one(pid)).toEqual(before);
    }
  });

  test("a connection in a transaction at rest is Postgres's to end, whose locks it keeps", async () => {
    const db = await opened(line.url, { max: 1, lineWatchMs: 30, statementTimeoutMs: 300 });
    await unavailable(
      db.transaction(async (tx) => {
        await sleep(1_000);
        await tx.query(sql.unsafe`select 1`);
      }),
    );
  });
});

test('a commit whose reply is lost is unknown, and flushing again finds it done', async () => {
  const straight = await opened(database.url);
  const db = await opened(line.url);
  const sale = await sampleSale(straight);
  const purchase = samplePurchase(sale, [1, 2]);
  await pingDatabase(db);
  line.cutAfter((sent) => sent.includes('COMMIT'));
  await unavailable(flushPurchases(db, [purchase]));
  await expect.poll(() => salesOf(straight, sale.event.id)).toMatchObject({ sold: 2 });
  line.mend();
  expect(await flushPurchases(db, [purchase])).toEqual([{ order: purchase.order, status: 'confirmed' }]);
  expect(await salesOf(straight, sale.event.id)).toMatchObject({ sold: 2 });
});

describe('rows', () => {
  test('rows that do not match their schema are an error at the query', async () => {
    const db = await opened(database.url);
    const text = sql.type(z.object({ n: z.string() }))`select 1 as n`;
    await expect(db.one(text)).rejects.toThrow('rows that do not conform');
  });

  test('rows have bigints as safe integers or not at all, and times as epoch ms', async () => {
    const db = await opened(database.url);
    const row = z.object({ n: z.int(), list: z.array(z.int()), at: z.int() });
    const max = Number.MAX_SAFE_INTEGER;
    expect(
      await db.one(sql.type(row)`
        select ${max}::bigint as n, array[1, ${max}]::bigint[] as list, '2026-01-02T03:04:05.678Z'::timestamptz as at`),
    ).toEqual({ n: max, list: [1, max], at: Date.UTC(2026, 0, 2, 3, 4, 5, 678) });
    await expect(db.one(sql.unsafe`select 9007199254740993::bigint as n`)).rejects.toThrow(/safe/);
    await pingDatabase(db);
  });
});

/** Ends the named connections to this database, in this state or in any; returns how many. */
async function killerOf(url: string, name: string): Promise<(state?: string) => Promise<number>> {
  const killer = new pg.Client(url);
  await killer.connect();
  onTestFinished(() => killer.end());
  const text = `
    with victims as materialized (
      select pid from pg_stat_activity
      where datname = current_database() and application_name = $1 and ($2::text is null or state = $2)
    )
    select pg_terminate_backend(pid) from victims`;
  return async (state) => (await killer.query(text, [name, state ?? null])).rowCount ?? 0;
}
