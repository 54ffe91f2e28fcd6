/** Events on sale: what they are, their charts, their maps. Open to anybody. */

import {
  chart,
  chartId,
  type EventId,
  type EventSummary,
  eventDetail,
  eventId,
  eventSummary,
  type MapCode,
  SeatMap,
  snapshotBody,
} from '@seatwire/protocol';
import type { EventSearch, Snapshot } from '@seatwire/store';
import { z } from 'zod';
import type { Catalogue } from '../../events/catalogue.ts';
import { isRefused, type Outcome, refused } from '../../outcome.ts';
import { type Api, endpoint } from '../endpoint.ts';
import { chartResponse } from './chart-response.ts';
import { page } from './page.ts';

export interface EventRoutes {
  readonly catalogue: Catalogue;
  readonly list: (wanted: EventSearch) => Promise<readonly EventSummary[]>;
  /** Recent enough to look at; sockets get the live one. */
  readonly snapshot: (event: EventId) => Promise<Outcome<Snapshot>>;
}

const byId = z.object({ id: eventId });

export function eventRoutes(api: Api, o: EventRoutes): void {
  const tag = 'events';

  endpoint(
    api,
    {
      method: 'get',
      path: '/events',
      tag,
      summary: 'Published events, soonest first.',
      access: 'public',
      request: {
        query: page.extend({
          search: z.string().max(100).optional(),
          from: z.iso.datetime().optional(),
          to: z.iso.datetime().optional(),
        }),
      },
      status: 200,
      answer: z.object({ events: z.array(eventSummary) }),
      refusals: [],
    },
    async ({ query }) => ({ events: [...(await o.list(query))] }),
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
      if (isRefused(snapshot)) return snapshot;
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
