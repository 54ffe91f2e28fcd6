/**
 * The rooms one session is in, and the monitor streams it hears.
 *
 * An answer to a join and the socket's entry into the room's audience happen in one turn of the loop, so the first diff starts where the answer
 * ends. A socket that fell behind leaves all audiences (its rooms are kept) and enters again with a fresh snapshot once it has drained:
 * late, never silently wrong.
 */
import {
  type Down,
  type DownOf,
  type EventId,
  isRefusal,
  MAX_ROOMS_PER_SESSION,
  type Refusal,
  refused,
  type UpOf,
} from '@seatwire/protocol';
import type { Room } from '../rooms/room.ts';
import type { Rooms } from '../rooms/rooms.ts';
import type { Transport } from './transport.ts';

/** Most sockets are in one room and watch nothing. Of short lists, one costs a socket 60 bytes; a Map each was 180, and an event's id more. */
const NONE: readonly never[] = [];

export class Memberships {
  readonly #transport: Transport;
  readonly #rooms: Rooms;
  #joined: readonly Room[] = NONE;
  /** Events whose rooms are on their way. */
  #loading: readonly EventId[] = NONE;
  #watched: Map<EventId, (() => void) | null> | null = null;
  /** Whose the socket is: a user, or a browser; undefined: it counts as one of its own. */
  #person: string | undefined;
  /** Ends what the rooms were told about who this is. */
  #counted: readonly (() => void)[] = NONE;
  #behind = false;
  #over = false;

  constructor(transport: Transport, rooms: Rooms) {
    this.#transport = transport;
    this.#rooms = rooms;
  }

  get empty(): boolean {
    return this.#taken === 0 && !this.#watched?.size;
  }
  get behind(): boolean {
    return this.#behind;
  }
  become(person: string | undefined): void {
    this.#person = person;
    this.#count();
  }

  /** Joined, or on the way in. */
  has(event: EventId): boolean {
    return this.#loading.includes(event) || this.#room(event) !== undefined;
  }

  /** Answers by `reply`, in the same turn of the loop in which the socket enters. Joining again is how a client asks for what it missed. */
  async join(command: UpOf<'join'>, reply: (message: Down) => void): Promise<null | Refusal> {
    const { event } = command;
    if (!this.has(event)) {
      if (this.#taken >= MAX_ROOMS_PER_SESSION) return refused('already_joined');
      this.#loading = this.#loading.concat(event);
    }
    const room = await this.#rooms.enter(event);
    if (this.#over) return null;
    if (isRefusal(room)) {
      this.#loading = without(this.#loading, event);
      return room;
    }
    // Left while it was loading: a leave that came after this join wins.
    if (!this.has(event)) return refused('not_joined');
    const here = this.#room(event);
    if (here && here !== room) this.#transport.exit(here);
    this.#joined = without(this.#joined, here).concat(room);
    this.#loading = without(this.#loading, event);
    reply(room.answer(command.epoch, command.version));
    if (!this.#behind && here !== room) this.#transport.enter(room);
    this.#count();
    return null;
  }

  leave(event: EventId): void {
    const room = this.#room(event);
    this.#joined = without(this.#joined, room);
    this.#loading = without(this.#loading, event);
    if (room && !this.#behind) this.#transport.exit(room);
    this.#count();
  }

  /** Resolves to a function that begins the stream in the turn of the answer. `tell` hears nothing before that, and the first `stats` in it. */
  async watch(event: EventId, tell: (stats: DownOf<'stats'>) => void): Promise<(() => void) | Refusal> {
    this.#watched ??= new Map();
    const watched = this.#watched;
    if (!watched.has(event) && watched.size >= MAX_ROOMS_PER_SESSION) return refused('already_joined');
    if (!watched.has(event)) watched.set(event, null);
    const room = await this.#rooms.enter(event);
    if (isRefusal(room)) {
      if (watched.get(event) === null) watched.delete(event);
      return room;
    }
    const first = await this.#rooms.stats(room);
    if (this.#over || !watched.has(event)) return refused('not_joined');
    return () => {
      if (watched.get(event) === null) watched.set(event, room.watch(tell));
      this.#count();
      tell(first);
    };
  }

  unwatch(event: EventId): void {
    this.#watched?.get(event)?.();
    this.#watched?.delete(event);
    this.#count();
  }

  unwatchAll(): void {
    for (const stop of this.#watched?.values() ?? []) stop?.();
    this.#watched?.clear();
    this.#count();
  }

  /** The socket fell behind: no more diffs for it. */
  fallBehind(): void {
    if (this.#behind) return;
    this.#behind = true;
    for (const room of this.#joined) this.#transport.exit(room);
    this.#count();
  }

  /** It has drained: fresh snapshots, then diffs again. */
  catchUp(): void {
    if (!this.#behind || this.#over) return;
    this.#behind = false;
    for (const room of this.#joined) {
      // This was its only socket and the room is gone: the client rejoins when it reconnects.
      if (room.disposed) {
        this.#transport.close('slow_consumer');
        return;
      }
      this.#transport.send(room.snapshot());
      this.#transport.enter(room);
    }
    this.#count();
  }

  /** The session is over; the transport lets go of its audiences itself. */
  end(): void {
    this.#over = true;
    this.unwatchAll();
    if (!this.#behind) for (const room of this.#joined) this.#transport.exit(room);
    this.#joined = NONE;
    this.#loading = NONE;
    this.#count();
  }

  /** Tells the rooms it is in who this is: people are counted, not sockets, and a monitor is no visitor. */
  #count(): void {
    for (const end of this.#counted) end();
    this.#counted = NONE;
    if (this.#behind) return;
    for (const room of this.#joined) {
      const person = this.#watched?.get(room.event) ? null : this.#person;
      if (person !== undefined) this.#counted = this.#counted.concat(room.countAs(person));
    }
  }

  /** Rooms joined, or on their way. */
  get #taken(): number {
    return this.#joined.length + this.#loading.length;
  }
  #room(event: EventId): Room | undefined {
    return this.#joined.find((room) => room.event === event);
  }
}

function without<T>(list: readonly T[], one: T | undefined): readonly T[] {
  return one !== undefined && list.includes(one) ? list.filter((other) => other !== one) : list;
}
