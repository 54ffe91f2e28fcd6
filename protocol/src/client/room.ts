/**
 * One room's map as this client has it. Takes what the server says of it, and judges whether it can still be true; asking for
 * a resync is the business of `rooms.ts`.
 */

import { SeatMap } from '../map/seat-map.ts';
import type { DownOf } from '../messages/down.ts';
import type { Epoch, EventId } from '../words/ids.ts';

/** A joined event. The object stays the same for as long as the room is joined; what it shows moves on. */
export interface RoomView {
  readonly event: EventId;
  readonly epoch: Epoch;
  readonly version: number;
  /** Sockets that watch the event, on all servers. */
  readonly viewers: number;
  /** Another object after a resync from a snapshot. */
  readonly map: SeatMap;
}

/**
 * current: the map is as the server says, or the message was old news. behind: changes are missing, and the map is true for its
 * version. diverged: the map is not to be trusted.
 */
export type Verdict = 'current' | 'behind' | 'diverged';

export class Room implements RoomView {
  readonly event: EventId;
  viewers = 0;
  version = 0;
  /** This session's short number for it; null before the server told it. */
  number: number | null = null;
  #epoch: Epoch | null = null;
  #map: SeatMap | null = null;
  #trusted = false;

  constructor(event: EventId) {
    this.event = event;
  }

  /** Whether there is a map to show, though perhaps an old one. */
  get known(): boolean {
    return this.#map !== null;
  }

  /** Whether the map is true for its version. */
  get trusted(): boolean {
    return this.#trusted;
  }

  get map(): SeatMap {
    return this.#map!;
  }

  get epoch(): Epoch {
    return this.#epoch!;
  }

  /** What to join with: the map we have, or nulls for a snapshot. */
  get position(): { readonly epoch: Epoch | null; readonly version: number | null } {
    return this.#trusted ? { epoch: this.epoch, version: this.version } : { epoch: null, version: null };
  }

  snapshot(message: DownOf<'snapshot'>): Verdict {
    const map = SeatMap.unpack(message.places, message.map);
    if (map === null) return this.#diverged();
    this.#map = map;
    this.#trusted = true;
    this.#epoch = message.epoch;
    this.version = message.version;
    this.viewers = message.viewers;
    this.number = message.room;
    return 'current';
  }

  /** `places` collects those that changed. */
  resumed(message: DownOf<'resumed'>, places: number[]): Verdict {
    this.number = message.room;
    this.viewers = message.viewers;
    if (!this.#trusted || message.epoch !== this.#epoch || message.from !== this.version)
      return this.#diverged();
    return this.#apply(message.changes, message.to, places);
  }

  /** `places` collects those that changed. */
  diff(message: DownOf<'diff'>, places: number[]): Verdict {
    if (!this.trusted || message.to <= this.version) return 'current';
    // A diff that starts before our version is fine: it says what each place is at `to`, whatever it was between.
    if (message.to - message.span > this.version) return 'behind';
    return this.#apply(message.changes, message.to, places);
  }

  beacon(message: DownOf<'beacon'>): Verdict {
    if (!this.trusted || message.version < this.version) return 'current';
    if (message.version > this.version) return 'behind';
    return message.checksum === this.map.checksum ? 'current' : this.#diverged();
  }

  #apply(changes: Uint8Array, to: number, places: number[]): Verdict {
    if (!this.map.apply(changes, (place) => places.push(place))) return this.#diverged();
    this.version = to;
    return 'current';
  }

  #diverged(): Verdict {
    this.#trusted = false;
    return 'diverged';
  }
}
