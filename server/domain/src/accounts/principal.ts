/** Who is asking, as an access token said. */
import type { Role, UserId } from '@seatwire/protocol';

export type Principal = {
  /** null: anonymous. */
  readonly user: UserId | null;
  readonly role: Role;
  /** Epoch ms at which the token ends; null for anonymous. */
  readonly expiresAt: number | null;
  /** The sign-in this token came from (its refresh family): signing out ends exactly that one. */
  readonly session?: string;
};

export const ANONYMOUS: Principal = { user: null, role: 'anonymous', expiresAt: null };
