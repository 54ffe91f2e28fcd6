import { eventId, opId } from '../../words/ids.ts';
import { heldFields } from '../../words/orders.ts';
import { define } from '../define.ts';

export const held = define({
  type: 'held',
  code: 7,
  doc: 'The places are held for the caller. Also answers a repeat of the same op.',
  fields: { op: opId, event: eventId, ...heldFields },
});
