/** Tells every server that a sign-in has ended, so that its sockets close and its access tokens are refused. */
import { userId } from '@seatwire/protocol';
import type { Cluster, Redis } from 'ioredis';
import { z } from 'zod';
import { listenTo } from './channel.ts';
import { SESSIONS_CHANNEL } from './keys.ts';

const signOut = z.object({
  user: userId,
  /** The refresh family that ended; null: all of the user's. */
  session: z.string().nullable(),
});
export type SignOut = z.output<typeof signOut>;

export async function publishSignOut(redis: Redis | Cluster, ended: SignOut): Promise<void> {
  await redis.publish(SESSIONS_CHANNEL, JSON.stringify(ended));
}

/** `connection` must be in subscriber mode. */
export function listenToSignOuts(
  connection: Redis | Cluster,
  heard: (ended: SignOut) => void,
  malformed: (error: unknown) => void,
): Promise<() => Promise<void>> {
  return listenTo(connection, SESSIONS_CHANNEL, signOut, heard, malformed);
}
