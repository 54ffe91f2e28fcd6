/**
 * Brings a database to the newest schema. Migrations are numbered, append-only `.sql` files; each runs in a transaction of its
 * own that first inserts its version row. Any number of processes may start at once: one migrates, the others wait.
 */
import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import pg from 'pg';
import { postgresClient } from './client.ts';
import { asLedgerError } from './ledger-error.ts';

export interface MigrateOptions {
  readonly progress?: (line: string) => void;
  /** Where the files are; for tests. */
  readonly folder?: URL;
}

/** `changed`: a file that has run differs from what ran. `failed`: a file's SQL was refused. `misnumbered`: the files are. */
export class MigrationError extends Error {
  override readonly name = 'MigrationError';
  readonly code: 'changed' | 'failed' | 'misnumbered';

  constructor(code: MigrationError['code'], message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }
}

const FOLDER = new URL('./migrations/', import.meta.url);
/** Any number that no other program locks. */
const LOCK = 7_287_328_947;
/** How long a second runner waits for the first. */
const WAIT_MS = 300_000;

interface Migration {
  readonly version: number;
  readonly name: string;
  readonly text: string;
  readonly checksum: string;
}

/** Throws `MigrationError`, or `Unavailable` when Postgres is lost on the way: the migrations that ran are kept, so run it again. */
export async function migrate(url: string, options: MigrateOptions = {}): Promise<void> {
  const { progress = () => undefined, folder = FOLDER } = options;
  const migrations = await readMigrations(folder);
  const client = postgresClient(url, {
    application_name: 'seatwire-migrate',
    connectionTimeoutMillis: 5_000,
    query_timeout: WAIT_MS + 10_000,
  });
  // Reported by the query under way as well; unheard, it would end the process.
  client.on('error', () => undefined);
  try {
    await client.connect();
    await client.query(`set lock_timeout = ${WAIT_MS}`);
    await client.query('select pg_advisory_lock($1)', [LOCK]);
    await client.query(`create table if not exists migrations (
      version integer primary key, name text not null, checksum text not null, applied_at timestamptz not null default now())`);
    const applied = await client.query<{ version: number; checksum: string }>(
      'select version, checksum from migrations',
    );
    const checksums = new Map(applied.rows.map((row) => [row.version, row.checksum]));
    for (const migration of migrations) {
      const checksum = checksums.get(migration.version);
      if (checksum === undefined) await apply(client, migration, progress);
      else checkUnchanged(migration, checksum);
    }
    const newer = [...checksums.keys()].filter((version) => version > migrations.length);
    if (newer.length > 0) {
      progress(
        `The database is at ${Math.max(...newer)}, newer than this program's ${migrations.length}; left as it is.`,
      );
    }
  } catch (error) {
    throw asLedgerError(error);
  } finally {
    // Ends the session, and its lock with it.
    await client.end().catch(() => undefined);
  }
}

/** The migration that this program needs a database to be at, or beyond. */
export async function newestMigration(): Promise<number> {
  return (await readMigrations(FOLDER)).length;
}

async function apply(
  client: pg.Client,
  migration: Migration,
  progress: (line: string) => void,
): Promise<void> {
  progress(`Migrating the database: ${migration.name}`);
  await client.query('begin');
  try {
    await client.query('insert into migrations (version, name, checksum) values ($1, $2, $3)', [
      migration.version,
      migration.name,
      migration.checksum,
    ]);
    await client.query(migration.text);
    await client.query('commit');
  } catch (error) {
    await client.query('rollback').catch(() => undefined);
    if (!(error instanceof pg.DatabaseError) || asLedgerError(error) !== error) throw error;
    throw new MigrationError('failed', `${migration.name} was refused: ${error.message}`, { cause: error });
  }
}

function checkUnchanged(migration: Migration, checksum: string): void {
  if (migration.checksum === checksum) return;
  throw new MigrationError(
    'changed',
    `${migration.name} has run on this database in another form. Migrations are append-only: restore the file, and put the change into a new one. (Demo data may go: start with --reset.)`,
  );
}

async function readMigrations(folder: URL): Promise<Migration[]> {
  const names = (await readdir(folder)).filter((name) => name.endsWith('.sql')).sort();
  return Promise.all(
    names.map(async (name, index) => {
      const version = Number(/^(\d{4})_[a-z0-9_]+\.sql$/.exec(name)?.[1]);
      if (version !== index + 1) {
        throw new MigrationError(
          'misnumbered',
          `${name}: expected number ${index + 1}, and a name like 0001_noun.sql`,
        );
      }
      // Line endings are the checkout's business, not the migration's.
      const text = (await readFile(new URL(name, folder), 'utf8')).replaceAll('\r\n', '\n');
      return { version, name, text, checksum: createHash('sha256').update(text).digest('hex') };
    }),
  );
}
