/** Viewers across servers: each server tells its count per event each second, and each sums what it heard of the others lately. */

import type { EventId } from '@seatwire/protocol';
import type { Presence } from '@seatwire/store';

/** How presences travel between servers. Losing one costs nothing: the next comes within a second. */
export interface PresenceBus {
  publish(counts: readonly Presence[]): Promise<void>;
  listen(heard: (counts: readonly Presence[]) => void): () => void;
}

/** For a single process. */
export const NO_PRESENCE_BUS: PresenceBus = { publish: async () => undefined, listen: () => () => undefined };

/** A server silent for this long has no viewers: it died or lost Redis. */
const SILENCE_MS = 3_500;

export class ViewersElsewhere {
  readonly #self: string;
  readonly #counts = new Map<EventId, Map<string, { viewers: number; at: number }>>();

  constructor(self: string) {
    this.#self = self;
  }

  /** `cares`: whether this server has the event's room; others are not remembered. */
  hear(counts: readonly Presence[], cares: (event: EventId) => boolean, now = performance.now()): void {
    for (const { server, event, viewers } of counts) {
      if (server === this.#self || !cares(event)) continue;
      const servers = this.#counts.get(event) ?? new Map();
      this.#counts.set(event, servers);
      servers.set(server, { viewers, at: now });
    }
  }

  of(event: EventId, now = performance.now()): number {
    const servers = this.#counts.get(event);
    if (!servers) return 0;
    let sum = 0;
    for (const [server, { viewers, at }] of servers) {
      if (now - at > SILENCE_MS) servers.delete(server);
      else sum += viewers;
    }
    if (servers.size === 0) this.#counts.delete(event);
    return sum;
  }

  forget(event: EventId): void {
    this.#counts.delete(event);
  }
}
