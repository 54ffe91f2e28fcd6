import { eventId, holdId, opId, orderId } from '../../words/ids.ts';
import { define } from '../define.ts';

export const accepted = define({
  type: 'accepted',
  code: 11,
  doc: 'The payment is authorised and the places are sold in Redis; not yet confirmed. An `order` notice follows.',
  fields: { op: opId, event: eventId, hold: holdId, order: orderId },
});
