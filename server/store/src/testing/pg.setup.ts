import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import pg from 'pg';
import type { TestProject } from 'vitest/node';
import { startPostgres } from '../embedded/index.ts';
import { TEMPLATE_DATABASE } from './index.ts';
import { temporaryFolder } from './temporary-folder.ts';

/** vitest global setup: a Postgres with one migrated database to clone, ended with the run. */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const folder = await temporaryFolder();
  const postgres = await startPostgres({ dir: folder.path, fsync: false });
  await createTemplate(postgres.url);
  project.provide('postgresUrl', postgres.url);
  return async () => {
    await postgres.stop();
    await folder.remove();
  };
}

async function createTemplate(url: string): Promise<void> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    await client.query(`create database ${TEMPLATE_DATABASE}`);
    const template = new URL(url);
    template.pathname = TEMPLATE_DATABASE;
    await migrateTemplate(template.href);
    // A database with anyone connected to it cannot be cloned.
    await client.query(`alter database ${TEMPLATE_DATABASE} with allow_connections false is_template true`);
  } finally {
    await client.end();
  }
}

async function migrateTemplate(url: string): Promise<void> {
  const module = new URL('../postgres/migrate.ts', import.meta.url).href;
  if (!existsSync(fileURLToPath(module))) return;
  const { migrate } = (await import(module)) as { migrate(databaseUrl: string): Promise<void> };
  await migrate(url);
}
