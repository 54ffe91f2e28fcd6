import * as z from 'zod';
import { eventId, opId, orderId, place } from '../../words/ids.ts';
import { heldFields, ORDER_STATES } from '../../words/orders.ts';
import { define } from '../define.ts';

export const mine = define({
  type: 'mine',
  code: 16,
  doc: "The caller's own holds and orders of an event.",
  fields: {
    op: opId,
    event: eventId,
    holds: z.array(z.object({ ...heldFields, paying: z.boolean(), order: orderId.nullable() })),
    orders: z.array(z.object({ order: orderId, status: z.enum(ORDER_STATES), places: z.array(place) })),
  },
});
