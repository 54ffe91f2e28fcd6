/** Holds over REST, for those without a socket. */
import { COMMANDS, eventId, holdBody, holdId, holdRequest } from '@seatwire/protocol';
import { z } from 'zod';
import { heldOf } from '../../hold-fields.ts';
import { type Endpoint, endpoint } from '../endpoint.ts';

const ofEvent = z.object({ id: eventId });
const ofHold = z.object({ id: eventId, holdId });

export const holdEndpoints: readonly Endpoint[] = [
  endpoint(
    {
      method: 'post',
      path: '/events/{id}/holds',
      tag: 'holds',
      summary:
        'Hold named places, or the best available. A repeat under the same opId gets the first answer.',
      access: 'account',
      idempotent: 'under its op',
      rate: 'request',
      request: { params: ofEvent, body: holdRequest },
      status: 201,
      answer: holdBody,
      refusals: [...COMMANDS.hold.refusals, ...COMMANDS['hold-best'].refusals],
    },
    async ({ buyer, params, body }, { holds }) => {
      const { opId: op, places, best } = body;
      const held = best
        ? await holds.holdBest(buyer, {
            op,
            event: params.id,
            count: best.count,
            area: best.area ?? null,
            category: best.category ?? null,
            together: best.together,
          })
        : await holds.hold(buyer, { op, event: params.id, places: places ?? [] });
      return held.ok ? { event: params.id, ...heldOf(held) } : held;
    },
  ),

  endpoint(
    {
      method: 'get',
      path: '/events/{id}/holds/{holdId}',
      tag: 'holds',
      summary: "One of the caller's own live holds.",
      access: 'owner of hold',
      idempotent: 'always',
      rate: 'request',
      request: { params: ofHold },
      status: 200,
      answer: holdBody,
      refusals: [],
    },
    async ({ buyer, params }, { holds }) => {
      const hold = await holds.find(buyer, params.id, params.holdId);
      return hold.ok ? { event: params.id, ...heldOf(hold) } : hold;
    },
  ),

  endpoint(
    {
      method: 'delete',
      path: '/events/{id}/holds/{holdId}',
      tag: 'holds',
      summary: 'Give a hold back. May be repeated.',
      access: 'owner of hold',
      idempotent: 'always',
      rate: 'request',
      request: { params: ofHold },
      status: 204,
      refusals: COMMANDS.release.refusals,
    },
    async ({ buyer, params }, { holds }) => {
      const released = await holds.release(buyer, { event: params.id, hold: params.holdId });
      return released.ok ? undefined : released;
    },
  ),
];
