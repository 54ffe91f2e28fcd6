/**
 * Slonik's driver, over `pg`. It differs from the packaged one in that every query has a deadline of our own (a server that
 * is frozen, or a network that swallows packets, answers no statement timeout), type ids are known instead of looked up over
 * an extra connection, a lost connection is always reported as one, so that slonik never tries to roll back on it, and a connection
 * at rest is asked for a sign of life now and then, so that one whose peer is gone is found before a query needs it.
 */
import { Socket } from 'node:net';
import pg from 'pg';
import {
  BackendTerminatedError,
  createDriverFactory,
  type DriverFactory,
  UnexpectedStateError,
} from 'slonik';
import { SILENT_ROUNDS } from '../dead-peer.ts';
import { postgresClient } from './client.ts';
import { meansUnavailable } from './ledger-error.ts';

const INT8 = 20;
const INT8_ARRAY = 1016;
const TIMESTAMPTZ = 1184;

/** bigint columns hold counts and minor units: numbers, and never silently rounded ones. */
function safeInteger(text: string): number {
  const value = Number(text);
  if (!Number.isSafeInteger(value)) throw new RangeError(`${text} is beyond the safe integers`);
  return value;
}

const parseInt8Array = (text: string): (number | null)[] =>
  text === '{}'
    ? []
    : text
        .slice(1, -1)
        .split(',')
        .map((item) => (item === 'NULL' ? null : safeInteger(item)));

const PARSERS: Readonly<Record<number, (text: string) => unknown>> = {
  [INT8]: safeInteger,
  [INT8_ARRAY]: parseInt8Array,
  /** Epoch ms. */
  [TIMESTAMPTZ]: (text) => new Date(text).getTime(),
};

/** FATAL: the server ends the session after it. What is not the server's error at all is the loss of the connection. */
const endsConnection = (error: unknown): error is Error =>
  error instanceof pg.DatabaseError ? error.severity === 'FATAL' : meansUnavailable(error);

export interface DriverOptions {
  readonly name: string;
  readonly connectMs: number;
  readonly statementMs: number;
  /** Between two looks at whether the peer of a connection at rest is still there. */
  readonly lineWatchMs: number;
}

/** A little longer than the server's own statement timeout, whose error says more. */
const GRACE_MS = 1_000;

export function postgresDriver(options: DriverOptions): DriverFactory {
  return createDriverFactory(async ({ driverConfiguration }) => ({
    createPoolClient: async ({ clientEventEmitter }) => {
      const socket = new Socket();
      const client = postgresClient(driverConfiguration.connectionUri, {
        stream: () => socket,
        application_name: options.name,
        connectionTimeoutMillis: options.connectMs,
        statement_timeout: options.statementMs,
        idle_in_transaction_session_timeout: options.statementMs,
        keepAlive: true,
        types: {
          getTypeParser: (oid: number, format?: 'text' | 'binary') =>
            PARSERS[oid] ?? pg.types.getTypeParser(oid, format as 'text'),
        } as pg.CustomTypesConfig,
      });
      // Later, since a connection may die in the same instant as it is made, and the pool, which only then begins to listen,
      // would keep it for ever. And not at all once the pool has let go of it: an unheard error ends the process.
      let ended = false;
      const lost = (error: Error) =>
        setImmediate(() => {
          if (!ended) clientEventEmitter.emit('error', new BackendTerminatedError(error));
        });
      client.on('error', lost);
      let inTransaction = false;
      const rest = watchedAtRest(client, socket, options.lineWatchMs);
      return {
        connect: async () => {
          await client.connect();
        },
        end: async () => {
          ended = true;
          // A peer that is gone does not say goodbye.
          const deadline = setTimeout(() => socket.destroy(), GRACE_MS);
          await client.end();
          clearTimeout(deadline);
        },
        query: async (text, values) => {
          await rest.end();
          // Fails the query, and the connection with it.
          const deadline = setTimeout(() => socket.destroy(), options.statementMs + GRACE_MS);
          try {
            const result = await client.query(text, values as unknown[] | undefined);
            return {
              command: result.command as 'SELECT',
              fields: result.fields.map((field) => ({ dataTypeId: field.dataTypeID, name: field.name })),
              rowCount: result.rowCount ?? 0,
              rows: result.rows,
            };
          } catch (error) {
            if (endsConnection(error)) throw new BackendTerminatedError(error);
            throw error;
          } finally {
            clearTimeout(deadline);
            if (/^(begin|start transaction)\b/i.test(text)) inTransaction = true;
            if (/^(commit|rollback)\b(?! to\b)/i.test(text)) inTransaction = false;
            // A transaction at rest is Postgres's to end: a sign of life would keep its locks.
            if (!inTransaction) rest.begin();
          }
        },
        stream: () => {
          throw new UnexpectedStateError('This driver does not stream: page instead.');
        },
      };
    },
  }));
}

/** While it rests, an empty query now and then; unanswered, the socket is destroyed and the pool hears of it. */
function watchedAtRest(client: pg.Client, socket: Socket, everyMs: number) {
  let asked: Promise<unknown> = Promise.resolve();
  let timer: NodeJS.Timeout | undefined;
  const ask = (): void => {
    const dead = setTimeout(() => socket.destroy(), SILENT_ROUNDS * everyMs);
    asked = client
      .query('')
      .then(begin, () => {})
      .finally(() => clearTimeout(dead));
  };
  function begin(): void {
    clearTimeout(timer);
    timer = setTimeout(ask, everyMs);
    timer.unref();
  }
  socket.on('close', () => clearTimeout(timer));
  return {
    begin,
    /** Resolves once the client is free for a query. */
    async end(): Promise<void> {
      clearTimeout(timer);
      await asked;
      clearTimeout(timer);
    },
  };
}
