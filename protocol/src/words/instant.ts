/** Instants that people and programs write: RFC 3339, in UTC or with an offset. */
import * as z from 'zod';

/** What the ledger and every client can name. */
const EARLIEST = Date.parse('0001-01-01T00:00:00Z');
const LATEST = Date.parse('9999-12-31T23:59:59.999Z');

/** A plus sign that nobody encoded arrives in a query as a blank. */
const LOST_PLUS = / (?=\d\d:\d\d$)/;

/** Of text in RFC 3339's form (`2026-12-05T20:00:00+01:00`): the same instant in UTC, `2026-12-05T19:00:00.000Z`. */
export const instant = z
  .string()
  .max(64)
  .transform((text) => text.toUpperCase().replace(LOST_PLUS, '+'))
  .pipe(z.iso.datetime({ offset: true, error: 'must be a date and time as in RFC 3339' }))
  .transform((text) => Date.parse(text))
  .refine((ms) => ms >= EARLIEST && ms <= LATEST, 'must lie in the years 1 to 9999')
  .transform((ms) => new Date(ms).toISOString())
  .meta({ type: 'string', format: 'date-time' });
