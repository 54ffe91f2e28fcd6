import { eventId, opId } from '../../words/ids.ts';
import { define } from '../define.ts';

export const mine = define({
  type: 'mine',
  code: 11,
  doc: "Asks for the caller's own holds and orders of an event, for a page that lost its memory. Answer: `mine`.",
  fields: { op: opId, event: eventId },
});
