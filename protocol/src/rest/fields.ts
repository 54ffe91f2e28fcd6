/** What several bodies share. */
import * as z from 'zod';

/** UTC, ISO 8601. */
export const isoTime = z.iso.datetime();

/** What, where and when, as lists, pages and tickets say it. Wall times are the venue's: `startsAt` in `timeZone`. */
export const occasion = {
  title: z.string(),
  venue: z.string(),
  city: z.string(),
  startsAt: isoTime,
  timeZone: z
    .string()
    .meta({ description: "IANA time zone of the venue; the event's wall times are told in it." }),
};

/** Of lists that come in pages. */
export const pageOf = {
  total: z.int().min(0).meta({ description: 'How many there are in all pages together.' }),
  next: z.string().nullable().meta({ description: 'Path and query of the next page; null on the last one.' }),
};
