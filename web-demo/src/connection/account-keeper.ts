/**
 * Who is signed in, in all tabs of this browser. The refresh token lives in an HttpOnly cookie; the access token only in memory,
 * and goes from tab to tab by a channel, never into storage.
 *
 * Pattern: everything of the browser is injected, so that two keepers in one test are two tabs.
 * Concurrency: whatever changes the cookie runs in `alone`, once at a time in the browser. `#generation` counts changes of the sign-in:
 * an answer to a question of an earlier one is dropped.
 * Invariants: only the server's "no" signs out; no answer, or a busy server, is asked again. Signing out takes effect here and in the
 * other tabs before the server hears of it, and is told to the server until it has. Tokens end by a steady clock.
 */
import type { Session, User } from '@seatwire/protocol';
import type { Answer } from './api.ts';
import { type BrowserKeys, SIGN_OUT_OWED, SIGNED_IN } from './browser-keys.ts';
import { type Readable, store } from './store.ts';
import { tokenLife } from './token-life.ts';

export type Account =
  /** Signed in here before, as far as the browser knows; the server has not said yet. */
  | { readonly kind: 'unknown' }
  | { readonly kind: 'anonymous' }
  | { readonly kind: 'signed-in'; readonly user: User };

/** What one tab tells the others. */
export type News =
  | { readonly kind: 'signed-in'; readonly user: User; readonly token: string; readonly livesMs: number }
  | { readonly kind: 'signed-out' }
  | { readonly kind: 'asking' };

export interface AccountWorld {
  readonly refresh: () => Promise<Answer<Session>>;
  readonly logout: () => Promise<Answer<void>>;
  readonly keys: BrowserKeys;
  readonly tell: (news: News) => void;
  readonly alone: <T>(work: () => Promise<T>, contended?: () => Promise<void>) => Promise<T>;
  /** ms of a clock that nobody sets. */
  readonly steady: () => number;
  readonly random: () => number;
  readonly after: (ms: number, callback: () => void) => () => void;
}

/** A token this close to its end is renewed before use; sooner than the socket's client does, so that it gets a new one. */
const RENEW_BEFORE_MS = 45_000;
/** Of a token that does not say how long it lives. */
const SHORT_LIFE_MS = 60_000;
/** How long another tab may take to hand over the token it has just got. */
const HAND_OVER_MS = 300;
const RETRY_MS = 1_000;
const RETRY_CEILING_MS = 30_000;
/** The server's word that the sign-in is over. */
const OVER: ReadonlySet<string> = new Set([
  'bad_token',
  'refresh_reused',
  'unauthenticated',
  'token_expired',
]);

interface Access {
  readonly token: string;
  /** By the steady clock. */
  readonly endsAt: number;
  readonly renewAt: number;
}

export class AccountKeeper {
  readonly #world: AccountWorld;
  readonly #account = store<Account>({ kind: 'unknown' });
  readonly #tokens = store(0);
  #access: Access | null = null;
  #renewing: Promise<void> | null = null;
  #generation = 0;
  #signedOutHere = false;
  #tries = 0;
  #cancelRetry: (() => void) | null = null;

  constructor(world: AccountWorld) {
    this.#world = world;
  }

  get account(): Readable<Account> {
    return this.#account;
  }

  /** Changes with each new access token. */
  get tokens(): Readable<number> {
    return this.#tokens;
  }

  /** The access token at hand, if it lives. */
  get token(): string | null {
    return this.#access && this.#access.endsAt > this.#world.steady() ? this.#access.token : null;
  }

  /** A valid access token, renewed if need be; null when there is none to be had now. `refused`: one the server did not take, so it is not given again. */
  async accessToken(refused: string | null = null): Promise<string | null> {
    if (!this.#fresh(refused)) {
      this.#renewing ??= this.#renew(refused).finally(() => {
        this.#renewing = null;
      });
      await this.#renewing;
    }
    const { token } = this;
    return token === refused ? null : token;
  }

  /** `ask`: a request that answers with a session and sets the cookie. */
  async signIn(ask: () => Promise<Answer<Session>>): Promise<Answer<Session>> {
    const answer = await this.#world.alone(ask);
    if (answer.ok) this.#accept(answer.body);
    return answer;
  }

  /** The last sign-out was asked for in this tab, and nobody has signed in since. */
  get signedOutHere(): boolean {
    return this.#signedOutHere;
  }

  async signOut(): Promise<void> {
    this.#signedOutHere = true;
    this.#world.keys.set(SIGN_OUT_OWED, '1');
    this.#forget();
    this.#world.tell({ kind: 'signed-out' });
    await this.#payOwed();
  }

  /** Another tab says so. */
  hear(news: News): void {
    if (news.kind === 'asking') this.#tellToken();
    else if (news.kind === 'signed-out') this.look();
    // Told before a sign-out, and heard after it, it is old.
    else if (this.#world.keys.get(SIGNED_IN) === news.user.id)
      this.#take(news.user, news.token, news.livesMs);
  }

  /** Compares with what the browser knows: after a change of it, or on waking. */
  look(): void {
    const marked = this.#world.keys.get(SIGNED_IN);
    const account = this.#account.get();
    if (marked === null) {
      this.#drop({ kind: 'anonymous' });
    } else if (account.kind === 'unknown') {
      void this.accessToken();
    } else if (account.kind === 'anonymous' || account.user.id !== marked) {
      // Somebody else now, or somebody at all: what was the former's ends before we know who.
      this.#drop({ kind: 'unknown' });
      // The tab where it happened has the token, and may be telling us just now.
      void this.#askOtherTabs(null).then(() => this.accessToken());
    }
  }

  /** Somebody has come back to the page, or the network has: nothing waits for its turn. */
  wake(): void {
    this.look();
    this.#tries = 0;
    if (this.#cancelRetry) {
      this.#stopRetrying();
      void this.accessToken();
    }
    void this.#payOwed();
  }

  /** The server ended our session: is the sign-in over? */
  doubt(): void {
    this.#access = null;
    void this.accessToken();
  }

  async #renew(refused: string | null): Promise<void> {
    void this.#payOwed();
    if (this.#world.keys.get(SIGNED_IN) === null) {
      this.#drop({ kind: 'anonymous' });
      return;
    }
    await this.#world.alone(
      async () => {
        if (this.#fresh(refused)) return;
        const generation = this.#generation;
        const answer = await this.#world.refresh();
        // It is about a sign-in that is no more: what is now has been heard, or is asked for.
        if (generation !== this.#generation) {
          if (this.#world.keys.get(SIGNED_IN) !== null && !this.#fresh(refused)) this.#retryLater();
        } else if (answer.ok) this.#accept(answer.body);
        else if (OVER.has(answer.code)) this.#forget();
        else this.#retryLater();
      },
      () => this.#askOtherTabs(refused),
    );
  }

  #fresh(refused: string | null): boolean {
    const access = this.#access;
    return access !== null && access.token !== refused && access.renewAt > this.#world.steady();
  }

  #accept({ user, accessToken }: Session): void {
    this.#world.keys.set(SIGN_OUT_OWED, null);
    this.#world.keys.set(SIGNED_IN, user.id);
    this.#take(user, accessToken, tokenLife(accessToken) ?? SHORT_LIFE_MS);
    this.#tellToken();
  }

  #take(user: User, token: string, livesMs: number): void {
    this.#signedOutHere = false;
    this.#generation++;
    this.#stopRetrying();
    this.#tries = 0;
    const now = this.#world.steady();
    this.#access = {
      token,
      endsAt: now + livesMs,
      renewAt: now + livesMs - Math.min(RENEW_BEFORE_MS, livesMs / 2),
    };
    const before = this.#account.get();
    const same = before.kind === 'signed-in' && JSON.stringify(before.user) === JSON.stringify(user);
    if (!same) this.#account.set({ kind: 'signed-in', user });
    this.#tokens.update((n) => n + 1);
  }

  #tellToken(): void {
    const account = this.#account.get();
    if (account.kind !== 'signed-in' || !this.#access || !this.#fresh(null)) return;
    const livesMs = this.#access.endsAt - this.#world.steady();
    this.#world.tell({ kind: 'signed-in', user: account.user, token: this.#access.token, livesMs });
  }

  #forget(): void {
    this.#world.keys.set(SIGNED_IN, null);
    this.#drop({ kind: 'anonymous' });
  }

  #drop(account: Account): void {
    this.#generation++;
    this.#access = null;
    this.#stopRetrying();
    if (this.#account.get().kind !== account.kind) this.#account.set(account);
  }

  async #askOtherTabs(refused: string | null): Promise<void> {
    if (this.#fresh(refused)) return;
    await new Promise<void>((resolve) => {
      const off = this.#tokens.watch(() => this.#fresh(refused) && settle());
      const cancel = this.#world.after(HAND_OVER_MS, () => settle());
      const settle = () => {
        off();
        cancel();
        resolve();
      };
      this.#world.tell({ kind: 'asking' });
    });
  }

  #retryLater(): void {
    this.#stopRetrying();
    const ceiling = Math.min(RETRY_CEILING_MS, RETRY_MS * 2 ** Math.min(this.#tries++, 10));
    this.#cancelRetry = this.#world.after(ceiling * (0.5 + this.#world.random() / 2), () => {
      this.#cancelRetry = null;
      void this.accessToken();
    });
  }

  #stopRetrying(): void {
    this.#cancelRetry?.();
    this.#cancelRetry = null;
  }

  async #payOwed(): Promise<void> {
    const { keys } = this.#world;
    if (keys.get(SIGN_OUT_OWED) === null) return;
    await this.#world.alone(async () => {
      // Signed in again meanwhile, the cookie is another: that sign-in is not to be ended.
      if (keys.get(SIGN_OUT_OWED) === null || keys.get(SIGNED_IN) !== null) return;
      const answer = await this.#world.logout();
      if (answer.ok || OVER.has(answer.code)) keys.set(SIGN_OUT_OWED, null);
    });
  }
}
