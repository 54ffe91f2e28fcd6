/** What REST sends and takes: the same schemas make the OpenAPI document and the web page's types. */
import * as z from 'zod';
import { REJECT_CODES } from '../reject/index.ts';
import { ROLES } from '../words/accounts.ts';
import {
  amount,
  chartId,
  currency,
  epoch,
  eventId,
  opId,
  orderId,
  place,
  userId,
  version,
} from '../words/ids.ts';
import { MAX_PLACES_PER_COMMAND } from '../words/limits.ts';
import { heldFields, ORDER_STATES } from '../words/orders.ts';
import { line, normalText } from '../words/text.ts';

/** UTC, ISO 8601. */
const isoTime = z.iso.datetime();

/** What, where and when, as lists, pages and tickets say it. Wall times are the venue's: `startsAt` in `timeZone`. */
const occasion = {
  title: z.string(),
  venue: z.string(),
  city: z.string(),
  startsAt: isoTime,
  timeZone: z
    .string()
    .meta({ description: "IANA time zone of the venue; the event's wall times are told in it." }),
};

/** Of lists that come in pages. */
const pageOf = {
  total: z.int().min(0).meta({ description: 'How many there are in all pages together.' }),
  next: z.string().nullable().meta({ description: 'Path and query of the next page; null on the last one.' }),
};

/** RFC 9457, as `application/problem+json`. `type` is stable and leads to what the code means; so does `code`, for programs. */
export const problemBody = z.object({
  type: z.string().meta({ description: 'URI reference of the kind of problem: /api/problems/{code}.' }),
  title: z.string(),
  status: z.int(),
  detail: z.string().meta({ description: 'What is wrong, and what to do. The text may change.' }),
  code: z.enum(REJECT_CODES),
  retryable: z.boolean().meta({ description: 'Whether the same request may succeed later.' }),
  retryAfterMs: z.int().optional(),
  places: z.array(place).optional(),
  /** Which fields of the request were wrong, for bad_request. */
  issues: z.array(z.object({ path: z.string(), message: z.string() })).optional(),
});
export type ProblemBody = z.output<typeof problemBody>;

export const user = z.object({ id: userId, email: z.email(), name: z.string(), role: z.enum(ROLES) });
export type User = z.output<typeof user>;

/** Where the refresh token travels: an HttpOnly cookie (browsers) or the body (everybody else). */
const refreshTransport = z.enum(['cookie', 'body']).default('body');

/** Trimmed, in one form; compared without regard to case. */
const emailAddress = z
  .string()
  .max(4 * 254)
  .transform((typed) => normalText(typed).trim())
  .pipe(z.email().max(254));
/** In one form, however a keyboard made it. Blanks count, at its ends too. */
const newPassword = z
  .string()
  .min(10)
  .max(4 * 200)
  .transform(normalText)
  .pipe(
    z
      .string()
      .min(10)
      .max(200)
      .refine((text) => !/[\p{Cc}\p{Cs}]/u.test(text), 'must hold no control characters'),
  );

export const registerRequest = z.object({
  email: emailAddress,
  password: newPassword,
  name: line(100),
  role: z.enum(['customer', 'organizer']).default('customer'),
  refreshTransport,
});
export const loginRequest = z.object({
  email: emailAddress,
  /** As typed: accounts older than the one form are known by that. */
  password: z
    .string()
    .min(1)
    .max(4 * 200),
  refreshTransport,
});
export const refreshRequest = z.object({ refreshToken: z.string().max(512).optional(), refreshTransport });
export const session = z.object({
  user,
  accessToken: z.string(),
  accessTokenExpiresAt: isoTime,
  /** Absent when it went into the cookie. */
  refreshToken: z.string().optional(),
});
export type Session = z.output<typeof session>;

export const eventSummary = z.object({
  id: eventId,
  ...occasion,
  saleOpensAt: isoTime,
  saleClosesAt: isoTime,
  places: z.int(),
  minPrice: amount,
  maxPrice: amount,
  currency,
});
export type EventSummary = z.output<typeof eventSummary>;
/** What, where and when. */
export type Occasion = Pick<EventSummary, keyof typeof occasion>;

export const eventDetail = eventSummary.extend({
  description: z.string(),
  organizer: userId,
  chart: chartId,
  /** Category key to price. */
  prices: z.array(z.object({ category: z.string(), name: z.string(), color: z.string(), amount })),
  maxPerHold: z.int(),
  maxPerBuyer: z.int(),
  holdMs: z.int(),
});
export type EventDetail = z.output<typeof eventDetail>;

export const eventList = z.object({ events: z.array(eventSummary), ...pageOf });
export type EventList = z.output<typeof eventList>;

export const snapshotBody = z.object({
  event: eventId,
  epoch,
  version,
  places: z.int(),
  /** base64 of 2 bits a place, least significant first. */
  map: z.base64(),
});

export const holdRequest = z
  .object({
    opId,
    places: z.array(place).min(1).max(MAX_PLACES_PER_COMMAND).optional(),
    best: z
      .object({
        count: z.int().min(1).max(MAX_PLACES_PER_COMMAND),
        area: z.string().max(64).optional(),
        category: z.string().max(64).optional(),
        together: z.boolean().default(true),
      })
      .optional(),
  })
  .refine(
    (r) => (r.places === undefined) !== (r.best === undefined),
    'name places, or ask for best, not both',
  );
export const holdBody = z.object({ event: eventId, ...heldFields });
export type HoldBody = z.output<typeof holdBody>;

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
