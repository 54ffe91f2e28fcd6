import { eventId, opId } from '../../words/ids.ts';
import { define } from '../define.ts';

export const watch = define({
  type: 'watch',
  code: 12,
  doc: "Organizer: starts the event's monitor stream (`stats` each second). Answer: the first `stats`, or `rejected`.",
  fields: { op: opId, event: eventId },
});
