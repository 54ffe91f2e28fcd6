import { amount, currency, eventId, holdId, opId, orderId, timeMs } from '../../words/ids.ts';
import { define } from '../define.ts';

export const checkedOut = define({
  type: 'checked-out',
  code: 10,
  doc: 'The hold is being paid for: the order to be, what it costs, and until when it can be paid.',
  fields: { op: opId, event: eventId, hold: holdId, order: orderId, amount, currency, expiresAt: timeMs },
});
