import { eventId, holdId, opId } from '../../words/ids.ts';
import { defineCommand } from '../define.ts';
import { OWN_HOLD } from '../refusals.ts';

export const extend = defineCommand({
  type: 'extend',
  code: 7,
  doc: "Extends a hold, up to the event's cap. Answer: `extended` or `rejected`.",
  access: 'owner of hold',
  idempotent: 'under its op',
  refusals: [...OWN_HOLD, 'hold_paying', 'extension_limit'],
  fields: { op: opId, event: eventId, hold: holdId },
});
