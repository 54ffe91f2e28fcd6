/** How many sockets each server has in each room, told every second. A lost message costs a second: the next one says it all again. */
import { eventId, type Presence } from '@seatwire/protocol';
import type { Cluster, Redis } from 'ioredis';
import { z } from 'zod';
import { listenTo } from './channel.ts';
import { PRESENCE_CHANNEL } from './keys.ts';

const presences = z.array(z.object({ server: z.string(), event: eventId, viewers: z.int().min(0) }));

export async function publishPresence(redis: Redis | Cluster, counts: readonly Presence[]): Promise<void> {
  await redis.publish(PRESENCE_CHANNEL, JSON.stringify(counts));
}

/** `connection` must be in subscriber mode. */
export function listenToPresence(
  connection: Redis | Cluster,
  heard: (counts: readonly Presence[]) => void,
  malformed: (error: unknown) => void,
): Promise<() => Promise<void>> {
  return listenTo(connection, PRESENCE_CHANNEL, (text) => {
    let counts: readonly Presence[];
    try {
      counts = presences.parse(JSON.parse(text));
    } catch (error) {
      malformed(error);
      return;
    }
    heard(counts);
  });
}
