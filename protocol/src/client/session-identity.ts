/** Whose the open session is, who waits for it to be somebody's, and the renewal of its token. One renewal is under way at most; everybody who needs one awaits it. */
import type { UserId } from '../words/ids.ts';
import type { CommandResult } from './commands.ts';
import type { Credentials } from './credentials.ts';
import type { After } from './environment.ts';
import type { ClientEvents, Identity } from './events.ts';
import type { Listeners } from './listeners.ts';

export interface SessionIdentityOptions {
  readonly after: After;
  readonly serverNow: () => number;
  readonly isOpen: () => boolean;
  readonly credentials: Credentials;
  readonly listeners: Listeners<ClientEvents>;
  readonly authenticate: (token: string) => Promise<CommandResult<object>>;
}

export class SessionIdentity {
  readonly #options: SessionIdentityOptions;
  #current: Identity | null = null;
  #renewing: Promise<boolean> | null = null;

  constructor(options: SessionIdentityOptions) {
    this.#options = options;
  }

  /** Null while no session is open. */
  get current(): Identity | null {
    return this.#options.isOpen() ? this.#current : null;
  }

  become({ user, role, expiresAt }: Identity): void {
    this.#current = { user, role, expiresAt };
    this.scheduleRenewal();
    this.#options.listeners.emit('identity', this.#current);
  }

  lost(): void {
    this.#current = null;
    this.#options.credentials.stop();
  }

  /** Again, when it turns out that the clock it was scheduled by was wrong. */
  scheduleRenewal(): void {
    const expiresAt = this.#current?.expiresAt ?? null;
    if (expiresAt === null) return;
    this.#options.credentials.endsIn(expiresAt - this.#options.serverNow(), () => void this.renew());
  }

  /** True once the open session is this user's; false if it is not within the deadline. */
  until(user: UserId, deadlineMs: number): Promise<boolean> {
    if (this.current?.user === user) return Promise.resolve(true);
    return new Promise((resolve) => {
      const settle = (reached: boolean) => {
        cancel();
        off();
        resolve(reached);
      };
      const off = this.#options.listeners.on('identity', (identity) => {
        if (identity.user === user) settle(true);
      });
      const cancel = this.#options.after(deadlineMs, () => settle(false));
    });
  }

  renew(): Promise<boolean> {
    this.#renewing ??= this.#renewOnce().finally(() => {
      this.#renewing = null;
    });
    return this.#renewing;
  }

  /** The server says that the token has ended: another is needed, whatever our clock or the provider's thinks of this one. */
  renewEnded(): Promise<boolean> {
    if (this.#renewing === null) this.#options.credentials.refuse();
    return this.renew();
  }

  async #renewOnce(): Promise<boolean> {
    const { credentials } = this.#options;
    const before = credentials.token;
    const token = await credentials.fetch().catch(() => before);
    if (token === null) return false;
    if (token === before) {
      // The provider has none yet: it may think the old one good for a little longer. Once that has ended, a refused command asks again.
      const endsAt = this.#current?.expiresAt ?? 0;
      const again = this.#options.isOpen() && endsAt > this.#options.serverNow();
      if (again) credentials.retry(() => void this.renew());
      return false;
    }
    const result = await this.#options.authenticate(token);
    if (!result.ok && /^(bad_token|token_expired)$/.test(result.code)) credentials.refuse();
    return result.ok;
  }
}
