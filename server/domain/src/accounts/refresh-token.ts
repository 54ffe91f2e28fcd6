/**
 * Refresh tokens: 256 random bits for the first of a sign-in, and each later one made of the one before it.
 *
 * A successor is HMAC-SHA256 of a random salt, keyed with the token it follows. The ledger keeps hashes of the
 * tokens, and the salt for about a minute: until a worker forgets it (`forgetRefreshSalts`). So whoever shows the used token again in time can be given the same successor again, though no token
 * is stored; the ledger alone, or a used token alone, makes nothing.
 */
import { createHash, createHmac, randomBytes } from 'node:crypto';

export const randomRefreshToken = (): string => randomBytes(32).toString('base64url');

export const randomSalt = (): string => randomBytes(16).toString('base64url');

export const successorOf = (token: string, salt: string): string =>
  createHmac('sha256', token).update(salt).digest('base64url');

/** Plain SHA-256 is enough: the token is 256 bits nobody can guess. */
export const hashOf = (token: string): string => createHash('sha256').update(token).digest('base64url');
