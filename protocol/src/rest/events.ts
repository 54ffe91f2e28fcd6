/** Events and their maps. */
import * as z from 'zod';
import { amount, chartId, currency, epoch, eventId, userId, version } from '../words/ids.ts';
import { isoTime, occasion, pageOf } from './fields.ts';

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
