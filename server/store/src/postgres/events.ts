import {
  amount,
  category,
  chartId,
  currency,
  type EventDetail,
  type EventId,
  type EventSummary,
  eventId,
  normalText,
  userId,
} from '@seatwire/protocol';
import { type FragmentSqlToken, type QuerySqlToken, sql } from 'slonik';
import { z } from 'zod';
import type { EventRules } from '../words/event-rules.ts';
import type { Database } from './database.ts';
import { venueTimeZone } from './venues.ts';

export interface SaleEvent {
  readonly detail: EventDetail;
  readonly rules: EventRules;
  readonly published: boolean;
}

export interface EventSearch {
  readonly limit: number;
  readonly offset: number;
  /** Looked for in title, venue and city. */
  readonly search?: string | undefined;
  /** Starting at or after, ISO 8601. */
  readonly from?: string | undefined;
  /** Starting before, ISO 8601. */
  readonly to?: string | undefined;
  /** Latest first; soonest first if left out. */
  readonly latestFirst?: boolean | undefined;
}

export interface EventsFound {
  readonly events: EventSummary[];
  /** In all pages together. */
  readonly total: number;
}

/** Published events in the order of their start. */
export async function listEvents(db: Database, wanted: EventSearch): Promise<EventsFound> {
  const found = sql.fragment`e.published_at is not null
    and (${wanted.from ?? null}::timestamptz is null or e.starts_at >= ${wanted.from ?? null}::timestamptz)
    and (${wanted.to ?? null}::timestamptz is null or e.starts_at < ${wanted.to ?? null}::timestamptz)
    and ${named(wanted.search)}`;
  const order = wanted.latestFirst
    ? sql.fragment`e.starts_at desc, e.id desc`
    : sql.fragment`e.starts_at, e.id`;
  const [rows, total] = await Promise.all([
    db.any(sql.type(summaryRow)`
      select ${summaryColumns} ${fromEvents} where ${found}
      order by ${order} limit ${wanted.limit} offset ${wanted.offset}`),
    db.oneFirst(sql.type(countRow)`
      select count(*) from events e join venues v on v.id = e.venue_id where ${found}`),
  ]);
  return { events: rows.map(summaryOf), total };
}

/** Both sides in one normal form and one case: a keyboard's way of making a letter must not decide what is found. */
function named(search: string | undefined): FragmentSqlToken {
  if (!search) return sql.fragment`true`;
  const like = `%${normalText(search).replace(/[\\%_]/g, '\\$&')}%`;
  return sql.fragment`(${sql.join(
    ['e.title', 'v.name', 'v.city'].map(
      (column) =>
        sql.fragment`lower(normalize(${sql.identifier(column.split('.'))}, NFKC)) like lower(${like})`,
    ),
    sql.fragment` or `,
  )})`;
}

/** Published or not: the caller decides who may see what is not. */
export async function findEvent(db: Database, id: EventId): Promise<SaleEvent | null> {
  const row = await db.maybeOne(eventQuery(id));
  if (!row) return null;
  const amounts = new Map(row.prices.map((price) => [price.category, price.amount]));
  const detail: EventDetail = {
    ...summaryOf(row),
    description: row.description,
    organizer: row.organizer_id,
    chart: row.chart_id,
    prices: row.categories.flatMap(({ key, name, color }) => {
      const price = amounts.get(key);
      return price === undefined ? [] : [{ category: key, name, color, amount: price }];
    }),
    maxPerHold: row.max_per_hold,
    maxPerBuyer: row.max_per_buyer,
    holdMs: row.hold_ms,
  };
  return { detail, rules: rulesOf(row), published: row.published };
}

/** Puts an event on sale. False when there is none. */
export async function publishEvent(db: Database, id: EventId): Promise<boolean> {
  const published = await db.maybeOne(sql.type(z.object({ id: eventId }))`
    update events set published_at = coalesce(published_at, now()) where id = ${id} returning id`);
  return published !== null;
}

/** Every published event, soonest first. */
export async function eventsOnSale(db: Database): Promise<readonly EventId[]> {
  return db.anyFirst(sql.type(z.object({ id: eventId }))`
    select id from events where published_at is not null order by starts_at, id`);
}

const fromEvents = sql.fragment`
  from events e
  join venues v on v.id = e.venue_id
  join charts c on c.id = e.chart_id
  join lateral (
    select min(amount) as lowest, max(amount) as highest from event_prices
    where event_id = e.id and revision = e.price_revision
  ) p on true`;

const summaryColumns = sql.fragment`
  e.id, e.title, v.name as venue, v.city, ${venueTimeZone}, e.starts_at, e.sale_opens_at, e.sale_closes_at, c.places, p.lowest, p.highest,
  e.currency`;

const countRow = z.object({ count: z.int() });
const epochMs = z.int();
const summaryRow = z.object({
  id: eventId,
  title: z.string(),
  venue: z.string(),
  city: z.string(),
  time_zone: z.string(),
  starts_at: epochMs,
  sale_opens_at: epochMs,
  sale_closes_at: epochMs,
  places: z.int(),
  lowest: amount,
  highest: amount,
  currency,
});

export const rulesRow = z.object({
  sale_opens_at: epochMs,
  sale_closes_at: epochMs,
  max_per_hold: z.int(),
  max_per_buyer: z.int(),
  hold_ms: z.int(),
  max_hold_ms: z.int(),
  paying_ms: z.int(),
  currency,
  price_revision: z.int(),
  no_orphans: z.boolean(),
});

export const rulesColumns = sql.fragment`
  e.sale_opens_at, e.sale_closes_at, e.max_per_hold, e.max_per_buyer, e.hold_ms, e.max_hold_ms, e.paying_ms, e.currency,
  e.price_revision, e.no_orphans`;

const eventRow = z.object({
  ...summaryRow.shape,
  ...rulesRow.shape,
  description: z.string(),
  organizer_id: userId,
  chart_id: chartId,
  published: z.boolean(),
  categories: z.array(category),
  prices: z.array(z.object({ category: z.string(), amount })),
});

const eventQuery = (id: EventId): QuerySqlToken<typeof eventRow> => sql.type(eventRow)`
  select ${summaryColumns}, ${rulesColumns}, e.description, e.organizer_id, e.chart_id,
    e.published_at is not null as published,
    c.document -> 'categories' as categories,
    (select jsonb_agg(jsonb_build_object('category', category, 'amount', amount)) from event_prices
      where event_id = e.id and revision = e.price_revision) as prices
  ${fromEvents}
  where e.id = ${id}`;

const iso = (epoch: number) => new Date(epoch).toISOString();

const summaryOf = (row: z.output<typeof summaryRow>): EventSummary => ({
  id: row.id,
  title: row.title,
  venue: row.venue,
  city: row.city,
  startsAt: iso(row.starts_at),
  timeZone: row.time_zone,
  saleOpensAt: iso(row.sale_opens_at),
  saleClosesAt: iso(row.sale_closes_at),
  places: row.places,
  minPrice: row.lowest,
  maxPrice: row.highest,
  currency: row.currency,
});

export const rulesOf = (row: z.output<typeof rulesRow>): EventRules => ({
  saleOpensAt: row.sale_opens_at,
  saleClosesAt: row.sale_closes_at,
  maxPerHold: row.max_per_hold,
  maxPerBuyer: row.max_per_buyer,
  holdMs: row.hold_ms,
  maxHoldMs: row.max_hold_ms,
  payingMs: row.paying_ms,
  currency: row.currency,
  priceRevision: row.price_revision,
  noOrphans: row.no_orphans,
});
