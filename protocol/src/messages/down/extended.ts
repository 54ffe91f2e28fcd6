import { eventId, holdId, opId, timeMs } from '../../words/ids.ts';
import { define } from '../define.ts';

export const extended = define({
  type: 'extended',
  code: 8,
  doc: 'The hold lives longer.',
  fields: { op: opId, event: eventId, hold: holdId, expiresAt: timeMs },
});
