/**
 * Payments that were asked for here and have no answer yet, with the ops they were asked under: asked again under the same op, the
 * server tells the outcome. They survive a reload of their tab and a way to another page, and end with the sign-in.
 */
import { type EventId, holdId, opId, orderId, type UserId, userId } from '@seatwire/protocol';
import { z } from 'zod';
import { keepOnShelf, onShelf, type Shelf } from './shelf.ts';

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

/** `shelf`: asking for it may throw, where a browser forbids it. Then a reload costs the sight of a payment; its tickets are in the account. */
export function paymentMemory(shelf: () => Shelf, event: EventId): PaymentMemory {
  const key = `seatwire.payments.${event}`;
  return {
    load: (user) =>
      onShelf(
        shelf,
        (tab) => {
          const found = kept.safeParse(JSON.parse(tab.getItem(key) ?? 'null'));
          if (found.success && found.data.user === user) return found.data.payments;
          tab.removeItem(key);
          return [];
        },
        [],
      ),
    save: (user, payments) =>
      keepOnShelf(shelf, key, user === null || payments.length === 0 ? null : { user, payments }),
  };
}
