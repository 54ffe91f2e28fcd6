import * as z from 'zod';
import { eventId, opId } from '../../words/ids.ts';
import { MAX_PLACES_PER_COMMAND } from '../../words/limits.ts';
import { defineCommand } from '../define.ts';
import { HOLDING } from '../refusals.ts';

export const holdBest = defineCommand({
  type: 'hold-best',
  code: 6,
  doc: 'Holds the best `count` free places of a section (`area`) and/or category, side by side if `together`. Answer: `held` or `rejected`.',
  access: 'account',
  idempotent: 'under its op',
  refusals: [...HOLDING, 'not_enough_places', 'not_together', 'unknown_area'],
  fields: {
    op: opId,
    event: eventId,
    count: z.int().min(1).max(MAX_PLACES_PER_COMMAND),
    area: z.string().max(64).nullable(),
    category: z.string().max(64).nullable(),
    together: z.boolean(),
  },
});
