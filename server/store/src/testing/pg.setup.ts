import { startPostgres } from '@seatwire/embedded';
import type { TestProject } from 'vitest/node';
import { postgresClient } from '../postgres/client.ts';
import { migrate } from '../postgres/migrate.ts';
import { TEMPLATE_DATABASE } from './index.ts';
import { storeForTheRun } from './store-for-the-run.ts';

/** vitest global setup: a Postgres with one migrated database to clone, ended with the run. */
export default function setup(project: TestProject): Promise<() => Promise<void>> {
  return storeForTheRun(
    (dir) => startPostgres({ dir, fsync: false }),
    async (url) => {
      await createTemplate(url);
      project.provide('postgresUrl', url);
    },
  );
}

async function createTemplate(url: string): Promise<void> {
  const client = postgresClient(url, { application_name: 'seatwire-test' });
  await client.connect();
  try {
    await client.query(`create database ${TEMPLATE_DATABASE}`);
    const template = new URL(url);
    template.pathname = TEMPLATE_DATABASE;
    await migrate(template.href);
    // A database with anyone connected to it cannot be cloned.
    await client.query(`alter database ${TEMPLATE_DATABASE} with allow_connections false is_template true`);
  } finally {
    await client.end();
  }
}
