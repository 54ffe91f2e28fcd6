/**
 * Accounts: who may act, and for how long. Passwords are argon2id hashes; an access token lives minutes and is checked without any
 * store; a refresh token is stored as a hash, used once, and traded for the next of its family: a repeat gets the same next one for
 * a short time, and later revokes the family. Signing out revokes the family; every server hears of it or reads it back from the
 * ledger (sign-outs.ts), closes its sockets and refuses its access tokens. Any number of processes; what must be atomic is one transaction of the ledger.
 * Imports: store and protocol; jose and argon2 stay in this folder.
 */
import { type Role, type User, type UserId, userId, uuidv7 } from '@seatwire/protocol';
import {
  createUser,
  type Database,
  findCredentials,
  findUser,
  revokeRefreshFamily,
  rotateRefreshToken,
  type SignOut,
  saveRefreshToken,
} from '@seatwire/store';
import { type Outcome, refused } from '../outcome.ts';
import type { Passwords } from './passwords.ts';
import { hashOf, randomRefreshToken, randomSalt, successorOf } from './refresh-token.ts';
import type { JoseTokens } from './tokens.jose.ts';

export interface SignedIn {
  readonly user: User;
  readonly accessToken: string;
  /** Epoch ms. */
  readonly accessTokenExpiresAt: number;
  readonly refreshToken: string;
}

export interface AccountsOptions {
  readonly db: Database;
  readonly tokens: JoseTokens;
  readonly passwords: Passwords;
  readonly refreshTokenMs: number;
  /** Tells all servers, this one included. */
  readonly announce: (ended: SignOut) => Promise<void>;
}

export class Accounts {
  readonly #o: AccountsOptions;

  constructor(options: AccountsOptions) {
    this.#o = options;
  }

  async register(request: {
    email: string;
    password: string;
    name: string;
    role: Role;
  }): Promise<Outcome<SignedIn>> {
    const passwordHash = await this.#o.passwords.hash(request.password);
    if (passwordHash === 'overloaded') return refused('overloaded');
    const { email, name, role } = request;
    const user = await createUser(this.#o.db, {
      id: userId.parse(uuidv7()),
      email,
      name,
      role,
      passwordHash,
    });
    return user === 'email_taken' ? refused('email_taken') : this.#signIn(user);
  }

  async login(email: string, password: string): Promise<Outcome<SignedIn>> {
    const known = await findCredentials(this.#o.db, email);
    const matches = await this.#o.passwords.matches(known?.passwordHash ?? null, password);
    if (matches === 'overloaded') return refused('overloaded');
    return matches && known ? this.#signIn(known.user) : refused('bad_credentials');
  }

  /** Trades a refresh token for the next one of its family; a repeat within a short time gets the same one. */
  async refresh(token: string): Promise<Outcome<SignedIn>> {
    const salt = randomSalt();
    const next = this.#stored(successorOf(token, salt));
    const traded = await rotateRefreshToken(this.#o.db, { hash: hashOf(token), salt, next });
    if (traded === 'unknown') return refused('bad_token');
    if (traded === 'reused') {
      await this.logout(token);
      return refused('refresh_reused');
    }
    return this.#issue(traded.user, traded.family, traded.salts.reduce(successorOf, token));
  }

  /** Ends the sign-in this refresh token belongs to. Does nothing when there is none. */
  async logout(token: string): Promise<void> {
    const ended = await revokeRefreshFamily(this.#o.db, hashOf(token));
    if (ended) await this.#o.announce({ user: ended.user, session: ended.family });
  }

  find(id: UserId): Promise<User | null> {
    return findUser(this.#o.db, id);
  }

  async #signIn(user: User): Promise<SignedIn> {
    const family = uuidv7();
    const first = randomRefreshToken();
    await saveRefreshToken(this.#o.db, { ...this.#stored(first), family, user: user.id });
    return this.#issue(user, family, first);
  }

  #stored(token: string) {
    return { id: uuidv7(), hash: hashOf(token), expiresAt: Date.now() + this.#o.refreshTokenMs };
  }

  async #issue(user: User, family: string, refreshToken: string): Promise<SignedIn> {
    const access = await this.#o.tokens.issue(user, family);
    return { user, accessToken: access.token, accessTokenExpiresAt: access.expiresAt, refreshToken };
  }
}
