import { eventId, opId } from '../../words/ids.ts';
import { define } from '../define.ts';

export const watching = define({
  type: 'watching',
  code: 22,
  doc: 'Organizer: the monitor stream begins; `stats` follow.',
  fields: { op: opId, event: eventId },
});
