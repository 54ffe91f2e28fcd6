/** Access tokens as EdDSA JWTs (RFC 9068): the algorithm is pinned, issuer, audience, type and expiry are required, and size is bounded. */
import { ROLES, type Role, type User, userId } from '@seatwire/protocol';
import { errors, type JWTPayload, jwtVerify, SignJWT } from 'jose';
import { z } from 'zod';
import type { Principal } from './principal.ts';
import type { Revocations } from './revocations.ts';
import type { SigningKey } from './signing-key.ts';
import type { Tokens } from './tokens.ts';

const AUDIENCE = 'seatwire';
const TYPE = 'at+jwt';
/** Ours have about 450 characters. */
const LONGEST = 2048;

const claims = z.object({
  sub: userId,
  role: z.enum(ROLES),
  exp: z.int(),
  /** The refresh family this token was issued for. */
  sid: z.string().max(64),
});

export interface AccessToken {
  readonly token: string;
  /** Epoch ms. */
  readonly expiresAt: number;
}

export class JoseTokens implements Tokens {
  readonly #key: SigningKey;
  readonly #issuer: string;
  readonly #seconds: number;
  readonly #revoked: Revocations;

  constructor(key: SigningKey, options: { issuer: string; seconds: number; revocations: Revocations }) {
    this.#key = key;
    this.#issuer = options.issuer;
    this.#seconds = options.seconds;
    this.#revoked = options.revocations;
  }

  /** The public key set (RFC 7517). */
  get jwks() {
    return { keys: [this.#key.published] };
  }

  async issue(user: User, session: string): Promise<AccessToken> {
    const issuedAt = Math.floor(Date.now() / 1000);
    const token = await new SignJWT({ role: user.role, sid: session })
      .setProtectedHeader({ alg: 'EdDSA', typ: TYPE, kid: this.#key.id })
      .setSubject(user.id)
      .setIssuer(this.#issuer)
      .setAudience(AUDIENCE)
      .setIssuedAt(issuedAt)
      .setExpirationTime(issuedAt + this.#seconds)
      .sign(this.#key.sign);
    return { token, expiresAt: (issuedAt + this.#seconds) * 1000 };
  }

  async verify(token: string): Promise<Principal | 'bad_token' | 'token_expired'> {
    if (token.length > LONGEST) return 'bad_token';
    let payload: JWTPayload;
    try {
      ({ payload } = await jwtVerify(token, this.#key.verify, {
        algorithms: ['EdDSA'],
        issuer: this.#issuer,
        audience: AUDIENCE,
        typ: TYPE,
        requiredClaims: ['exp', 'iat', 'sub', 'sid', 'role'],
        // However far its exp lies: a token of ours is never older than its life.
        maxTokenAge: this.#seconds,
      }));
    } catch (error) {
      return error instanceof errors.JWTExpired ? 'token_expired' : 'bad_token';
    }
    const read = claims.safeParse(payload);
    if (!read.success || read.data.role === 'anonymous' || this.#revoked.has(read.data.sid))
      return 'bad_token';
    const { sub, role, exp, sid } = read.data;
    return { user: sub, role: role satisfies Role, expiresAt: exp * 1000, session: sid };
  }
}
