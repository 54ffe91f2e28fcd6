import type { TestProject } from 'vitest/node';
import { startMongo } from '../embedded/index.ts';
import { temporaryFolder } from './temporary-folder.ts';

/** vitest global setup: a MongoDB, ended with the run. */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const folder = await temporaryFolder();
  const mongo = await startMongo({ dir: folder.path });
  project.provide('mongoUrl', mongo.url);
  return async () => {
    await mongo.stop();
    await folder.remove();
  };
}
