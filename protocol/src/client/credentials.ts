/** The access token: where it comes from, which one was refused, and when the next is due. It travels in messages only, and is never logged. */
import type { Environment } from './environment.ts';

/** Gives an access token, or null to watch anonymously. `refused` is a token the server did not take: another is needed, not that one again. */
export type TokenProvider = (refused: string | null) => Promise<string | null>;

const FETCH_MS = 10_000;
const RENEW_BEFORE_MS = 30_000;
const RETRY_MS = 5_000;

export class Credentials {
  readonly #env: Environment;
  readonly #provider: TokenProvider | null;
  #token: string | null = null;
  #refused: string | null = null;
  #cancelRenewal: () => void = () => {};

  constructor(env: Environment, provider: TokenProvider | null) {
    this.#env = env;
    this.#provider = provider;
  }

  /** The token to say hello with. Without a provider it is the last one given to `authenticate`. Rejects when the provider does, or takes 10 s. */
  async fetch(): Promise<string | null> {
    if (this.#provider !== null) this.#token = await this.#withinDeadline(this.#provider(this.#refused));
    return this.#token;
  }

  get token(): string | null {
    return this.#token;
  }

  set token(token: string) {
    this.#token = token;
  }

  /** The user is gone, and their token with them. */
  forget(): void {
    this.#token = null;
    this.#refused = null;
  }

  /** The server did not take the token. True when there is somebody to ask for another. */
  refuse(): boolean {
    this.#refused = this.#token;
    return this.#provider !== null;
  }

  /** Whether the token at hand is one the server has already refused: saying it again would change nothing. */
  get hopeless(): boolean {
    return this.#token !== null && this.#token === this.#refused;
  }

  /** Calls `renew` shortly before a token ends that has `ms` to live. */
  endsIn(ms: number, renew: () => void): void {
    this.stop();
    if (this.#provider === null) return;
    // Of a token shorter than a minute, half its life is kept for the renewal.
    this.#cancelRenewal = this.#env.after(Math.max(1000, ms - Math.min(RENEW_BEFORE_MS, ms / 2)), renew);
  }

  /** The provider failed: `renew` is called again soon. */
  retry(renew: () => void): void {
    this.stop();
    this.#cancelRenewal = this.#env.after(RETRY_MS, renew);
  }

  stop(): void {
    this.#cancelRenewal();
  }

  #withinDeadline(token: Promise<string | null>): Promise<string | null> {
    return new Promise((resolve, reject) => {
      const late = () => reject(new Error(`the token provider took longer than ${FETCH_MS} ms`));
      const cancel = this.#env.after(FETCH_MS, late);
      token.then(resolve, reject).finally(cancel);
    });
  }
}
