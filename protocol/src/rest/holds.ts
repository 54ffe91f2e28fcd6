/** Holds. */
import * as z from 'zod';
import { eventId, opId, place } from '../words/ids.ts';
import { MAX_PLACES_PER_COMMAND } from '../words/limits.ts';
import { heldFields } from '../words/orders.ts';

export const holdRequest = z
  .object({
    opId,
    places: z.array(place).min(1).max(MAX_PLACES_PER_COMMAND).optional(),
    best: z
      .object({
        count: z.int().min(1).max(MAX_PLACES_PER_COMMAND),
        area: z.string().max(64).optional(),
        category: z.string().max(64).optional(),
        together: z.boolean().default(true),
      })
      .optional(),
  })
  .refine(
    (r) => (r.places === undefined) !== (r.best === undefined),
    'name places, or ask for best, not both',
  );
export const holdBody = z.object({ event: eventId, ...heldFields });
export type HoldBody = z.output<typeof holdBody>;
