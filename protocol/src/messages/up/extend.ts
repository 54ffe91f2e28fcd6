import { eventId, holdId, opId } from '../../words/ids.ts';
import { define } from '../define.ts';

export const extend = define({
  type: 'extend',
  code: 7,
  doc: "Extends a hold, up to the event's cap. Answer: `extended` or `rejected`.",
  fields: { op: opId, event: eventId, hold: holdId },
});
