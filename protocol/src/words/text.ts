/** Text that people type, as every way in takes it: one normal form, no invisible characters, bounded, not blank. */
import * as z from 'zod';

/**
 * Characters that nobody sees: control and format characters, lone surrogates, and what Unicode calls Default_Ignorable_Code_Point
 * (spelt out: not every engine that runs this knows the property).
 */
const HIDDEN =
  '\\p{Cc}\\p{Cf}\\p{Cs}\\u034f\\u115f\\u1160\\u17b4\\u17b5\\u180b-\\u180f\\u2065\\u3164\\ufe00-\\ufe0f\\uffa0\\ufff0-\\ufff8' +
  '\\u{e0000}-\\u{e0fff}';
const INVISIBLE = new RegExp(`[${HIDDEN}\\u2028\\u2029]`, 'u');
const INVISIBLE_IN_LINES = new RegExp(`(?![\\n\\t])[${HIDDEN}]`, 'u');
const SEEN = new RegExp(`[^\\p{White_Space}${HIDDEN}\\u2800]`, 'u');

/** Hidden characters that scripts and emoji need, with what they belong to. */
const NEEDED = new RegExp(
  [
    // Joiners; number signs and ends of verses, which are format characters that are seen.
    '[\\u200c\\u200d\\u0600-\\u0605\\u06dd\\u070f\\u0890\\u0891\\u08e2\\u{110bd}\\u{110cd}]',
    // A variant of what is before it: of emoji, of ideographs in Japanese names, of Mongolian letters.
    `[^\\p{White_Space}${HIDDEN}][\\ufe00-\\ufe0f]`,
    '[\\u3400-\\u9fff\\u{20000}-\\u{3ffff}][\\u{e0100}-\\u{e01ef}]',
    '[\\u1820-\\u18aa][\\u180b-\\u180f]',
    // The flags of England, Scotland and Wales.
    '\\u{1f3f4}\\u{e0067}\\u{e0062}(?:\\u{e0065}\\u{e006e}\\u{e0067}|\\u{e0073}\\u{e0063}\\u{e0074}|\\u{e0077}\\u{e006c}\\u{e0073})\\u{e007f}',
  ].join('|'),
  'gu',
);

/** NFKC: letters that look and mean the same are the same, however a keyboard made them. */
export const normalText = (typed: string): string => typed.normalize('NFKC');

const seen = (text: string) => SEEN.test(text);

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
          .refine(
            (text) => !invisible.test(text.replace(NEEDED, '')),
            'must hold no control or invisible characters',
          ),
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
