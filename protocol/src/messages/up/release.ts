import { eventId, holdId, opId } from '../../words/ids.ts';
import { defineCommand } from '../define.ts';
import { OWN_HOLD } from '../refusals.ts';

export const release = defineCommand({
  type: 'release',
  code: 8,
  doc: 'Gives a hold back. Answer: `released` or `rejected`.',
  access: 'owner of hold',
  idempotent: 'under its op',
  refusals: OWN_HOLD,
  fields: { op: opId, event: eventId, hold: holdId },
});
