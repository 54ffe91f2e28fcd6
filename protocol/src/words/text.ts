/** Text that people type, as every way in takes it: one normal form, no invisible characters, bounded, not blank. */
import * as z from 'zod';

/** Control and format characters (but joiners, which scripts and emoji need), lone surrogates, line and paragraph separators. */
const INVISIBLE = /[\p{Cc}\p{Cs}\u2028\u2029\ufeff\u00ad\u200b\u200e\u200f\u202a-\u202e\u2060-\u2069]/u;
/** The same, but line feeds and tabs are welcome. */
const INVISIBLE_IN_LINES =
  /(?![\n\t])[\p{Cc}\p{Cs}\ufeff\u00ad\u200b\u200e\u200f\u202a-\u202e\u2060-\u2069]/u;

/** NFKC: letters that look and mean the same are the same, however a keyboard made them. */
export const normalText = (typed: string): string => typed.normalize('NFKC');

const seen = (text: string) => /[^\p{White_Space}\p{Cf}\u2800\u3164\u115f\u1160\uffa0]/u.test(text);

function bounded(most: number, invisible: RegExp) {
  return (
    z
      .string()
      // Before the work of normalising: one character becomes at most 18.
      .max(most * 4)
      .transform((typed) => normalText(typed).trim())
      .pipe(
        z
          .string()
          .max(most)
          .refine((text) => !invisible.test(text), 'must hold no control or invisible characters'),
      )
  );
}

/** What documents of the API say of it: the bound on what is kept, not the wider one before the work. */
const documented = (most: number, least = 0) => ({ type: 'string', minLength: least, maxLength: most });

/** One line of text of 1 to `most` characters (UTF-16 units) after NFKC and trimming, with something to see in it. */
export const line = (most: number) =>
  bounded(most, INVISIBLE).refine(seen, 'must not be blank').meta(documented(most, 1));

/** One line that may be empty, as a search is. */
export const optionalLine = (most: number) => bounded(most, INVISIBLE).meta(documented(most));

/** Several lines of text. May be empty. */
export const paragraphs = (most: number) => bounded(most, INVISIBLE_IN_LINES).meta(documented(most));
