import * as z from 'zod';
import { REJECT_CODES } from '../../reject/index.ts';
import { eventId, orderId, place } from '../../words/ids.ts';
import { ORDER_STATES } from '../../words/orders.ts';
import { define } from '../define.ts';

export const order = define({
  type: 'order',
  code: 13,
  doc: 'Private notice: what became of an order. Only `confirmed` means sold.',
  fields: {
    event: eventId,
    order: orderId,
    status: z.enum(ORDER_STATES),
    places: z.array(place),
    /** Why, when rejected or cancelled. */
    reason: z.enum(REJECT_CODES).nullable(),
  },
});
