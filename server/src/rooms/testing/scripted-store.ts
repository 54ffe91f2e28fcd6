/**
 * What the rooms need of a seat store, with a hand on the wire: a test says when the feed loses the thread, and when reads answer. Like
 * the real feed it delivers an epoch's transitions in order and without gaps, or says `rebuild`.
 */
import {
  type Epoch,
  type EventId,
  type HoldId,
  type MapCode,
  randomToken,
  type UserId,
  uuidv7,
} from '@seatwire/protocol';
import { type Snapshot, type Transition, Unavailable } from '@seatwire/store';
import type { RoomStore } from '../replica.ts';

export interface Change {
  readonly kind?: Transition['kind'];
  readonly holds?: readonly { hold: HoldId; buyer: UserId }[];
  /** Not delivered: `loseTheThread` must follow. */
  readonly lost?: boolean;
}

export class ScriptedStore implements RoomStore {
  readonly event = uuidv7() as EventId;
  epoch = randomToken() as Epoch;
  version = 0;
  codes: Uint8Array;
  journal: Transition[] = [];
  readonly calls = { subscribe: 0, snapshot: 0, since: 0 };
  /** No state of the event. */
  missing = false;
  /** Every call throws. */
  down = false;
  /** Awaited by a snapshot, after it was read and before it is told. */
  hold: Promise<void> | null = null;
  #listeners = new Set<(transition: Transition) => void>();

  constructor(places: number) {
    this.codes = new Uint8Array(places);
  }

  get subscribers(): number {
    return this.#listeners.size;
  }

  /** One transition: all `places` become `code`. */
  change(
    code: MapCode,
    places: readonly number[],
    { kind = 'hold', holds = [], lost = false }: Change = {},
  ): void {
    for (const place of places) this.codes[place] = code;
    this.version++;
    const transition: Transition = { epoch: this.epoch, version: this.version, kind, code, places, holds };
    this.journal.push(transition);
    if (!lost) this.deliver(transition);
  }

  deliver(transition: Transition): void {
    for (const listener of this.#listeners) listener(transition);
  }

  /** The feed cannot tell what happened up to now. */
  loseTheThread(): void {
    const { epoch, version } = this;
    this.deliver({ epoch, version, kind: 'rebuild', code: 0, places: [], holds: [] });
  }

  /** Another epoch, all places free; `holds` ended by it. */
  rebuild({ heard = true, holds = [] }: { heard?: boolean; holds?: Transition['holds'] } = {}): void {
    this.epoch = randomToken() as Epoch;
    this.version = 1;
    this.codes = new Uint8Array(this.codes.length);
    this.journal = [];
    if (heard) this.deliver({ epoch: this.epoch, version: 1, kind: 'rebuild', code: 0, places: [], holds });
  }

  async subscribe(_event: EventId, listener: (transition: Transition) => void): Promise<() => Promise<void>> {
    this.calls.subscribe++;
    if (this.down) throw new Unavailable('redis', 'down');
    this.#listeners.add(listener);
    return async () => void this.#listeners.delete(listener);
  }

  async snapshot(event: EventId): Promise<Snapshot | null> {
    this.calls.snapshot++;
    if (this.down) throw new Unavailable('redis', 'down');
    if (this.missing) return null;
    const { epoch, version } = this;
    const read = {
      event,
      epoch,
      version,
      places: this.codes.length,
      codes: this.codes.slice(),
      at: Date.now(),
    };
    await this.hold;
    return read;
  }

  async since(_event: EventId, epoch: Epoch, version: number): Promise<readonly Transition[] | null> {
    this.calls.since++;
    if (this.down) throw new Unavailable('redis', 'down');
    if (epoch !== this.epoch || version > this.version) return null;
    const missed = this.journal.filter((transition) => transition.version > version);
    return missed.length === this.version - version ? missed : null;
  }
}
