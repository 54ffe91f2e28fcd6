/** All sessions of this process: found by user, counted, swept. */
import type { UserId } from '@seatwire/protocol';
import type { News } from '@seatwire/store';
import { HoldNews } from './hold-news.ts';
import { Session, type SessionParts } from './session.ts';
import type { Transport } from './transport.ts';

export type SessionsParts = Omit<SessionParts, 'clock' | 'begin' | 'finish' | 'identified' | 'forget'>;

const SWEEP_MS = 1_000;

export class Sessions {
  readonly #parts: SessionsParts;
  readonly #all = new Set<Session>();
  readonly #byUser = new Map<UserId, Set<Session>>();
  readonly #pending = new Map<UserId, number>();
  readonly #ofSession: SessionParts;
  readonly #holdNews: HoldNews;
  #timer: NodeJS.Timeout | undefined;
  #draining: { readonly idle: Promise<void>; readonly done: () => void } | null = null;

  constructor(parts: SessionsParts) {
    this.#parts = parts;
    this.#ofSession = {
      ...parts,
      clock: parts.rooms.clock,
      begin: (user) => this.#begin(user),
      finish: (user) => this.#finish(user),
      identified: (session, before, now) => this.#identified(session, before, now),
      forget: (session) => this.#forget(session),
    };
    this.#holdNews = new HoldNews({
      sessionsOf: (user) => this.#byUser.get(user),
      find: (owner, event, hold) => parts.domain.holds.find(owner, event, hold),
      defect: parts.defect,
    });
  }

  start(): void {
    this.#timer = setInterval(() => {
      const now = performance.now();
      for (const session of this.#all) session.sweep(now);
    }, SWEEP_MS);
    this.#timer.unref();
    this.#parts.rooms.onHolds((transition, event) => this.#holdNews.heard(transition, event));
  }

  stop(): void {
    clearInterval(this.#timer);
  }

  get size(): number {
    return this.#all.size;
  }
  get full(): boolean {
    return this.#all.size >= this.#parts.options.maxSockets || this.#draining !== null;
  }

  open(transport: Transport): Session {
    const session = new Session(transport, this.#ofSession);
    this.#all.add(session);
    return session;
  }

  /** What came over Redis may be from another version of the software: one that cannot be sent is reported, and dropped. */
  notify(news: News): void {
    try {
      if ('touched' in news) this.#holdNews.touched(news);
      else for (const session of this.#byUser.get(news.to) ?? []) session.notify(news.message);
    } catch (error) {
      this.#parts.defect(error, 'a private message');
    }
  }

  /** Those with a session here. */
  users(): readonly UserId[] {
    return [...this.#byUser.keys()];
  }

  /** Ends the user's sessions; `signIn` not null: only those that came from that sign-in. */
  closeUser(user: UserId, signIn: string | null): void {
    for (const session of [...(this.#byUser.get(user) ?? [])]) {
      if (signIn === null || session.principal.session === signIn) session.close('logged_out');
    }
  }

  /** Tells all to reconnect, waits up to `ms` for pending commands, then closes what is left. */
  async drain(ms: number): Promise<void> {
    let done: () => void = () => undefined;
    const idle = new Promise<void>((resolve) => {
      done = resolve;
    });
    this.#draining = { idle, done };
    for (const session of [...this.#all]) {
      session.drain(Math.floor(Math.random() * this.#parts.options.reconnectWithinMs));
    }
    if (this.#all.size === 0) done();
    const timer = setTimeout(done, ms);
    await idle;
    clearTimeout(timer);
    for (const session of [...this.#all]) session.close('going_away');
  }

  #begin(user: UserId | null): boolean {
    if (user === null) return true;
    const count = this.#pending.get(user) ?? 0;
    if (count >= this.#parts.options.maxPendingPerUser) return false;
    this.#pending.set(user, count + 1);
    return true;
  }

  #finish(user: UserId | null): void {
    if (user === null) return;
    const count = (this.#pending.get(user) ?? 1) - 1;
    if (count > 0) this.#pending.set(user, count);
    else this.#pending.delete(user);
  }

  #identified(session: Session, before: UserId | null, now: UserId | null): void {
    if (before === now) return;
    this.#unlink(session, before);
    if (now === null) return;
    const sessions = this.#byUser.get(now) ?? new Set();
    sessions.add(session);
    this.#byUser.set(now, sessions);
  }

  #unlink(session: Session, user: UserId | null): void {
    if (user === null) return;
    const sessions = this.#byUser.get(user);
    sessions?.delete(session);
    if (sessions?.size === 0) this.#byUser.delete(user);
  }

  #forget(session: Session): void {
    this.#all.delete(session);
    this.#unlink(session, session.principal.user);
    if (this.#all.size === 0) this.#draining?.done();
  }
}
