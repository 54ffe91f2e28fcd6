/** A server that meets an event without Redis state asks a worker to rebuild it; at most once in ten seconds for each event. */
import { type EventId, eventId } from '@seatwire/protocol';
import type { Cluster, Redis } from 'ioredis';
import { REBUILD_REQUESTS, rebuildAsked } from './keys.ts';

const ASK_AGAIN_MS = 10_000;

/** True when this call put the request on the list; false when one is there already. */
export async function requestRebuild(redis: Redis | Cluster, event: EventId): Promise<boolean> {
  const first = await redis.set(rebuildAsked(event), '1', 'PX', ASK_AGAIN_MS, 'NX');
  if (first !== 'OK') return false;
  await redis.lpush(REBUILD_REQUESTS, event);
  return true;
}

/** The oldest request; null when none came within `waitSeconds`. `connection` must be one for blocking reads. */
export async function takeRebuildRequest(
  connection: Redis | Cluster,
  waitSeconds: number,
): Promise<EventId | null> {
  const taken = await connection.brpop(REBUILD_REQUESTS, waitSeconds);
  const read = eventId.safeParse(taken?.[1]);
  return read.success ? read.data : null;
}
