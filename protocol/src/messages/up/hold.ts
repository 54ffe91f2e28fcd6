import * as z from 'zod';
import { eventId, opId, place } from '../../words/ids.ts';
import { MAX_PLACES_PER_COMMAND } from '../../words/limits.ts';
import { defineCommand } from '../define.ts';
import { HOLDING } from '../refusals.ts';

export const hold = defineCommand({
  type: 'hold',
  code: 5,
  doc: 'Holds named places, all or nothing. Answer: `held` or `rejected`.',
  access: 'account',
  idempotent: 'under its op',
  refusals: [...HOLDING, 'place_taken', 'place_blocked', 'unknown_place', 'duplicate_place', 'orphan_seat'],
  fields: { op: opId, event: eventId, places: z.array(place).min(1).max(MAX_PLACES_PER_COMMAND) },
});
