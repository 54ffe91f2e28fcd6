/** Events on sale: what they are, their charts, their maps. Open to all. */

import {
  chart,
  chartId,
  eventDetail,
  eventId,
  eventList,
  instant,
  isRefusal,
  type MapCode,
  optionalLine,
  refused,
  SeatMap,
  snapshotBody,
} from '@seatwire/protocol';
import type { EventSearch } from '@seatwire/store';
import { z } from 'zod';
import { chartResponse } from '../chart-response.ts';
import { type Endpoint, endpoint } from '../endpoint.ts';
import { nextPage, page } from '../paging.ts';

const byId = z.object({ id: eventId });

/** From its start, an event counts as running for so long. */
const RUNNING_MS = 6 * 3_600_000;

const eventQuery = page.extend({
  search: optionalLine(100).optional(),
  from: instant.optional(),
  to: instant.optional(),
  past: z.enum(['true', 'false']).optional(),
});

/** Which starts are asked for, and in which order. */
function period(
  { from, to, past }: z.output<typeof eventQuery>,
  now: number,
): Pick<EventSearch, 'from' | 'to' | 'latestFirst'> {
  const running = new Date(now - RUNNING_MS).toISOString();
  if (past === 'true')
    return { from, to: to !== undefined && to < running ? to : running, latestFirst: true };
  // Who names an end that is over asks for the past.
  const over = to !== undefined && to <= running;
  return { from: from ?? (over ? undefined : running), to };
}

export const eventEndpoints: readonly Endpoint[] = [
  endpoint(
    {
      method: 'get',
      path: '/events',
      tag: 'events',
      summary: 'Published events, soonest first; the past ones on request.',
      description:
        'Begins with what is still running: an event counts as running for 6 hours from its start. With `past=true` the others, latest first. `from` (at or after) and `to` (before) bound the start instead, RFC 3339 with any offset. `search` looks in title, venue and city, whatever the case and however a keyboard makes the letters; blank, it asks for nothing.',
      access: 'public',
      idempotent: 'always',
      rate: 'request',
      request: { query: eventQuery },
      status: 200,
      answer: eventList,
      refusals: [],
    },
    async ({ query, context }, parts) => {
      const asked = period(query, Date.now());
      const { limit, offset, search } = query;
      const { events, total } = await parts.listEvents({ ...asked, limit, offset, search });
      // The next page is of the same list, though time goes on.
      const bounds = { search: search || undefined, past: query.past, from: asked.from, to: asked.to };
      const more = offset + events.length < total && events.length > 0;
      return { events, total, next: more ? nextPage(context.req.path, { ...bounds, limit, offset }) : null };
    },
  ),

  endpoint(
    {
      method: 'get',
      path: '/events/{id}',
      tag: 'events',
      summary: 'One event, with its prices.',
      access: 'public',
      idempotent: 'always',
      rate: 'request',
      request: { params: byId },
      status: 200,
      answer: eventDetail,
      refusals: ['unknown_event'],
    },
    async ({ params }, { catalogue }) =>
      (await catalogue.find(params.id))?.detail ?? refused('unknown_event'),
  ),

  endpoint(
    {
      method: 'get',
      path: '/events/{id}/chart',
      tag: 'events',
      summary: "The event's seating chart.",
      access: 'public',
      idempotent: 'always',
      rate: 'request',
      request: { params: byId },
      status: 200,
      answer: chart,
      refusals: ['unknown_event', 'not_found'],
    },
    async ({ params, context }, { catalogue }) => {
      const event = await catalogue.find(params.id);
      if (!event) return refused('unknown_event');
      return chartResponse(catalogue, event.detail.chart, context.req.raw.headers, 'public, max-age=60');
    },
  ),

  endpoint(
    {
      method: 'get',
      path: '/charts/{id}',
      tag: 'events',
      summary: 'A seating chart. It never changes.',
      access: 'public',
      idempotent: 'always',
      rate: 'request',
      request: { params: z.object({ id: chartId }) },
      status: 200,
      answer: chart,
      refusals: ['not_found'],
    },
    ({ params, context }, { catalogue }) =>
      chartResponse(catalogue, params.id, context.req.raw.headers, 'public, max-age=31536000, immutable'),
  ),

  endpoint(
    {
      method: 'get',
      path: '/events/{id}/snapshot',
      tag: 'events',
      summary: 'The map as it was a moment ago: 2 bits a place.',
      access: 'public',
      idempotent: 'always',
      rate: 'request',
      request: { params: byId },
      status: 200,
      answer: snapshotBody,
      refusals: ['unknown_event', 'event_rebuilding'],
    },
    async ({ params, context }, parts) => {
      const snapshot = await parts.snapshot(params.id);
      if (isRefusal(snapshot)) return snapshot;
      context.header('cache-control', 'no-store');
      const { event, epoch, version, places, codes } = snapshot;
      const map = new SeatMap(places);
      codes.forEach((code, place) => {
        map.set(place, code as MapCode);
      });
      return { event, epoch, version, places, map: Buffer.from(map.pack()).toString('base64') };
    },
  ),
];
