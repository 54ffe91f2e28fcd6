/** Paging, the same for every list. */
import { z } from 'zod';

export const page = z.object({
  limit: wholeNumber(1, 100, 20),
  offset: wholeNumber(0, 10_000_000, 0),
});

/** Digits only: `1e1` or a blank is a mistake, not a number. */
function wholeNumber(least: number, most: number, otherwise: number) {
  return z
    .string()
    .regex(/^\d{1,9}$/, 'must be a whole number')
    .transform(Number)
    .pipe(z.int().min(least).max(most))
    .default(otherwise)
    .meta({ type: 'integer', minimum: least, maximum: most, default: otherwise });
}

/** Path and query of the page that follows the one asked for with `query`. */
export function nextPage(
  path: string,
  query: z.output<typeof page> & Readonly<Record<string, string | number | undefined>>,
): string {
  const next = new URLSearchParams();
  for (const [name, value] of Object.entries(query)) {
    if (value !== undefined && name !== 'offset') next.set(name, String(value));
  }
  next.set('offset', String(query.offset + query.limit));
  return `${path}?${next}`;
}
