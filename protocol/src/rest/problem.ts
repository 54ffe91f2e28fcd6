/** How REST says no. */
import * as z from 'zod';
import { REJECT_CODES } from '../reject/index.ts';
import { place } from '../words/ids.ts';

/** RFC 9457, as `application/problem+json`. `type` is stable and leads to what the code means; so does `code`, for programs. */
export const problemBody = z.object({
  type: z.string().meta({ description: 'URI reference of the kind of problem: /api/problems/{code}.' }),
  title: z.string(),
  status: z.int(),
  detail: z.string().meta({ description: 'What is wrong, and what to do. The text may change.' }),
  code: z.enum(REJECT_CODES),
  retryable: z.boolean().meta({ description: 'Whether the same request may succeed later.' }),
  retryAfterMs: z.int().optional(),
  places: z.array(place).optional(),
  /** Which fields of the request were wrong, for bad_request. */
  issues: z.array(z.object({ path: z.string(), message: z.string() })).optional(),
});
export type ProblemBody = z.output<typeof problemBody>;
