/** Holds and orders as every party sees them. */
import * as z from 'zod';
import { amount, currency, holdId, place, timeMs } from './ids.ts';

/** accepted: in Redis's outbox. confirmed: committed in Postgres, and only that means sold. */
export const ORDER_STATES = ['accepted', 'confirmed', 'rejected', 'cancelled'] as const;
export type OrderState = (typeof ORDER_STATES)[number];

export const HOLD_ENDS = ['expired', 'released', 'sold', 'rebuilt'] as const;
export type HoldEnd = (typeof HOLD_ENDS)[number];

/** A hold as its owner sees it. `prices[i]` is the price of `places[i]`, fixed when it was held. */
export const heldFields = {
  hold: holdId,
  /** Monotonic per event: of two claims on a place, the higher fence is the later. */
  fence: z.int(),
  places: z.array(place),
  prices: z.array(amount),
  amount,
  currency,
  expiresAt: timeMs,
};
