/**
 * Accounts: who may act, and for how long. Passwords are argon2id hashes; an access token lives minutes and is checked without any
 * store; a refresh token is stored as a hash, used once, and traded for the next of its family: a repeat gets the same next one for
 * a short time, and later revokes the family. Signing out revokes the family; every server hears of it or reads it back from the
 * ledger (sign-outs.ts), closes its sockets and refuses its access tokens. Any number of processes; each atomic step is one
 * transaction of the ledger.
 * Imports: store and protocol; jose and argon2 stay in this folder.
 */
import {
  normalText,
  type Refusal,
  type Result,
  type Role,
  refused,
  type User,
  type UserId,
  userId,
  uuidv7,
} from '@seatwire/protocol';
import {
  createUser,
  type Database,
  findCredentials,
  findUser,
  replacePasswordHash,
  revokeRefreshFamily,
  rotateRefreshToken,
  type SignOut,
  saveRefreshToken,
} from '@seatwire/store';
import type { Passwords } from './passwords.ts';
import { hashOf, randomRefreshToken, randomSalt, successorOf } from './refresh-token.ts';
import type { SignInLimits, SignInTry } from './sign-in-limits.ts';
import type { JoseTokens } from './tokens.jose.ts';

export interface SignedIn {
  readonly user: User;
  readonly accessToken: string;
  /** Epoch ms. */
  readonly accessTokenExpiresAt: number;
  readonly refreshToken: string;
}

export interface AccountsParts {
  readonly db: Database;
  readonly tokens: JoseTokens;
  readonly passwords: Passwords;
  readonly limits: SignInLimits;
  readonly refreshTokenMs: number;
  /** Tells all servers, this one included. */
  readonly announce: (ended: SignOut) => Promise<void>;
}

export class Accounts {
  readonly #parts: AccountsParts;

  constructor(parts: AccountsParts) {
    this.#parts = parts;
  }

  /** `address`: where from. */
  async register(
    request: { email: string; password: string; name: string; role: Role },
    address: string,
  ): Promise<Result<SignedIn>> {
    const { db, limits, passwords } = this.#parts;
    const wait = limits.registrationWaitMs(address);
    if (wait > 0) return rateLimited(wait);
    const passwordHash = await passwords.hash(normalText(request.password));
    if (passwordHash === 'overloaded') return refused('overloaded');
    limits.registered(address);
    const { email, name, role } = request;
    const user = await createUser(db, { id: userId.parse(uuidv7()), email, name, role, passwordHash });
    if (user === 'email_taken') return refused('email_taken');
    limits.succeeded({ address, email });
    return this.#signIn(user);
  }

  /** `address`: where from. */
  async login(email: string, password: string, address: string): Promise<Result<SignedIn>> {
    const { db, limits } = this.#parts;
    const by = { address, email };
    const wait = limits.waitMs(by);
    if (wait > 0) return rateLimited(wait);
    const known = await findCredentials(db, email);
    const matches = await this.#matches(known, password, by);
    if (matches === 'overloaded') return refused('overloaded');
    if (matches === 'refused') return rateLimited(limits.waitMs(by));
    if (!matches || !known) return refused('bad_credentials');
    limits.succeeded(by);
    return this.#signIn(known.user);
  }

  /** Trades a refresh token for the next one of its family; a repeat within a short time gets the same one. */
  async refresh(token: string): Promise<Result<SignedIn>> {
    const salt = randomSalt();
    const next = this.#stored(successorOf(token, salt));
    const traded = await rotateRefreshToken(this.#parts.db, { hash: hashOf(token), salt, next });
    if (traded === 'unknown') return refused('bad_token');
    if (traded === 'reused') {
      await this.logout(token);
      return refused('refresh_reused');
    }
    return this.#issue(traded.user, traded.family, traded.salts.reduce(successorOf, token));
  }

  /** Ends the sign-in this refresh token belongs to. Does nothing when there is none. */
  async logout(token: string): Promise<void> {
    const ended = await revokeRefreshFamily(this.#parts.db, hashOf(token));
    if (ended) await this.#parts.announce({ user: ended.user, session: ended.family });
  }

  find(id: UserId): Promise<User | null> {
    return findUser(this.#parts.db, id);
  }

  /** The password in its normal form; of accounts older than that rule, once, as it was typed. */
  async #matches(known: Credentials | null, typed: string, by: SignInTry) {
    const { db, limits, passwords } = this.#parts;
    const mayLook = () => limits.waitMs(by) === 0;
    const wrong = () => limits.failed(by);
    const stored = known?.passwordHash ?? null;
    const normal = normalText(typed);
    if (normal === typed) return passwords.matches(stored, typed, { mayLook, wrong });
    const matches = await passwords.matches(stored, normal, { mayLook, wrong: () => undefined });
    if (matches !== false) return matches;
    const matchesAsTyped = await passwords.matches(stored, typed, { mayLook, wrong });
    if (matchesAsTyped === true && known) {
      const to = await passwords.hash(normal);
      const from = known.passwordHash;
      if (to !== 'overloaded') await replacePasswordHash(db, known.user.id, { from, to });
    }
    return matchesAsTyped;
  }

  async #signIn(user: User): Promise<Result<SignedIn>> {
    const family = uuidv7();
    const first = randomRefreshToken();
    await saveRefreshToken(this.#parts.db, { ...this.#stored(first), family, user: user.id });
    return this.#issue(user, family, first);
  }

  #stored(token: string) {
    return { id: uuidv7(), hash: hashOf(token), expiresAt: Date.now() + this.#parts.refreshTokenMs };
  }

  async #issue(user: User, family: string, refreshToken: string): Promise<Result<SignedIn>> {
    const access = await this.#parts.tokens.issue(user, family);
    return {
      ok: true,
      user,
      accessToken: access.token,
      accessTokenExpiresAt: access.expiresAt,
      refreshToken,
    };
  }
}

type Credentials = NonNullable<Awaited<ReturnType<typeof findCredentials>>>;

const rateLimited = (retryAfterMs: number): Refusal => ({ ...refused('rate_limited'), retryAfterMs });
