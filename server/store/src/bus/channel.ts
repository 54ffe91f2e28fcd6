/**
 * What crosses processes over Redis pub/sub, outside the seat scripts: private messages to users, sign-outs and presence.
 * Pub/sub keeps nothing. A client that was away asks for the state it missed (`mine`, GET /orders), so a lost message only delays news.
 */
import type { Cluster, Redis } from 'ioredis';
import type { z } from 'zod';
import { BACK_CHANNEL } from './keys.ts';

/**
 * Calls `heard` for each message of the channel, in order. Text that is not of the `form` is reported to `malformed` and dropped: it may
 * come from another version of the software. `connection` must be in subscriber mode; several channels may share it.
 */
export async function listenTo<T>(
  connection: Redis | Cluster,
  channel: string,
  form: z.ZodType<T>,
  heard: (message: T) => void,
  malformed: (error: unknown) => void,
): Promise<() => Promise<void>> {
  const onMessage = (from: string, text: string): void => {
    if (from !== channel) return;
    let message: T;
    try {
      message = form.parse(JSON.parse(text));
    } catch (error) {
      malformed(error);
      return;
    }
    heard(message);
  };
  connection.on('message', onMessage);
  await connection.subscribe(channel);
  return async () => {
    connection.off('message', onMessage);
    await connection.unsubscribe(channel);
  };
}

/** Resolves once `connection`, which may just have been made again, is subscribed to all that it was subscribed to before. */
export async function resubscribed(connection: Redis | Cluster): Promise<void> {
  // Answered after what the client itself subscribed to when it connected.
  await connection.subscribe(BACK_CHANNEL);
}
