/**
 * Whether Postgres can do what the ledger is for: take writes, in a schema this program knows. One that answers may be a standby
 * after a fail-over, set to read only because its disk is full, or not migrated yet.
 */
import { sql } from 'slonik';
import { z } from 'zod';
import { Unavailable } from '../unavailable.ts';
import type { Database } from './database.ts';
import { newestMigration } from './migrate.ts';

let needed: Promise<number> | undefined;

/** Throws `Unavailable` unless purchases could be committed now. */
export async function probeLedger(db: Database): Promise<void> {
  needed ??= newestMigration();
  const [state, wanted] = await Promise.all([
    db.one(sql.type(stateRow)`
      select current_setting('transaction_read_only') = 'on' as read_only, coalesce(max(version), 0) as version
      from migrations`),
    needed,
  ]);
  if (state.read_only) throw new Unavailable('postgres', 'Postgres takes no writes: it is read only');
  if (state.version < wanted) {
    throw new Unavailable(
      'postgres',
      `The database is at migration ${state.version}; this program needs ${wanted}. A worker migrates it when it starts.`,
    );
  }
}

const stateRow = z.object({ read_only: z.boolean(), version: z.int() });
