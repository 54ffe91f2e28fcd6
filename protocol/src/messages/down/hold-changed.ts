import * as z from 'zod';
import { eventId, orderId } from '../../words/ids.ts';
import { heldFields } from '../../words/orders.ts';
import { define } from '../define.ts';

export const holdChanged = define({
  type: 'hold-changed',
  code: 21,
  doc: "Private notice: a hold of the caller as it is now: made, extended, checked out, or back from a declined payment, not by this session's own command.",
  fields: { event: eventId, ...heldFields, paying: z.boolean(), order: orderId.nullable() },
});
