/**
 * Whether Redis takes writes, which is what selling needs: one that answers PING may be a replica, out of memory, unable to save, or
 * short of replicas, and refuses every hold. So it is asked with a write of the kind that it refuses first.
 */
import { orUnavailable } from '../redis/unavailable.ts';
import { isCluster, type RedisClient } from './connections.ts';
import { probeKey } from './keys.ts';

/** The key goes by itself: nothing is left of a program that is gone. */
const KEPT_MS = 60_000;

/** Throws `Unavailable` unless the events of every partition could be sold now. */
export async function probeWrites(redis: RedisClient, partitions: number): Promise<void> {
  // One Redis refuses for all partitions or for none; the masters of a cluster refuse one by one.
  const asked = isCluster(redis) ? partitions : 1;
  const writes = Array.from({ length: asked }, (_, partition) =>
    redis.set(probeKey(partition), '', 'PX', KEPT_MS),
  );
  await orUnavailable(Promise.all(writes));
}
