import type { TestProject } from 'vitest/node';
import { startRedis } from '../embedded/index.ts';
import { REDIS_DATABASES } from './index.ts';
import { temporaryFolder } from './temporary-folder.ts';

/** vitest global setup: a Redis that keeps nothing, ended with the run. */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const folder = await temporaryFolder();
  const redis = await startRedis({
    dir: folder.path,
    appendfsync: 'no',
    extraArgs: ['--databases', String(REDIS_DATABASES)],
  });
  project.provide('redisUrl', redis.url);
  return async () => {
    await redis.stop();
    await folder.remove();
  };
}
