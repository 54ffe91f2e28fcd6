/** Holds over REST, for those without a socket. */
import { eventId, holdBody, holdId, holdRequest, isRefusal } from '@seatwire/protocol';
import { z } from 'zod';
import { buyerOf } from '../../accounts/buyer.ts';
import { heldOf } from '../../hold-fields.ts';
import type { HoldDesk } from '../../holds/hold-desk.ts';
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
        'unknown_event',
        'event_rebuilding',
        'op_conflict',
      ],
    },
    async ({ principal, params, body }) => {
      const buyer = buyerOf(principal);
      if (isRefusal(buyer)) return buyer;
      const { opId: op, places, best } = body;
      const held = best
        ? await desk.holdBest(buyer, {
            op,
            event: params.id,
            count: best.count,
            area: best.area ?? null,
            category: best.category ?? null,
            together: best.together,
          })
        : await desk.hold(buyer, { op, event: params.id, places: places ?? [] });
      return held.ok ? { event: params.id, ...heldOf(held) } : held;
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
      const buyer = buyerOf(principal);
      if (isRefusal(buyer)) return buyer;
      const hold = await desk.find(buyer, params.id, params.holdId);
      return hold.ok ? { event: params.id, ...heldOf(hold) } : hold;
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
      const buyer = buyerOf(principal);
      if (isRefusal(buyer)) return buyer;
      const released = await desk.release(buyer, { event: params.id, hold: params.holdId });
      return released.ok ? undefined : released;
    },
  );
}
