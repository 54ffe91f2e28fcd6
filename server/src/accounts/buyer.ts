/** Who may buy: an account whose token has not run out. */
import type { UserId } from '@seatwire/protocol';
import { type Outcome, refused } from '../outcome.ts';
import type { Principal } from './principal.ts';

export function buyerOf(principal: Principal, now = Date.now()): Outcome<{ readonly id: UserId }> {
  if (principal.user === null) return refused('unauthenticated');
  if (principal.expiresAt !== null && principal.expiresAt <= now) return refused('token_expired');
  return { id: principal.user };
}
