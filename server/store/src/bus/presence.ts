/** How many people look at each room of each server, told every second. A lost message costs a second: the next one says it all again. */
import { eventId } from '@seatwire/protocol';
import type { Cluster, Redis } from 'ioredis';
import { z } from 'zod';
import { listenTo } from './channel.ts';
import { PRESENCE_CHANNEL } from './keys.ts';

/** What a server tells the others of a room: they sum the viewers. */
const presence = z.object({ server: z.string(), event: eventId, viewers: z.int().min(0) });
export type Presence = Readonly<z.output<typeof presence>>;

export async function publishPresence(redis: Redis | Cluster, counts: readonly Presence[]): Promise<void> {
  await redis.publish(PRESENCE_CHANNEL, JSON.stringify(counts));
}

/** `connection` must be in subscriber mode. */
export function listenToPresence(
  connection: Redis | Cluster,
  heard: (counts: readonly Presence[]) => void,
  malformed: (error: unknown) => void,
): Promise<() => Promise<void>> {
  return listenTo(connection, PRESENCE_CHANNEL, z.array(presence), heard, malformed);
}
