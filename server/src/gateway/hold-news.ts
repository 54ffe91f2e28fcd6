/**
 * Who is told of a buyer's holds: every session of the buyer here but the one whose own command it was.
 *
 * - An end is told as it is heard. A change is looked up first, so what a session hears is what the store says *after* the change;
 *   of two changes in quick succession the last one told is the last one made, whichever message came first.
 * - A look is one call to the store, made only where another session of the buyer is in the event's room.
 * - An end that is heard while a look is under way wins: what ended is never told as alive again.
 * - A transition may overtake the answer to the command that made it, so a session with such a command pending is told, or not,
 *   once that is settled.
 */
import type { Down, DownOf, EventId, HoldId, Result, UserId } from '@seatwire/protocol';
import type { Hold, HoldTouched, Transition } from '@seatwire/store';
import { ownHold } from '../hold-fields.ts';
import type { Session } from './session.ts';

export interface HoldNewsParts {
  sessionsOf(user: UserId): ReadonlySet<Session> | undefined;
  /** The hold as it is now. */
  find(owner: UserId, event: EventId, hold: HoldId): Promise<Result<Hold>>;
  defect(error: unknown, during: string): void;
}

const ENDS: Partial<Record<Transition['kind'], DownOf<'hold-ended'>['reason']>> = {
  expire: 'expired',
  release: 'released',
  confirm: 'sold',
  rebuild: 'rebuilt',
};

interface Look {
  readonly buyer: UserId;
  readonly event: EventId;
  /** Who hears the next answer. */
  next: Set<Session>;
  over: boolean;
}

export class HoldNews {
  readonly #parts: HoldNewsParts;
  readonly #looks = new Map<HoldId, Look>();

  constructor(parts: HoldNewsParts) {
    this.#parts = parts;
  }

  /** A transition of a room here. */
  heard({ kind, holds }: Transition, event: EventId): void {
    const reason = ENDS[kind];
    for (const { hold, buyer } of holds) {
      const sessions = this.#parts.sessionsOf(buyer);
      if (sessions === undefined) continue;
      if (reason !== undefined) {
        const look = this.#looks.get(hold);
        if (look) look.over = true;
        const message = { type: 'hold-ended', event, hold, reason } as const;
        this.#unlessOwn(sessions, kind, event, hold, (others) => tell(others, buyer, message));
      } else if (kind === 'hold') {
        const inside = [...sessions].filter((session) => session.isIn(event));
        this.#unlessOwn(inside, kind, event, hold, (others) => this.#look(buyer, event, hold, others));
      }
    }
  }

  /** A hold changed, and the map did not. */
  touched({ to, touched: { event, hold }, op }: HoldTouched): void {
    const others = [...(this.#parts.sessionsOf(to) ?? [])].filter(
      (session) => session.isIn(event) && !session.commands.issued(op),
    );
    this.#look(to, event, hold, others);
  }

  #unlessOwn(
    sessions: Iterable<Session>,
    kind: Transition['kind'],
    event: EventId,
    hold: HoldId,
    then: (others: readonly Session[]) => void,
  ): void {
    const others: Session[] = [];
    for (const session of sessions) {
      const own = session.commands.did(kind, event, hold);
      if (own === false) others.push(session);
      else if (own !== true) {
        own
          .then((did) => (did ? undefined : then([session])))
          .catch((error: unknown) => this.#parts.defect(error, 'news of a hold'));
      }
    }
    then(others);
  }

  #look(buyer: UserId, event: EventId, hold: HoldId, others: readonly Session[]): void {
    if (others.length === 0) return;
    const under = this.#looks.get(hold);
    if (under) {
      // What is being read may be from before this change: it is read again.
      for (const session of others) under.next.add(session);
      return;
    }
    const look: Look = { buyer, event, next: new Set(others), over: false };
    this.#looks.set(hold, look);
    this.#run(hold, look)
      .catch((error: unknown) => this.#parts.defect(error, 'news of a hold'))
      .finally(() => this.#looks.delete(hold));
  }

  async #run(hold: HoldId, look: Look): Promise<void> {
    const { buyer, event } = look;
    while (look.next.size > 0) {
      const others = look.next;
      look.next = new Set();
      const found = await this.#parts.find(buyer, event, hold);
      // Over, or the store is away: then they ask `mine`.
      if (look.over || !found.ok) return;
      const changed = { type: 'hold-changed', event, ...ownHold(found) } as const;
      tell(
        [...others].filter((session) => session.isIn(event)),
        buyer,
        changed,
      );
    }
  }
}

function tell(sessions: readonly Session[], buyer: UserId, message: Down): void {
  for (const session of sessions) if (session.principal.user === buyer) session.notify(message);
}
