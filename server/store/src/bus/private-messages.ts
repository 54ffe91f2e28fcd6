/** Private messages to users, and holds that changed: one PUBLISH carries an array of them as JSON. */
import type { News } from '@seatwire/protocol';
import type { Cluster, Redis } from 'ioredis';
import { listenTo } from './channel.ts';
import { NOTICES_CHANNEL } from './keys.ts';

/** Most notices in one PUBLISH: about 100 KB. */
const BATCH = 500;

export async function publishNotices(redis: Redis | Cluster, notices: readonly News[]): Promise<void> {
  for (let from = 0; from < notices.length; from += BATCH) {
    await redis.publish(NOTICES_CHANNEL, JSON.stringify(notices.slice(from, from + BATCH)));
  }
}

/** `connection` must be in subscriber mode. Text that is not of the form is reported to `malformed` and dropped. */
export function listenToNotices(
  connection: Redis | Cluster,
  heard: (notice: News) => void,
  malformed: (error: unknown) => void,
): Promise<() => Promise<void>> {
  return listenTo(connection, NOTICES_CHANNEL, (text) => {
    let notices: readonly News[];
    try {
      notices = JSON.parse(text) as readonly News[];
      if (!Array.isArray(notices)) throw new TypeError('notices must be an array');
    } catch (error) {
      malformed(error);
      return;
    }
    for (const notice of notices) heard(notice);
  });
}
