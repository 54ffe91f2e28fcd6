import { eventId, holdId, opId } from '../../words/ids.ts';
import { define } from '../define.ts';

export const release = define({
  type: 'release',
  code: 8,
  doc: 'Gives a hold back. Answer: `released` or `rejected`.',
  fields: { op: opId, event: eventId, hold: holdId },
});
