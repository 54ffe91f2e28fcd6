import { eventId, holdId, timeMs } from '../../words/ids.ts';
import { define } from '../define.ts';

export const holdEnding = define({
  type: 'hold-ending',
  code: 14,
  doc: 'Private notice: the hold expires soon.',
  fields: { event: eventId, hold: holdId, expiresAt: timeMs },
});
