import { sql } from 'slonik';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { type TestDatabase, testDatabase } from '../testing/index.ts';
import { closeDatabase, type Database, openDatabase, pingDatabase } from './database.ts';
import { probeLedger } from './ledger-probe.ts';
import { LedgerUnavailable } from './ledger-unavailable.ts';

let database: TestDatabase;
let db: Database;
beforeEach(async () => {
  database = await testDatabase();
  db = await openDatabase(database.url);
});
afterEach(async () => {
  await closeDatabase(db);
  await database.drop();
});

test('a ledger that takes writes, in the newest schema, is ready', async () => {
  await probeLedger(db);
});

test('[CB54] a ledger that is read only answers, and is not ready', async () => {
  const name = new URL(database.url).pathname.slice(1);
  await db.query(sql.unsafe`alter database ${sql.identifier([name])} set default_transaction_read_only = on`);
  await closeDatabase(db);
  db = await openDatabase(database.url);
  await pingDatabase(db);
  await expect(probeLedger(db)).rejects.toThrow(LedgerUnavailable);
});

test('[CB54] a ledger that is not migrated yet answers, and is not ready', async () => {
  await db.query(sql.unsafe`delete from migrations where version > 1`);
  await pingDatabase(db);
  await expect(probeLedger(db)).rejects.toThrow('at migration 1');
  await db.query(sql.unsafe`drop table migrations`);
  await expect(probeLedger(db)).rejects.toThrow();
});

test('a ledger of a newer program is ready', async () => {
  await db.query(sql.unsafe`insert into migrations (version, name, checksum) values (9999, 'x', 'x')`);
  await probeLedger(db);
});
