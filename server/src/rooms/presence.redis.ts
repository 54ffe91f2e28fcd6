/** The presence bus over one Redis channel. */
import { listenToPresence, publishPresence } from '@seatwire/store';
import type { PresenceBus } from './presence.ts';

type Connection = Parameters<typeof publishPresence>[0];

export interface PresenceConnections {
  readonly commands: Connection;
  /** In subscriber mode; may be shared with other channels. */
  readonly subscriber: Connection;
}

export function redisPresence(
  { commands, subscriber }: PresenceConnections,
  failed: (error: unknown) => void,
): PresenceBus {
  return {
    publish: (counts) => publishPresence(commands, counts),
    listen(heard) {
      const listening = listenToPresence(subscriber, heard, failed);
      listening.catch(failed);
      return () => void listening.then((stop) => stop()).catch(failed);
    },
  };
}
