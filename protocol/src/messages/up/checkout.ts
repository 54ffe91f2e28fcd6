import { eventId, holdId, opId } from '../../words/ids.ts';
import { define } from '../define.ts';

export const checkout = define({
  type: 'checkout',
  code: 9,
  doc: 'Moves a hold to paying, in which it can be paid. Never shortens it; lengthens it where too little time to pay is left. Answer: `checked-out` or `rejected`.',
  fields: { op: opId, event: eventId, hold: holdId },
});
