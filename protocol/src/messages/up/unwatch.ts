import { eventId } from '../../words/ids.ts';
import { define, type Message } from '../define.ts';

export const unwatch = define({
  type: 'unwatch',
  code: 13,
  doc: 'Ends the monitor stream. No answer.',
  fields: { event: eventId },
});
export type Unwatch = Message<typeof unwatch>;
