import * as z from 'zod';
import { amount, currency, eventId, timeMs } from '../../words/ids.ts';
import { define } from '../define.ts';

export const stats = define({
  type: 'stats',
  code: 18,
  doc: 'Organizer: the monitor stream.',
  fields: {
    event: eventId,
    at: timeMs,
    viewers: z.int(),
    free: z.int(),
    held: z.int(),
    sold: z.int(),
    blocked: z.int(),
    holdsPerSecond: z.number(),
    salesPerSecond: z.number(),
    /** Confirmed revenue, minor units. */
    revenue: amount,
    currency,
  },
});
