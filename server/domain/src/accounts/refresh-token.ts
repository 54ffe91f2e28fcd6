/**
 * Refresh tokens: 256 random bits for the first of a sign-in, and each later one made of the one before it.
 *
 * A successor is HMAC-SHA256 of a random salt, keyed with the token it follows. The ledger keeps hashes of the tokens, and the salt for
 * about a minute, until a worker deletes it (`forgetRefreshSalts`). So a used token shown again in time gets the same successor again,
 * though no token is stored. The ledger alone, or a used token alone, does not give it.
 */
import { createHash, createHmac, randomBytes } from 'node:crypto';

export const randomRefreshToken = (): string => randomBytes(32).toString('base64url');

export const randomSalt = (): string => randomBytes(16).toString('base64url');

export const successorOf = (token: string, salt: string): string =>
  createHmac('sha256', token).update(salt).digest('base64url');

/** Plain SHA-256 is enough: 256 random bits cannot be guessed. */
export const hashOf = (token: string): string => createHash('sha256').update(token).digest('base64url');
