/** Holds over REST, for those without a socket. */
import { eventId, holdBody, holdId, holdRequest, opId } from '@seatwire/protocol';
import { z } from 'zod';
import { type HoldDesk, heldOf } from '../../holds/hold-desk.ts';
import { isRefused } from '../../outcome.ts';
import { derivedOp } from '../../sales/derived-op.ts';
import { type Api, endpoint } from '../endpoint.ts';

const ofEvent = z.object({ id: eventId });
const ofHold = z.object({ id: eventId, holdId });

export function holdRoutes(api: Api, desk: HoldDesk): void {
  const tag = 'holds';

  endpoint(
    api,
    {
      method: 'post',
      path: '/events/{id}/holds',
      tag,
      summary:
        'Hold named places, or the best available. A repeat under the same opId gets the first answer.',
      access: 'account',
      request: { params: ofEvent, body: holdRequest },
      status: 201,
      answer: holdBody,
      refusals: [
        'place_taken',
        'place_blocked',
        'unknown_place',
        'duplicate_place',
        'too_many_places',
        'buyer_limit',
        'not_enough_places',
        'not_together',
        'unknown_area',
        'orphan_seat',
        'sale_not_open',
        'sale_closed',
        'price_changed',
        'overloaded',
        'unknown_event',
        'event_rebuilding',
        'op_conflict',
      ],
    },
    async ({ principal, params, body }) => {
      const { opId: op, places, best } = body;
      const held = best
        ? await desk.holdBest(principal, {
            op,
            event: params.id,
            count: best.count,
            area: best.area ?? null,
            category: best.category ?? null,
            together: best.together,
          })
        : await desk.hold(principal, { op, event: params.id, places: places ?? [] });
      if (isRefused(held)) return held;
      const { type: _, op: __, ...hold } = held;
      return hold;
    },
  );

  endpoint(
    api,
    {
      method: 'get',
      path: '/events/{id}/holds/{holdId}',
      tag,
      summary: "One of the caller's own live holds.",
      access: 'account',
      request: { params: ofHold },
      status: 200,
      answer: holdBody,
      refusals: ['hold_not_found'],
    },
    async ({ principal, params }) => {
      const hold = await desk.find(principal, params.id, params.holdId);
      return isRefused(hold) ? hold : { event: params.id, ...heldOf(hold) };
    },
  );

  endpoint(
    api,
    {
      method: 'delete',
      path: '/events/{id}/holds/{holdId}',
      tag,
      summary: 'Give a hold back. May be repeated.',
      access: 'account',
      request: { params: ofHold },
      status: 204,
      refusals: ['hold_not_found', 'unknown_event', 'event_rebuilding'],
    },
    async ({ principal, params }) => {
      const op = derivedOp(opId.parse(params.holdId), 'release');
      const released = await desk.release(principal, { op, event: params.id, hold: params.holdId });
      return isRefused(released) ? released : undefined;
    },
  );
}
