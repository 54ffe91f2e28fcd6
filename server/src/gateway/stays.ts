/**
 * The rooms one session is in, and the monitor streams it hears.
 *
 * An answer to a join and the socket's entry into the room's audience happen in one turn, so the first diff starts where the answer
 * ends. A socket that fell behind leaves all audiences (its rooms are kept) and enters again with a fresh snapshot once it has drained:
 * late, never silently wrong.
 */
import { type Down, type EventId, MAX_ROOMS_PER_SESSION } from '@seatwire/protocol';
import type { Answer, Command } from '../messages.ts';
import { isRefused, type Outcome, refused } from '../outcome.ts';
import type { Room } from '../rooms/room.ts';
import type { Rooms } from '../rooms/rooms.ts';
import type { Transport } from './transport.ts';

export class Stays {
  readonly #transport: Transport;
  readonly #rooms: Rooms;
  /** null: the room is being loaded. */
  readonly #joined = new Map<EventId, Room | null>();
  readonly #watched = new Map<EventId, (() => void) | null>();
  #behind = false;
  #over = false;

  constructor(transport: Transport, rooms: Rooms) {
    this.#transport = transport;
    this.#rooms = rooms;
  }

  get empty(): boolean {
    return this.#joined.size === 0 && this.#watched.size === 0;
  }
  get behind(): boolean {
    return this.#behind;
  }

  /** Answers by `reply`, in the same turn in which the socket enters. Joining again is how a client asks for what it missed. */
  async join(command: Command<'join'>, reply: (message: Down) => void): Promise<Outcome<null>> {
    const { event } = command;
    const before = this.#joined.get(event);
    if (before === undefined && this.#joined.size >= MAX_ROOMS_PER_SESSION) return refused('already_joined');
    if (before === undefined) this.#joined.set(event, null);
    const room = await this.#rooms.enter(event);
    if (this.#over) return null;
    if (isRefused(room)) {
      if (this.#joined.get(event) === null) this.#joined.delete(event);
      return room;
    }
    // Left while it was loading: a leave that came after this join wins.
    if (!this.#joined.has(event)) return refused('not_joined');
    const here = this.#joined.get(event);
    if (here && here !== room) this.#transport.exit(here);
    this.#joined.set(event, room);
    reply(room.answer(command.epoch, command.version));
    if (!this.#behind && here !== room) this.#transport.enter(room);
    return null;
  }

  leave(event: EventId): void {
    const room = this.#joined.get(event);
    this.#joined.delete(event);
    if (room && !this.#behind) this.#transport.exit(room);
  }

  /** Answers with the first `stats`; `tell` hears the following ones. */
  async watch(event: EventId, tell: (stats: Answer<'stats'>) => void): Promise<Outcome<Answer<'stats'>>> {
    if (!this.#watched.has(event) && this.#watched.size >= MAX_ROOMS_PER_SESSION)
      return refused('already_joined');
    if (!this.#watched.has(event)) this.#watched.set(event, null);
    const room = await this.#rooms.enter(event);
    if (isRefused(room)) {
      if (this.#watched.get(event) === null) this.#watched.delete(event);
      return room;
    }
    if (this.#over || !this.#watched.has(event)) return refused('not_joined');
    if (this.#watched.get(event) === null) this.#watched.set(event, room.watch(tell));
    return this.#rooms.stats(room);
  }

  unwatch(event: EventId): void {
    this.#watched.get(event)?.();
    this.#watched.delete(event);
  }

  unwatchAll(): void {
    for (const stop of this.#watched.values()) stop?.();
    this.#watched.clear();
  }

  /** The socket fell behind: no more diffs for it. */
  fallBehind(): void {
    if (this.#behind) return;
    this.#behind = true;
    for (const room of this.#joined.values()) if (room) this.#transport.exit(room);
  }

  /** It has drained: fresh snapshots, then diffs again. */
  catchUp(): void {
    if (!this.#behind || this.#over) return;
    this.#behind = false;
    for (const room of this.#joined.values()) {
      if (!room) continue;
      // Nobody else was in it and it is gone: the client rejoins when it reconnects.
      if (room.disposed) {
        this.#transport.close('slow_consumer');
        return;
      }
      this.#transport.send(room.snapshot());
      this.#transport.enter(room);
    }
  }

  /** The session is over; the transport lets go of its audiences itself. */
  end(): void {
    this.#over = true;
    this.unwatchAll();
    if (!this.#behind) for (const room of this.#joined.values()) if (room) this.#transport.exit(room);
    this.#joined.clear();
  }
}
