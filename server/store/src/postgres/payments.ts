import { amount, currency, type OrderId, orderId } from '@seatwire/protocol';
import { sql } from 'slonik';
import { z } from 'zod';
import type { Payment } from '../payments/provider.ts';
import type { Database } from './database.ts';

export type PaymentState = Payment['state'];

/** capture: the order is committed. void: it never will be (refused, expired, abandoned). refund: it was cancelled after capture. */
export const PAYMENT_ACTIONS = ['capture', 'void', 'refund'] as const;

/** A step the ledger calls for and the payment has not taken. */
export interface PaymentDue {
  readonly action: (typeof PAYMENT_ACTIONS)[number];
  readonly order: OrderId;
}

/** What may come after what; a state may also be recorded again. */
const BEFORE: Readonly<Record<PaymentState, readonly PaymentState[]>> = {
  authorised: ['authorised'],
  captured: ['authorised', 'captured'],
  voided: ['authorised', 'voided'],
  refunded: ['captured', 'refunded'],
};

/**
 * Records what the provider did. A purchase's payment starts as `authorised` when it is flushed; an order that costs nothing has
 * none. `unknown_order`: the order never reached the ledger (a lapse), so there is nothing to write. `out_of_order`: this state
 * cannot follow the ledger's (voided, then captured). Provider and ledger disagree, and a person must look.
 */
export async function recordPayment(
  db: Database,
  order: OrderId,
  state: PaymentState,
): Promise<'recorded' | 'unknown_order' | 'out_of_order'> {
  const recorded = await db.maybeOne(sql.type(z.object({ id: orderId }))`
    update payments set state = ${state}, changed_at = case when state = ${state} then changed_at else now() end
    where order_id = ${order} and state = any(${sql.array([...BEFORE[state]], 'text')})
    returning order_id as id`);
  if (recorded) return 'recorded';
  return (await paymentOf(db, order)) ? 'out_of_order' : 'unknown_order';
}

export async function paymentOf(db: Database, order: OrderId): Promise<Payment | null> {
  return db.maybeOne(sql.type(paymentRow)`
    select payment, order_id as order, amount, currency, state from payments where order_id = ${order}`);
}

/** Confirmed orders whose payment has not been captured, oldest first; only those flushed at least `olderThanMs` ago. */
export async function uncapturedOrders(
  db: Database,
  limit: number,
  olderThanMs = 0,
): Promise<readonly OrderId[]> {
  return db.anyFirst(sql.type(z.object({ id: orderId }))`
    select p.order_id as id from payments p join orders o on o.id = p.order_id
    where p.state = 'authorised' and o.status = 'confirmed' and p.created_at <= ${ago(olderThanMs)}
    order by p.created_at, p.order_id limit ${limit}`);
}

/**
 * Every step the ledger calls for and the payments have not taken: capture what is confirmed, void what never will be,
 * refund what was cancelled after capture. Oldest first.
 */
export async function paymentsDue(
  db: Database,
  limit: number,
  olderThanMs = 0,
): Promise<readonly PaymentDue[]> {
  return db.any(sql.type(dueRow)`
    select "order", action from (
      select p.order_id as "order", case o.status when 'confirmed' then 'capture' else 'void' end as action, p.created_at
      from payments p join orders o on o.id = p.order_id where p.state = 'authorised'
      union all
      select p.order_id, 'refund', p.created_at
      from orders o join payments p on p.order_id = o.id where o.status <> 'confirmed' and p.state = 'captured'
    ) due
    where created_at <= ${ago(olderThanMs)}
    order by created_at, "order" limit ${limit}`);
}

/** By Postgres's own clock, which also wrote the rows. */
const ago = (ms: number) => sql.fragment`now() - ${ms} * interval '1 millisecond'`;

const paymentRow = z.object({
  payment: z.string(),
  order: orderId,
  amount,
  currency,
  state: z.enum(['authorised', 'captured', 'voided', 'refunded']),
});
const dueRow = z.object({ order: orderId, action: z.enum(PAYMENT_ACTIONS) });
