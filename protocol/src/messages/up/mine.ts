import { eventId, opId } from '../../words/ids.ts';
import { define, type Message } from '../define.ts';

export const mine = define({
  type: 'mine',
  code: 11,
  doc: "Asks for the caller's own holds and orders of an event, for a page that lost its memory. Answer: `mine`.",
  fields: { op: opId, event: eventId },
});
export type Mine = Message<typeof mine>;
