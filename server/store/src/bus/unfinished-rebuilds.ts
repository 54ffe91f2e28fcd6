/**
 * A rebuild is noted here before it freezes its event, and again and again while it lasts. An old note means that its worker died:
 * another worker finishes the rebuild.
 */
import { type EventId, eventId } from '@seatwire/protocol';
import type { Cluster, Redis } from 'ioredis';
import { UNFINISHED_REBUILDS } from './keys.ts';

export async function noteRebuild(redis: Redis | Cluster, event: EventId, now = Date.now()): Promise<void> {
  await redis.zadd(UNFINISHED_REBUILDS, now, event);
}

export async function forgetRebuild(redis: Redis | Cluster, event: EventId): Promise<void> {
  await redis.zrem(UNFINISHED_REBUILDS, event);
}

/** Those last noted before `before`, epoch ms. */
export async function unfinishedRebuilds(
  redis: Redis | Cluster,
  before: number,
): Promise<readonly EventId[]> {
  const members = await redis.zrangebyscore(UNFINISHED_REBUILDS, '-inf', before);
  return members.flatMap((member) => {
    const read = eventId.safeParse(member);
    return read.success ? [read.data] : [];
  });
}
