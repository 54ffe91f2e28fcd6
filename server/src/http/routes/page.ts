/** Paging, the same for every list. */
import { z } from 'zod';

export const page = z.object({
  limit: z.coerce.number().int().min(1).max(100).default(20),
  offset: z.coerce.number().int().min(0).max(10_000_000).default(0),
});

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
