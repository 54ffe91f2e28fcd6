/** Orders, and what they are paid with. */
import * as z from 'zod';
import { REJECT_CODES } from '../reject/index.ts';
import { amount, currency, eventId, orderId, place } from '../words/ids.ts';
import { heldFields, ORDER_STATES } from '../words/orders.ts';
import { isoTime, occasion, pageOf } from './fields.ts';

/** POST /orders: checks the hold out and pays it. `Idempotency-Key` (an op id) is required; `method` unless the amount is 0. */
export const orderRequest = z.object({
  event: eventId,
  hold: heldFields.hold,
  method: z.string().min(1).max(128).optional(),
});

export const orderBody = z.object({
  id: orderId,
  event: eventId,
  ...occasion,
  status: z.enum(ORDER_STATES),
  amount,
  currency,
  createdAt: isoTime,
  tickets: z.array(z.object({ id: z.string(), place, label: z.string(), price: amount })),
  reason: z.enum(REJECT_CODES).nullable(),
});
export type OrderBody = z.output<typeof orderBody>;

export const orderList = z.object({ orders: z.array(orderBody), ...pageOf });
export type OrderList = z.output<typeof orderList>;

/** What the simulated provider's test cards do; empty with a real provider. */
export const paymentMethod = z.object({ token: z.string(), label: z.string(), outcome: z.string() });
export type PaymentMethod = z.output<typeof paymentMethod>;
