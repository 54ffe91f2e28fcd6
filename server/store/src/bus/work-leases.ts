/**
 * Shares repeated work among workers: one takes the lease and does the work, the others skip it until the lease expires. A lease is
 * never given back early. It only saves work: the work must stay right when two workers do it.
 */
import type { Cluster, Redis } from 'ioredis';
import { workLease } from './keys.ts';

/** `holder` is stored for debugging only. */
export async function takeWorkLease(
  redis: Redis | Cluster,
  work: string,
  holder: string,
  lastsMs: number,
): Promise<boolean> {
  return (await redis.set(workLease(work), holder, 'PX', lastsMs, 'NX')) === 'OK';
}
