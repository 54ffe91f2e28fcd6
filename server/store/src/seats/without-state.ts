import type { EventId } from '@seatwire/protocol';
import type { RedisClient } from './connections.ts';
import { eventKeys } from './keys.ts';

const AT_ONCE = 1_000;

/** Those of the events that have no state in Redis: rebuild them. One EXISTS each, so it may be asked often. */
export async function withoutState(
  redis: RedisClient,
  events: readonly EventId[],
  partitions: number,
): Promise<EventId[]> {
  const missing: EventId[] = [];
  for (let from = 0; from < events.length; from += AT_ONCE) {
    const some = events.slice(from, from + AT_ONCE);
    const there = await Promise.all(some.map((event) => redis.exists(eventKeys(event, partitions).state)));
    missing.push(...some.filter((_, i) => there[i] === 0));
  }
  return missing;
}
