/**
 * The rooms this client wants to be in. A room is asked for again after each welcome, after missing changes (with the position
 * we have) and after a divergence (with nothing, for a snapshot). One join is under way per room at most, and resyncs of one room are
 * at least a second apart, so a server gone wrong is not hammered.
 */
import type { DownOf } from '../messages/down.ts';
import type { UpOf } from '../messages/up.ts';
import type { EventId, OpId } from '../words/ids.ts';
import { type CommandRefusal, type CommandResult, refusal, rejected } from './commands.ts';
import type { Environment } from './environment.ts';
import type { ClientEvents } from './events.ts';
import type { Listeners } from './listeners.ts';
import { Room, type RoomView, type Verdict } from './room.ts';

/** How long a beacon may be ahead of the diffs before they count as lost. */
const LAG_MS = 2_000;
const SPACING_MS = 1_000;
/** A join unanswered for so long is asked again. */
const ANSWER_MS = 10_000;

export interface RoomsOptions {
  readonly env: Environment;
  readonly send: (message: UpOf<'join' | 'leave'>) => boolean;
  readonly newOp: () => OpId;
  readonly listeners: Listeners<ClientEvents>;
}

export type Joined = CommandResult<{ readonly room: RoomView }>;

interface Membership {
  readonly room: Room;
  readonly waiters: Set<(result: Joined) => void>;
  /** Of the join under way. */
  op: OpId | null;
  askedAt: number;
  cancelAsk: () => void;
  cancelLag: (() => void) | null;
}

export class Rooms {
  readonly #options: RoomsOptions;
  readonly #byEvent = new Map<EventId, Membership>();
  readonly #byNumber = new Map<number, Membership>();

  constructor(options: RoomsOptions) {
    this.#options = options;
  }

  get(event: EventId): RoomView | null {
    const room = this.#byEvent.get(event)?.room;
    return room?.known ? room : null;
  }

  /** Enters a room and stays in it until `leave`, whatever happens to sessions. A deadline ends the waiting, not the wish. */
  join(event: EventId, deadlineMs: number): Promise<Joined> {
    const member = this.#byEvent.get(event) ?? this.#enter(event);
    if (member.room.known) return Promise.resolve({ ok: true, room: member.room });
    return new Promise((resolve) => {
      const settle = (result: Joined) => {
        cancel();
        member.waiters.delete(settle);
        resolve(result);
      };
      const late = () => settle(refusal(member.op ?? this.#options.newOp(), 'unavailable'));
      const cancel = this.#options.env.after(deadlineMs, late);
      member.waiters.add(settle);
    });
  }

  leave(event: EventId): void {
    const member = this.#byEvent.get(event);
    if (member === undefined) return;
    this.#drop(member, refusal(this.#options.newOp(), 'not_joined'));
    this.#options.send({ type: 'leave', event });
  }

  /** A new session is open: its numbers are not those of the last. */
  welcome(): void {
    for (const member of this.#byEvent.values()) this.#ask(member);
  }

  /** The session is lost; maps stay, to be shown and resumed. */
  lost(): void {
    this.#byNumber.clear();
    for (const member of this.#byEvent.values()) {
      member.op = null;
      member.room.number = null;
      this.#calm(member);
    }
  }

  /** No session will follow. */
  abandon(): void {
    for (const { waiters } of this.#byEvent.values()) {
      for (const settle of waiters) settle(refusal(this.#options.newOp(), 'unavailable'));
    }
  }

  snapshot(message: DownOf<'snapshot'>): void {
    const member = this.#byEvent.get(message.event);
    if (member === undefined) return;
    const again = member.room.known;
    if (!this.#settle(member, member.room.snapshot(message))) return;
    this.#options.listeners.emit('map', { room: member.room });
    if (again) this.#options.listeners.emit('rejoined', { room: member.room, how: 'snapshot' });
    this.#admit(member);
  }

  resumed(message: DownOf<'resumed'>): void {
    const member = this.#byEvent.get(message.event);
    if (member === undefined) return;
    const { room } = member;
    const places: number[] = [];
    if (!this.#settle(member, room.resumed(message, places))) return;
    if (places.length > 0) this.#options.listeners.emit('changes', { room, places });
    this.#options.listeners.emit('rejoined', { room, how: 'resumed' });
    this.#admit(member);
  }

  diff(message: DownOf<'diff'>): void {
    const member = this.#byNumber.get(message.room);
    if (member === undefined) return;
    const places: number[] = [];
    const verdict = member.room.diff(message, places);
    if (verdict !== 'current') this.#resync(member);
    else if (places.length > 0) this.#options.listeners.emit('changes', { room: member.room, places });
  }

  beacon(message: DownOf<'beacon'>): void {
    const member = this.#byNumber.get(message.room);
    if (member === undefined) return;
    const verdict = member.room.beacon(message);
    if (verdict === 'diverged') this.#resync(member);
    if (verdict === 'behind') this.#suspect(member, message.version);
  }

  presence(message: DownOf<'presence'>): void {
    const room = this.#byNumber.get(message.room)?.room;
    if (room === undefined) return;
    room.viewers = message.viewers;
    this.#options.listeners.emit('viewers', { room });
  }

  /** True when the refused command was one of our joins. */
  rejected(message: DownOf<'rejected'>): boolean {
    for (const member of this.#byEvent.values()) {
      if (member.op !== message.op) continue;
      member.op = null;
      const answer = rejected(message);
      if (answer.retryable) {
        this.#askIn(member, SPACING_MS * (1 + this.#options.env.random()));
      } else {
        this.#drop(member, answer);
        this.#options.listeners.emit('room-lost', { event: member.room.event, refusal: answer });
      }
      return true;
    }
    return false;
  }

  #enter(event: EventId): Membership {
    const member: Membership = {
      room: new Room(event),
      waiters: new Set(),
      op: null,
      askedAt: Number.NEGATIVE_INFINITY,
      cancelAsk: () => {},
      cancelLag: null,
    };
    this.#byEvent.set(event, member);
    this.#ask(member);
    return member;
  }

  #drop(member: Membership, why: CommandRefusal): void {
    this.#calm(member);
    this.#byEvent.delete(member.room.event);
    if (member.room.number !== null) this.#byNumber.delete(member.room.number);
    for (const settle of member.waiters) settle(why);
  }

  /** The answer to a join, or a pushed snapshot, is in. False when it could not be applied, and another is asked for. */
  #settle(member: Membership, verdict: Verdict): boolean {
    this.#calm(member);
    member.op = null;
    if (verdict !== 'current') {
      this.#resync(member);
      return false;
    }
    this.#byNumber.set(member.room.number!, member);
    return true;
  }

  #admit(member: Membership): void {
    for (const settle of member.waiters) settle({ ok: true, room: member.room });
  }

  /** Changes may be lost: they are, if they do not come soon. */
  #suspect(member: Membership, version: number): void {
    if (member.op !== null || member.cancelLag !== null) return;
    member.cancelLag = this.#options.env.after(LAG_MS, () => {
      member.cancelLag = null;
      if (member.room.version < version) this.#resync(member);
    });
  }

  #resync(member: Membership): void {
    if (member.op !== null) return;
    const sinceMs = this.#options.env.now() - member.askedAt;
    if (sinceMs >= 0 && sinceMs < SPACING_MS) this.#askIn(member, SPACING_MS - sinceMs);
    else this.#ask(member);
  }

  #askIn(member: Membership, ms: number): void {
    member.cancelAsk();
    member.cancelAsk = this.#options.env.after(ms, () => this.#ask(member));
  }

  #ask(member: Membership): void {
    const op = this.#options.newOp();
    member.cancelAsk();
    if (!this.#options.send({ type: 'join', op, event: member.room.event, ...member.room.position })) return;
    member.op = op;
    member.askedAt = this.#options.env.now();
    this.#askIn(member, ANSWER_MS);
  }

  #calm(member: Membership): void {
    member.cancelAsk();
    member.cancelLag?.();
    member.cancelLag = null;
  }
}
