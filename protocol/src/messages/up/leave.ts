import { eventId } from '../../words/ids.ts';
import { define } from '../define.ts';

export const leave = define({
  type: 'leave',
  code: 4,
  doc: "Leaves an event's room. No answer.",
  fields: { event: eventId },
});
