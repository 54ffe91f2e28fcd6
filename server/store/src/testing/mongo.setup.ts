import { startMongo } from '@seatwire/embedded';
import type { TestProject } from 'vitest/node';
import { storeForTheRun } from './store-for-the-run.ts';

/** vitest global setup: a MongoDB, ended with the run. */
export default function setup(project: TestProject): Promise<() => Promise<void>> {
  return storeForTheRun(
    (dir) => startMongo({ dir }),
    (url) => project.provide('mongoUrl', url),
  );
}
