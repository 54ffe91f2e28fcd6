/** A made-up visitor's account: registered when they come in, kept signed in by its refresh token for as long as they stay. */
import { randomUUID } from 'node:crypto';
import { type Session, session } from '@seatwire/protocol';

const CALL_MS = 10_000;
const RENEW_BEFORE_MS = 60_000;

export class Guest {
  readonly #url: string;
  #session: Session;

  private constructor(url: string, first: Session) {
    this.#url = url;
    this.#session = first;
  }

  /** Null when the server does not answer, or has no room for us just now. */
  static async register(url: string): Promise<Guest | null> {
    const name = randomUUID().slice(0, 8);
    const first = await call(`${url}/api/auth/register`, {
      email: `crowd-${name}@demo.test`,
      password: randomUUID(),
      name: `Simulated visitor ${name}`,
    });
    return first && new Guest(url, first);
  }

  /** An access token good for a minute at least, if one can be had. */
  async token(): Promise<string> {
    if (Date.parse(this.#session.accessTokenExpiresAt) - Date.now() < RENEW_BEFORE_MS) {
      const { refreshToken } = this.#session;
      this.#session = (await call(`${this.#url}/api/auth/refresh`, { refreshToken })) ?? this.#session;
    }
    return this.#session.accessToken;
  }
}

async function call(url: string, body: unknown): Promise<Session | null> {
  try {
    const answer = await fetch(url, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
      signal: AbortSignal.timeout(CALL_MS),
    });
    return answer.ok ? session.parse(await answer.json()) : null;
  } catch {
    return null;
  }
}
