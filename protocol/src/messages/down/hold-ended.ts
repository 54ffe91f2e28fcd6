import * as z from 'zod';
import { eventId, holdId } from '../../words/ids.ts';
import { HOLD_ENDS } from '../../words/orders.ts';
import { define } from '../define.ts';

export const holdEnded = define({
  type: 'hold-ended',
  code: 15,
  doc: "Private notice: the hold is over, not by the caller's own command on this session.",
  fields: { event: eventId, hold: holdId, reason: z.enum(HOLD_ENDS) },
});
