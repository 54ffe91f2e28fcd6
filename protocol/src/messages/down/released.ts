import { eventId, holdId, opId } from '../../words/ids.ts';
import { define } from '../define.ts';

export const released = define({
  type: 'released',
  code: 9,
  doc: 'The hold is given back.',
  fields: { op: opId, event: eventId, hold: holdId },
});
