/**
 * The ledger: what Postgres has committed is what is true, and everything else is rebuilt from it.
 *
 * One file a noun; each function is one statement or one transaction, takes the `Database` first, and answers outcomes as
 * values. Rows are parsed by the schema beside their query, so a column that changed is an error at the query and nowhere else.
 * A lost connection or a passed deadline throws `Unavailable`, always with its cause: the outcome is unknown, and every
 * function may be called again. Nothing is retried in here, since only the caller knows what else hangs on it.
 *
 * Concurrency: any number of processes. Rules that must hold between them are constraints of the schema (migrations/), above
 * all the unique index over live tickets. Imports: @seatwire/protocol and the seat store's contract.
 */
import {
  createPool,
  type DatabasePool,
  type Interceptor,
  type QueryResultRow,
  SchemaValidationError,
  sql,
} from 'slonik';
import { z } from 'zod';
import { LINE_WATCH_MS } from '../dead-peer.ts';
import { Admission } from './admission.ts';
import { postgresDriver } from './driver.ts';
import { asLedgerError, meansUnavailable } from './ledger-error.ts';

export type Database = DatabasePool;

export interface DatabaseOptions {
  /** Most connections; 10 if left out. */
  readonly max?: number;
  /** 5 s if left out. */
  readonly connectTimeoutMs?: number;
  /** 8 s if left out. A connection that is silent for a second more is cut. */
  readonly statementTimeoutMs?: number;
  /** Shown in pg_stat_activity. */
  readonly name?: string;
  /** See dead-peer.ts. */
  readonly lineWatchMs?: number;
}

/** Calls that may wait for a connection, per connection. */
const WAITING_PER_CONNECTION = 100;

/** Does not connect yet: a process may start, and show maps, while Postgres is away. `pingDatabase` says how it is. */
export async function openDatabase(url: string, options: DatabaseOptions = {}): Promise<Database> {
  const { max = 10, connectTimeoutMs = 5_000, statementTimeoutMs = 8_000, name = 'seatwire' } = options;
  const { lineWatchMs = LINE_WATCH_MS } = options;
  const pool = await createPool(url, {
    driverFactory: postgresDriver({
      name,
      connectMs: connectTimeoutMs,
      statementMs: statementTimeoutMs,
      lineWatchMs,
    }),
    interceptors: [rowSchemas],
    maximumPoolSize: max,
    idleTimeout: 60_000,
    // How long a connection with a query under way is spared when it must go.
    gracefulTerminationTimeout: 100,
    connectionRetryLimit: 0,
    queryRetryLimit: 0,
    transactionRetryLimit: 0,
    // Nothing in this package sets session state, so there is none to discard; the default costs a round trip a call.
    resetConnection: async () => undefined,
  });
  // Unheard, the loss of an idle connection would end the process. The next query reports what matters.
  pool.on('error', () => undefined);
  return guarded(
    pool,
    new Admission(max, max * WAITING_PER_CONNECTION, connectTimeoutMs + statementTimeoutMs),
  );
}

/** Cuts what is still under way after a moment. Calls from now on throw `Unavailable`. */
export async function closeDatabase(db: Database): Promise<void> {
  await db.end().catch((error: unknown) => {
    // A query that was cut fails the end as well, which is no failure to end.
    if (!meansUnavailable(error)) throw error;
  });
}

/** Throws `Unavailable` unless Postgres answers. */
export async function pingDatabase(db: Database): Promise<void> {
  await db.query(sql.type(z.object({ one: z.literal(1) }))`select 1 as one`);
}

/** Slonik types rows by their schema but does not look at them; this does. */
const rowSchemas: Interceptor = {
  name: 'row-schemas',
  transformRow: ({ resultParser }, query, row): QueryResultRow => {
    if (!resultParser) return row;
    const parsed = resultParser.safeParse(row);
    if (!parsed.success) throw new SchemaValidationError(query, row, parsed.error.issues as never);
    return parsed.data as QueryResultRow;
  },
};

const CALLS = [
  'any',
  'anyFirst',
  'connect',
  'exists',
  'many',
  'manyFirst',
  'maybeOne',
  'maybeOneFirst',
  'one',
  'oneFirst',
  'query',
  'transaction',
] as const;

/** The same pool, whose calls wait their turn within bounds and fail with `Unavailable` where the connection did. */
function guarded(pool: DatabasePool, admission: Admission): DatabasePool {
  type Call = (...args: unknown[]) => Promise<unknown>;
  const calls = Object.fromEntries(
    CALLS.map((name) => {
      const call = pool[name] as Call;
      const guardedCall: Call = async (...args) => {
        try {
          return await admission.run(() => call(...args));
        } catch (error) {
          throw asLedgerError(error);
        }
      };
      return [name, guardedCall];
    }),
  );
  return Object.assign(Object.create(pool) as DatabasePool, calls);
}
