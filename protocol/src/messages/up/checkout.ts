import { eventId, holdId, opId } from '../../words/ids.ts';
import { defineCommand } from '../define.ts';
import { OWN_HOLD } from '../refusals.ts';

export const checkout = defineCommand({
  type: 'checkout',
  code: 9,
  doc: 'Moves a hold to paying, in which it can be paid. Never shortens it; lengthens it where too little time to pay is left. Answer: `checked-out` or `rejected`.',
  access: 'owner of hold',
  idempotent: 'under its op',
  refusals: [...OWN_HOLD, 'hold_paying'],
  fields: { op: opId, event: eventId, hold: holdId },
});
