/**
 * The databases a test file gets: one Redis, Postgres or MongoDB process per test run (`*.setup.ts`, started by vitest
 * only when a selected test needs it), and inside it a corner of its own per test file, so files run side by side.
 *
 * - Redis: a numbered database per file. Channels are shared by all files: name them with something random.
 * - Postgres: a database cloned from one that was migrated once; a clone takes about 30 ms.
 * - MongoDB: a database per call.
 *
 * Imported by tests only. The setup files alone start processes, through @seatwire/embedded.
 */
import { randomUUID } from 'node:crypto';
import { inject } from 'vitest';
import { postgresClient } from '../postgres/client.ts';

export * from './faulty-line.ts';
export * from './sample-sale.ts';
export * from './used-tokens.ts';

declare module 'vitest' {
  export interface ProvidedContext {
    redisUrl: string;
    postgresUrl: string;
    mongoUrl: string;
  }
}

/** The database cloned for each test. A connection to it would block the cloning. */
export const TEMPLATE_DATABASE = 'seatwire_template';

/** Databases of the test Redis: at least one per test file. */
export const REDIS_DATABASES = 10_000;

export interface TestDatabase {
  readonly url: string;
  /** Ends every connection to it, too. Left alone, it goes when the run ends. */
  drop(): Promise<void>;
}

/** Redis, in `*.redis.test.ts` and `*.pg.test.ts`: the same database at each call in one file, empty at first. */
export function testRedisUrl(): string {
  return `${provided('redisUrl')}/${Number(process.env.VITEST_WORKER_ID) % REDIS_DATABASES}`;
}

/** A new, migrated Postgres database, in `*.pg.test.ts`. */
export async function testDatabase(): Promise<TestDatabase> {
  const maintenanceUrl = provided('postgresUrl');
  const name = `test_${randomUUID().replaceAll('-', '')}`;
  await query(maintenanceUrl, `create database ${name} template ${TEMPLATE_DATABASE}`);
  const url = new URL(maintenanceUrl);
  url.pathname = name;
  return { url: url.href, drop: () => query(maintenanceUrl, `drop database if exists ${name} with (force)`) };
}

/** A new, empty MongoDB database, in `*.mongo.test.ts`. */
export function testMongoUrl(): string {
  const url = new URL(provided('mongoUrl'));
  url.pathname = `test_${randomUUID().replaceAll('-', '')}`;
  return url.href;
}

function provided(key: 'redisUrl' | 'postgresUrl' | 'mongoUrl'): string {
  const url = inject(key);
  if (!url) throw new Error(`this test file's name does not ask for ${key}: see .ci/vitest.config.ts`);
  return url;
}

async function query(url: string, sql: string): Promise<void> {
  const client = postgresClient(url, {
    application_name: 'seatwire-test',
    connectionTimeoutMillis: 10_000,
    query_timeout: 30_000,
  });
  client.on('error', () => undefined);
  await client.connect();
  try {
    await client.query(sql);
  } finally {
    await client.end();
  }
}
