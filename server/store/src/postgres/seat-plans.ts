import {
  type Chart,
  chart,
  type EventId,
  type OrderId,
  orderId,
  type UserId,
  userId,
} from '@seatwire/protocol';
import { type CommonQueryMethods, sql } from 'slonik';
import { z } from 'zod';
import type { SeatPlan } from '../words/seat-plan.ts';
import type { Database } from './database.ts';
import { rulesColumns, rulesOf, rulesRow } from './events.ts';

/** All that Redis is rebuilt from, as of one instant. Null when there is no such event. */
export async function findSeatPlan(db: Database, event: EventId): Promise<SeatPlan | null> {
  return db.transaction(async (tx) => {
    // One snapshot for all four statements: a place sold between two of them must not be lost.
    await tx.query(sql.unsafe`set transaction isolation level repeatable read, read only`);
    const row = await tx.maybeOne(sql.type(planRow)`
      select ${rulesColumns}, c.document as chart,
        coalesce((select max(fence) from orders o where o.event_id = e.id), 0) as fence
      from events e join charts c on c.id = e.chart_id where e.id = ${event}`);
    if (!row) return null;
    const blocked = await tx.anyFirst(sql.type(z.object({ place: z.int() }))`
      select place from blocked_places where event_id = ${event} order by place`);
    const sold = await liveTickets(tx, event);
    return {
      places: row.chart.places,
      runStarts: runStarts(row.chart),
      rules: rulesOf(row),
      sold: sold.map(({ place, fence, buyer }) => ({ place, fence, buyer })),
      blocked,
      fence: row.fence,
    };
  });
}

export interface LiveTicket {
  readonly place: number;
  readonly fence: number;
  readonly order: OrderId;
  readonly buyer: UserId;
}

/** What is sold, by place. */
export async function liveTickets(db: CommonQueryMethods, event: EventId): Promise<readonly LiveTicket[]> {
  return db.any(sql.type(ticketRow)`
    select t.place, t.fence, o.id as order, o.buyer_id as buyer
    from tickets t join orders o on o.id = t.order_id
    where t.event_id = ${event} and t.live
    order by t.place`);
}

/**
 * Keeps places off sale from the next rebuild on; `SeatStore.block` does it at once. Sold places are left out. Returns those of the
 * named places that are blocked now.
 */
export async function blockPlaces(
  db: Database,
  event: EventId,
  places: readonly number[],
): Promise<readonly number[]> {
  await db.query(sql.unsafe`
    insert into blocked_places (event_id, place)
    select ${event}, place from unnest(${sql.array([...places], 'int4')}) as wanted (place)
    where not exists (select from tickets t where t.event_id = ${event} and t.place = wanted.place and t.live)
    order by place
    on conflict do nothing`);
  return db.anyFirst(sql.type(z.object({ place: z.int() }))`
    select place from blocked_places
    where event_id = ${event} and place = any(${sql.array([...places], 'int4')}) order by place`);
}

export async function unblockPlaces(db: Database, event: EventId, places: readonly number[]): Promise<void> {
  await db.query(sql.unsafe`
    delete from blocked_places where event_id = ${event} and place = any(${sql.array([...places], 'int4')})`);
}

/** First place of every run; a general-admission section is one run. Ascending. */
export function runStarts({ sections }: Chart): number[] {
  return sections
    .flatMap(({ first, runs }) => (runs.length === 0 ? [first] : runs.map((run) => run.first)))
    .sort((a, b) => a - b);
}

const planRow = rulesRow.extend({ chart, fence: z.int() });
const ticketRow = z.object({ place: z.int(), fence: z.int(), order: orderId, buyer: userId });
