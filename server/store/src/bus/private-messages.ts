/** Private messages to users, and holds that changed: one PUBLISH carries an array of them as JSON. Neither is sent on as it is: it names buyers. */
import { eventId, holdId, messageSchema, opId, userId } from '@seatwire/protocol';
import type { Cluster, Redis } from 'ioredis';
import { z } from 'zod';
import { listenTo } from './channel.ts';
import { NEWS_CHANNEL } from './keys.ts';

/** Most of them in one PUBLISH: about 100 KB. */
const BATCH = 500;

/** A private message for every session of one user. */
const privateMessage = z.object({
  to: userId,
  message: z.union([messageSchema('order'), messageSchema('hold-ending'), messageSchema('hold-ended')]),
});
export type PrivateMessage = Readonly<z.output<typeof privateMessage>>;

/**
 * A hold changed and the map did not (extended, checked out, back from a declined payment), so there is no transition. Servers look
 * it up for the sessions they have of the buyer, but for the session whose command `op` was: what came first is never told last.
 */
const holdTouched = z.object({
  to: userId,
  touched: z.object({ event: eventId, hold: holdId }).readonly(),
  op: opId,
});
export type HoldTouched = Readonly<z.output<typeof holdTouched>>;

const schema = z.union([privateMessage, holdTouched]);
export type News = PrivateMessage | HoldTouched;

export async function publishNews(redis: Redis | Cluster, news: readonly News[]): Promise<void> {
  for (let from = 0; from < news.length; from += BATCH) {
    await redis.publish(NEWS_CHANNEL, JSON.stringify(news.slice(from, from + BATCH)));
  }
}

/** `connection` must be in subscriber mode. What is not of the form is reported to `malformed` and dropped, one by one. */
export function listenToNews(
  connection: Redis | Cluster,
  heard: (news: News) => void,
  malformed: (error: unknown) => void,
): Promise<() => Promise<void>> {
  const each = (batch: readonly unknown[]): void => {
    for (const one of batch) {
      const read = schema.safeParse(one);
      if (read.success) heard(read.data);
      else malformed(read.error);
    }
  };
  return listenTo(connection, NEWS_CHANNEL, z.array(z.unknown()), each, malformed);
}
