/**
 * Sign-outs, as this server knows them. A message tells every server at once, but a server that is starting, or whose line to the bus
 * is down, misses it. So the ledger, which has them all, is read back before the server listens, whenever the line comes back, and
 * every `lookMs`. A look reads what is new since the last one, and a little before it, because a sign-out is dated before it is
 * committed. While the ledger is away the messages alone must do; the next look makes up for it.
 */
import type { UserId } from '@seatwire/protocol';
import {
  type Database,
  ledgerTime,
  listenToSignOuts,
  publishSignOut,
  type RedisClient,
  revokedFamilies,
  type SignOut,
} from '@seatwire/store';
import type { Revocations } from './revocations.ts';

/** Longer than a statement may take to be committed. */
const OVERLAP_MS = 30_000;
const MOST_AT_ONCE = 1_000;

export interface SignOutsParts {
  readonly db: Database;
  readonly publisher: RedisClient;
  /** In subscriber mode. */
  readonly subscriber: RedisClient;
  readonly revocations: Revocations;
  /** How far back the first look goes: older sign-ins have no access token left. */
  readonly lifeMs: number;
  /** null: never looks, so that a test can show what is lost then. */
  readonly lookMs: number | null;
  readonly failed: (error: unknown, what: string) => void;
}

export type CloseSessions = (user: UserId, signIn: string | null) => void;

export class SignOuts {
  readonly #parts: SignOutsParts;
  #close: CloseSessions = () => undefined;
  #stopHearing: () => Promise<void> = async () => undefined;
  #timer: NodeJS.Timeout | undefined;
  /** Ledger time from which the next look reads. */
  #from: number | null = null;
  #running = false;

  constructor(parts: SignOutsParts) {
    this.#parts = parts;
  }

  /** Hears, and has read back, once this resolves; without the ledger it goes on looking. */
  async start(close: CloseSessions): Promise<void> {
    const { subscriber, lookMs, failed } = this.#parts;
    this.#close = close;
    this.#running = true;
    this.#stopHearing = await listenToSignOuts(
      subscriber,
      (ended) => this.#ended(ended),
      (error) => failed(error, 'a sign-out could not be read'),
    );
    if (lookMs === null) return;
    subscriber.on('ready', this.#look);
    await this.#look();
    this.#lookAgainIn(lookMs);
  }

  async stop(): Promise<void> {
    this.#running = false;
    clearTimeout(this.#timer);
    this.#parts.subscriber.off('ready', this.#look);
    await this.#stopHearing();
  }

  /** Ends a sign-in that the ledger says is over, here at once. A message that cannot be sent is made up for by the others' looks. */
  async announce(ended: SignOut): Promise<void> {
    this.#ended(ended);
    await publishSignOut(this.#parts.publisher, ended).catch((error: unknown) =>
      this.#parts.failed(error, 'other servers could not be told of a sign-out'),
    );
  }

  #ended({ user, session }: SignOut, msAgo = 0): void {
    if (session !== null) this.#parts.revocations.add(session, msAgo);
    this.#close(user, session);
  }

  #lookAgainIn(ms: number): void {
    if (!this.#running) return;
    this.#timer = setTimeout(() => void this.#look().then(() => this.#lookAgainIn(ms)), ms);
    this.#timer.unref();
  }

  readonly #look = async (): Promise<void> => {
    const { db, revocations, lifeMs, failed } = this.#parts;
    try {
      const now = await ledgerTime(db);
      const from = this.#from ?? now - lifeMs;
      let after: string | null = null;
      do {
        const page: Awaited<ReturnType<typeof revokedFamilies>> = await revokedFamilies(db, {
          from,
          after,
          most: MOST_AT_ONCE,
        });
        for (const { user, family, revokedAt } of page.families) {
          if (!revocations.has(family)) this.#ended({ user, session: family }, now - revokedAt);
        }
        after = page.next;
      } while (after !== null && this.#running);
      this.#from = now - OVERLAP_MS;
    } catch (error) {
      if (this.#running) failed(error, 'sign-outs could not be read back');
    }
  };
}
