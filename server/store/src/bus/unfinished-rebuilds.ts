/** A rebuild freezes its event first: it is noted here before, so that another worker finishes it should this one die. */
import { type EventId, eventId } from '@seatwire/protocol';
import type { Cluster, Redis } from 'ioredis';
import { UNFINISHED_REBUILDS } from './keys.ts';

export async function noteRebuild(redis: Redis | Cluster, event: EventId): Promise<void> {
  await redis.sadd(UNFINISHED_REBUILDS, event);
}

export async function forgetRebuild(redis: Redis | Cluster, event: EventId): Promise<void> {
  await redis.srem(UNFINISHED_REBUILDS, event);
}

export async function unfinishedRebuilds(redis: Redis | Cluster): Promise<readonly EventId[]> {
  const members = await redis.smembers(UNFINISHED_REBUILDS);
  return members.flatMap((member) => {
    const read = eventId.safeParse(member);
    return read.success ? [read.data] : [];
  });
}
