/** How an event comes into the ledger: checked, in one normal form of its texts, with its venue and its prices. */
import {
  amount,
  type ChartId,
  category,
  type EventId,
  instant,
  isCurrency,
  line,
  MAX_PLACES_PER_COMMAND,
  paragraphs,
  timeZoneName,
  type UserId,
} from '@seatwire/protocol';
import { sql } from 'slonik';
import { z } from 'zod';
import type { Database } from './database.ts';
import { venueOf } from './venues.ts';

/** Times in ISO 8601; amounts in minor units; spans in ms. */
export interface NewEvent {
  readonly id: EventId;
  readonly title: string;
  readonly description: string;
  /** Name of the venue; it is created if there is none of this name in this city. */
  readonly venue: string;
  readonly city: string;
  /** IANA name of the venue's zone. */
  readonly timeZone: string;
  readonly organizer: UserId;
  readonly chart: ChartId;
  readonly startsAt: string;
  readonly saleOpensAt: string;
  readonly saleClosesAt: string;
  readonly currency: string;
  /** One for each category of the chart. */
  readonly prices: readonly { readonly category: string; readonly amount: number }[];
  readonly maxPerHold: number;
  readonly maxPerBuyer: number;
  readonly holdMs: number;
  readonly maxHoldMs: number;
  readonly payingMs: number;
  readonly noOrphans: boolean;
  readonly published: boolean;
}

/**
 * `exists`: an event of this id is there, and is left as it is. `prices_mismatch`: not one price for each category of the chart.
 * `time_zone_mismatch`: the venue is known to be in another zone. `bad_text`: title, description, venue or city is blank, too long or
 * holds invisible characters. `bad_times`: no instants, or a sale that closes before it opens. `bad_prices`: an amount that is
 * none. `bad_terms`: a number or span below 1 or too large, fewer places a buyer than a hold, or a longest hold shorter than a hold.
 */
export type EventCreation =
  | 'created'
  | 'exists'
  | 'unknown_chart'
  | 'unknown_organizer'
  | 'unknown_currency'
  | 'unknown_time_zone'
  | 'prices_mismatch'
  | 'time_zone_mismatch'
  | 'bad_text'
  | 'bad_times'
  | 'bad_prices'
  | 'bad_terms';

export async function createEvent(db: Database, wanted: NewEvent): Promise<EventCreation> {
  const event = sound(wanted);
  if (typeof event === 'string') return event;
  return db.transaction(async (tx) => {
    const known = await tx.one(sql.type(knownRow)`
      select exists (select from events where id = ${event.id}) as event,
        exists (select from users where id = ${event.organizer} and role <> 'customer') as organizer,
        (select document -> 'categories' from charts where id = ${event.chart}) as categories`);
    if (known.event) return 'exists';
    if (!known.organizer) return 'unknown_organizer';
    if (!known.categories) return 'unknown_chart';
    const wanted = known.categories.map(({ key }) => key).sort();
    const given = event.prices.map((price) => price.category).sort();
    if (wanted.join('\n') !== given.join('\n')) return 'prices_mismatch';

    const { venue: name, city, timeZone } = event;
    const venue = await venueOf(tx, { name, city, timeZone });
    if (venue === null) return 'time_zone_mismatch';
    const created = await tx.maybeOne(sql.type(z.object({ id: z.string() }))`
      insert into events (id, title, description, venue_id, organizer_id, chart_id, starts_at, sale_opens_at, sale_closes_at,
        currency, max_per_hold, max_per_buyer, hold_ms, max_hold_ms, paying_ms, no_orphans, published_at)
      values (${event.id}, ${event.title}, ${event.description}, ${venue}, ${event.organizer}, ${event.chart},
        ${event.startsAt}::timestamptz, ${event.saleOpensAt}::timestamptz, ${event.saleClosesAt}::timestamptz,
        ${event.currency}, ${event.maxPerHold}, ${event.maxPerBuyer}, ${event.holdMs}, ${event.maxHoldMs},
        ${event.payingMs}, ${event.noOrphans}, case when ${event.published} then now() end)
      on conflict (id) do nothing
      returning id`);
    if (!created) return 'exists';
    await tx.query(sql.unsafe`
      insert into event_prices (event_id, revision, category, amount)
      select ${event.id}, 1, category, amount from ${sql.unnest(
        event.prices.map((price) => [price.category, price.amount]),
        ['text', 'int8'],
      )} as price (category, amount)`);
    return 'created';
  });
}

/** The event in the form it is kept in, or why it cannot be. */
function sound(event: NewEvent): NewEvent | EventCreation {
  const text = eventText.safeParse(event);
  if (!text.success) return 'bad_text';
  const timeZone = timeZoneName(event.timeZone);
  if (timeZone === null) return 'unknown_time_zone';
  if (!isCurrency(event.currency)) return 'unknown_currency';
  const times = eventTimes.safeParse(event);
  if (!times.success || times.data.saleClosesAt <= times.data.saleOpensAt) return 'bad_times';
  if (!event.prices.every((price) => amount.safeParse(price.amount).success)) return 'bad_prices';
  const terms = eventTerms.safeParse(event);
  if (!terms.success || event.maxPerBuyer < event.maxPerHold || event.maxHoldMs < event.holdMs)
    return 'bad_terms';
  return { ...event, ...text.data, ...times.data, timeZone };
}

const eventText = z.object({
  title: line(200),
  description: paragraphs(20_000),
  venue: line(200),
  city: line(200),
});
const eventTimes = z.object({ startsAt: instant, saleOpensAt: instant, saleClosesAt: instant });
/** Of what columns hold. */
const some = z.int32().min(1);
const eventTerms = z.object({
  maxPerHold: some.max(MAX_PLACES_PER_COMMAND),
  maxPerBuyer: some,
  holdMs: some,
  maxHoldMs: some,
  payingMs: some,
});

const knownRow = z.object({
  event: z.boolean(),
  organizer: z.boolean(),
  categories: z.array(category).nullable(),
});
