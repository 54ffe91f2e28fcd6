/**
 * Payments that were asked for here and have no answer yet, with the ops they were asked under: asked again under the same op, the
 * server tells the outcome. They survive a reload of their tab and a way to another page, and end with the sign-in.
 */
import { type EventId, holdId, opId, orderId, type UserId, userId } from '@seatwire/protocol';
import { z } from 'zod';
import type { Shelf } from './selection-memory.ts';

const places = z.array(z.int().min(0)).readonly();
const openPayment = z.object({
  hold: z.object({
    hold: holdId,
    places,
    prices: places,
    amount: z.int().min(0),
    currency: z.string(),
    expiresAt: z.number(),
    order: orderId.nullable(),
  }),
  method: z.string(),
  checkout: opId,
  pay: opId,
  /** Whether `pay` may have reached the server: then checkout has been, and is not asked for again. */
  begun: z.boolean(),
});
const kept = z.object({ user: userId, payments: z.array(openPayment) });

export type OpenPayment = Readonly<z.output<typeof openPayment>>;

export interface PaymentMemory {
  /** What this user left open here. */
  load(user: UserId): readonly OpenPayment[];
  save(user: UserId | null, payments: readonly OpenPayment[]): void;
}

export const NO_PAYMENT_MEMORY: PaymentMemory = { load: () => [], save: () => {} };

/** `shelf`: asking for it may throw, where a browser forbids it. */
export function paymentMemory(shelf: () => Shelf, event: EventId): PaymentMemory {
  const key = `seatwire.payments.${event}`;
  const work = <T>(use: (shelf: Shelf) => T, otherwise: T): T => {
    try {
      return use(shelf());
    } catch {
      // A full or forbidden storage costs the sight of a payment at a reload; its tickets are in the account.
      return otherwise;
    }
  };
  return {
    load: (user) =>
      work((shelf) => {
        const found = kept.safeParse(JSON.parse(shelf.getItem(key) ?? 'null'));
        if (found.success && found.data.user === user) return found.data.payments;
        shelf.removeItem(key);
        return [];
      }, []),
    save(user, payments) {
      work((shelf) => {
        if (user === null || payments.length === 0) shelf.removeItem(key);
        else shelf.setItem(key, JSON.stringify({ user, payments }));
      }, undefined);
    },
  };
}
