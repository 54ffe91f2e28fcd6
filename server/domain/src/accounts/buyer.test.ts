import { refused, type UserId, uuidv7 } from '@seatwire/protocol';
import { expect, test } from 'vitest';
import { buyerOf } from './buyer.ts';
import { ANONYMOUS, type Principal } from './principal.ts';

const principal: Principal = { user: uuidv7() as UserId, role: 'customer', expiresAt: 1_000 };

test('[SE7] an account buys until its token has run out', () => {
  expect(buyerOf(principal, 999)).toBe(principal.user);
  expect(buyerOf({ ...principal, expiresAt: null }, 2_000)).toBe(principal.user);
  expect(buyerOf(principal, 1_000)).toEqual(refused('token_expired'));
});

test('[SE7] an anonymous visitor is no buyer', () => {
  expect(buyerOf(ANONYMOUS)).toEqual(refused('unauthenticated'));
});
