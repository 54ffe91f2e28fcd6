import {
  amount,
  chartId,
  currency,
  type EventId,
  eventId,
  ORDER_STATES,
  type OrderBody,
  type OrderId,
  type OrderState,
  orderId,
  REJECT_CODES,
  type UserId,
  userId,
} from '@seatwire/protocol';
import { sql } from 'slonik';
import { z } from 'zod';
import type { Database } from './database.ts';
import { labelsOf } from './place-labels.ts';
import { venueTimeZone } from './venues.ts';

export type BuyersOrder = OrderBody & { readonly buyer: UserId };

/** Null when the ledger has no such order: it may still be in the outbox. */
export async function findOrder(db: Database, id: OrderId): Promise<BuyersOrder | null> {
  const row = await db.maybeOne(sql.type(orderRow)`${selectOrders} where o.id = ${id}`);
  return row && (await orderOf(db, row));
}

/** Only how it stands: for those who decide about its payment. Null when the ledger has no such order. */
export async function statusOfOrder(db: Database, id: OrderId): Promise<OrderState | null> {
  return db.maybeOneFirst(sql.type(statusRow)`select status from orders where id = ${id}`);
}

export interface OrderSearch {
  readonly event?: EventId | undefined;
  readonly limit: number;
  readonly offset: number;
}

export interface OrdersFound {
  readonly orders: OrderBody[];
  /** In all pages together. */
  readonly total: number;
}

/** The buyer's orders, latest first. */
export async function ordersOf(db: Database, buyer: UserId, wanted: OrderSearch): Promise<OrdersFound> {
  const found = sql.fragment`o.buyer_id = ${buyer}
    and (${wanted.event ?? null}::uuid is null or o.event_id = ${wanted.event ?? null})`;
  const [rows, total] = await Promise.all([
    db.any(sql.type(orderRow)`
      ${selectOrders} where ${found}
      order by o.accepted_at desc, o.id desc
      limit ${wanted.limit} offset ${wanted.offset}`),
    db.oneFirst(sql.type(countRow)`select count(*) from orders o where ${found}`),
  ]);
  const orders = rows.map(async (row) => {
    const { buyer: _, ...order } = await orderOf(db, row);
    return order;
  });
  return { orders: await Promise.all(orders), total };
}

/** Which of these the ledger has. */
export async function ordersWritten(db: Database, ids: readonly OrderId[]): Promise<ReadonlySet<OrderId>> {
  if (ids.length === 0) return new Set();
  const found = await db.anyFirst(sql.type(z.object({ id: orderId }))`
    select id from orders where id = any(${sql.array([...ids], 'uuid')})`);
  return new Set(found);
}

export interface CancelledOrder {
  readonly event: EventId;
  readonly buyer: UserId;
  readonly fence: number;
  readonly places: readonly number[];
}

/** Ends the order's tickets. A repeat gets the same answer, and the first reason is kept. Null when the order is unknown or was rejected. */
export async function cancelOrder(
  db: Database,
  order: OrderId,
  reason: string,
): Promise<CancelledOrder | null> {
  return db.maybeOne(sql.type(cancelledRow)`
    with cancelled as (
      update orders set status = 'cancelled', cancelled_at = coalesce(cancelled_at, now()),
        cancel_reason = coalesce(cancel_reason, ${reason})
      where id = ${order} and status in ('confirmed', 'cancelled')
      returning id, event_id, buyer_id, fence
    ), ended as (
      update tickets set live = false where live and order_id in (select id from cancelled)
    )
    select event_id as event, buyer_id as buyer, fence,
      array(select place from tickets t where t.order_id = cancelled.id order by place) as places
    from cancelled`);
}

export interface Sales {
  readonly sold: number;
  /** Minor units; of live tickets. */
  readonly revenue: number;
  readonly currency: string;
}

/** Of an event that exists; an unknown one is the caller's defect, and throws. */
export async function salesOf(db: Database, event: EventId): Promise<Sales> {
  return db.one(sql.type(salesRow)`
    select count(t.id) as sold, coalesce(sum(t.price), 0)::bigint as revenue, e.currency
    from events e left join tickets t on t.event_id = e.id and t.live
    where e.id = ${event}
    group by e.id`);
}

const countRow = z.object({ count: z.int() });
const statusRow = z.object({ status: z.enum(ORDER_STATES) });
const cancelledRow = z.object({ event: eventId, buyer: userId, fence: z.int(), places: z.array(z.int()) });
const salesRow = z.object({ sold: z.int(), revenue: z.int(), currency });

const orderRow = z.object({
  id: orderId,
  event_id: eventId,
  title: z.string(),
  venue: z.string(),
  city: z.string(),
  time_zone: z.string(),
  starts_at: z.int(),
  buyer_id: userId,
  status: z.enum(ORDER_STATES),
  amount,
  currency,
  accepted_at: z.int(),
  reason: z.enum(REJECT_CODES).nullable(),
  chart_id: chartId,
  tickets: z.array(z.object({ id: z.string(), place: z.int(), price: amount })),
});

const selectOrders = sql.fragment`
  select o.id, o.event_id, e.title, v.name as venue, v.city, ${venueTimeZone}, e.starts_at, o.buyer_id, o.status, o.amount, o.currency,
    o.accepted_at, o.reason, e.chart_id, t.tickets
  from orders o
  join events e on e.id = o.event_id
  join venues v on v.id = e.venue_id
  cross join lateral (
    select coalesce(jsonb_agg(jsonb_build_object('id', id, 'place', place, 'price', price) order by place), '[]') as tickets
    from tickets where order_id = o.id
  ) t`;

async function orderOf(db: Database, row: z.output<typeof orderRow>): Promise<BuyersOrder> {
  const label = await labelsOf(db, row.chart_id);
  return {
    id: row.id,
    event: row.event_id,
    title: row.title,
    venue: row.venue,
    city: row.city,
    startsAt: new Date(row.starts_at).toISOString(),
    timeZone: row.time_zone,
    buyer: row.buyer_id,
    status: row.status,
    amount: row.amount,
    currency: row.currency,
    createdAt: new Date(row.accepted_at).toISOString(),
    tickets: row.tickets.map(({ id, place, price }) => ({ id, place, label: label(place), price })),
    reason: row.reason,
  };
}
