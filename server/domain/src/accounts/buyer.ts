/** Who may buy: an account whose token has not ended. Made once, where a command comes in; the domain takes nothing less. */
import { type Refusal, refused, type UserId } from '@seatwire/protocol';
import type { Principal } from './principal.ts';

declare const checked: unique symbol;
export type Buyer = UserId & { readonly [checked]: true };

export function buyerOf(principal: Principal, now = Date.now()): Buyer | Refusal {
  if (principal.user === null) return refused('unauthenticated');
  if (principal.expiresAt !== null && principal.expiresAt <= now) return refused('token_expired');
  return principal.user as Buyer;
}
