/** Sign-ins that ended while their access tokens still had time to run. Kept only as long as such a token could live. */

/** Beyond this many the oldest is forgotten: its tokens then live out their minutes. */
const MOST = 100_000;

export class Revocations {
  readonly #until = new Map<string, number>();
  readonly #lifeMs: number;
  readonly #now: () => number;

  /** `lifeMs`: of an access token. */
  constructor(lifeMs: number, now: () => number = Date.now) {
    this.#lifeMs = lifeMs;
    this.#now = now;
  }

  /** `msAgo`: how long ago it ended. */
  add(session: string, msAgo = 0): void {
    const now = this.#now();
    this.#until.delete(session);
    this.#until.set(session, now + this.#lifeMs - msAgo);
    for (const [oldest, until] of this.#until) {
      if (until > now && this.#until.size <= MOST) break;
      this.#until.delete(oldest);
    }
  }

  has(session: string): boolean {
    return (this.#until.get(session) ?? 0) > this.#now();
  }
}
