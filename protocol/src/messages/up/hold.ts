import * as z from 'zod';
import { eventId, opId, place } from '../../words/ids.ts';
import { MAX_PLACES_PER_COMMAND } from '../../words/limits.ts';
import { define } from '../define.ts';

export const hold = define({
  type: 'hold',
  code: 5,
  doc: 'Holds named places, all or nothing. Answer: `held` or `rejected`.',
  fields: { op: opId, event: eventId, places: z.array(place).min(1).max(MAX_PLACES_PER_COMMAND) },
});
