/** Events on sale: what they are, their charts, their maps. Open to anybody. */
import {
  chart,
  chartId,
  type EventId,
  eventDetail,
  eventId,
  eventList,
  instant,
  isRefusal,
  type MapCode,
  optionalLine,
  type Refusal,
  refused,
  SeatMap,
  snapshotBody,
} from '@seatwire/protocol';
import type { EventSearch, EventsFound, Snapshot } from '@seatwire/store';
import { z } from 'zod';
import type { Catalogue } from '../../events/catalogue.ts';
import { chartResponse } from '../chart-response.ts';
import { type Api, endpoint } from '../endpoint.ts';
import { nextPage, page } from '../paging.ts';

export interface EventRoutes {
  readonly catalogue: Catalogue;
  readonly list: (wanted: EventSearch) => Promise<EventsFound>;
  /** Recent enough to look at; sockets get the live one. */
  readonly snapshot: (event: EventId) => Promise<Snapshot | Refusal>;
}

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

export function eventRoutes(api: Api, o: EventRoutes): void {
  const tag = 'events';

  endpoint(
    api,
    {
      method: 'get',
      path: '/events',
      tag,
      summary: 'Published events, soonest first; the past ones on request.',
      description:
        'Begins with what is still running: an event counts as running for 6 hours from its start. With `past=true` the others, latest first. `from` (at or after) and `to` (before) bound the start instead, RFC 3339 with any offset. `search` looks in title, venue and city, whatever the case and however a keyboard makes the letters; blank, it asks for nothing.',
      access: 'public',
      request: { query: eventQuery },
      status: 200,
      answer: eventList,
      refusals: [],
    },
    async ({ query, context }) => {
      const asked = period(query, Date.now());
      const { limit, offset, search } = query;
      const { events, total } = await o.list({ ...asked, limit, offset, search });
      // The next page is of the same list, though time goes on.
      const bounds = { search: search || undefined, past: query.past, from: asked.from, to: asked.to };
      const more = offset + events.length < total && events.length > 0;
      return { events, total, next: more ? nextPage(context.req.path, { ...bounds, limit, offset }) : null };
    },
  );

  endpoint(
    api,
    {
      method: 'get',
      path: '/events/{id}',
      tag,
      summary: 'One event, with its prices.',
      access: 'public',
      request: { params: byId },
      status: 200,
      answer: eventDetail,
      refusals: ['unknown_event'],
    },
    async ({ params }) => (await o.catalogue.find(params.id))?.detail ?? refused('unknown_event'),
  );

  endpoint(
    api,
    {
      method: 'get',
      path: '/events/{id}/chart',
      tag,
      summary: "The event's seating chart.",
      access: 'public',
      request: { params: byId },
      status: 200,
      answer: chart,
      refusals: ['unknown_event'],
    },
    async ({ params, context }) => {
      const event = await o.catalogue.find(params.id);
      if (!event) return refused('unknown_event');
      return chartResponse(o.catalogue, event.detail.chart, context.req.raw.headers, 'public, max-age=60');
    },
  );

  endpoint(
    api,
    {
      method: 'get',
      path: '/charts/{id}',
      tag,
      summary: 'A seating chart. It never changes.',
      access: 'public',
      request: { params: z.object({ id: chartId }) },
      status: 200,
      answer: chart,
      refusals: ['not_found'],
    },
    ({ params, context }) =>
      chartResponse(o.catalogue, params.id, context.req.raw.headers, 'public, max-age=31536000, immutable'),
  );

  endpoint(
    api,
    {
      method: 'get',
      path: '/events/{id}/snapshot',
      tag,
      summary: 'The map as it was a moment ago: 2 bits a place.',
      access: 'public',
      request: { params: byId },
      status: 200,
      answer: snapshotBody,
      refusals: ['unknown_event', 'event_rebuilding'],
    },
    async ({ params, context }) => {
      const snapshot = await o.snapshot(params.id);
      if (isRefusal(snapshot)) return snapshot;
      context.header('cache-control', 'no-store');
      const { event, epoch, version, places, codes } = snapshot;
      const map = new SeatMap(places);
      codes.forEach((code, place) => {
        map.set(place, code as MapCode);
      });
      return { event, epoch, version, places, map: Buffer.from(map.pack()).toString('base64') };
    },
  );
}
