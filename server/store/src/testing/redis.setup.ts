import { startRedis } from '@seatwire/embedded';
import type { TestProject } from 'vitest/node';
import { REDIS_DATABASES } from './index.ts';
import { storeForTheRun } from './store-for-the-run.ts';

/** vitest global setup: a Redis that keeps nothing, ended with the run. */
export default function setup(project: TestProject): Promise<() => Promise<void>> {
  const extraArgs = ['--databases', String(REDIS_DATABASES)];
  return storeForTheRun(
    (dir) => startRedis({ dir, appendfsync: 'no', extraArgs }),
    (url) => project.provide('redisUrl', url),
  );
}
