/** Time zones of venues, by their IANA names: `Europe/Amsterdam`. */

const NAME = /^[A-Za-z][A-Za-z0-9_+-]*(?:\/[A-Za-z0-9_+-]+)*$/;
const WORD = /[a-z][a-z0-9]*/g;
/** Words of zones' names that do not just begin with a capital. */
const ODD_WORDS = new Map(
  (
    'of es au McMurdo DumontDUrville BajaNorte BajaSur DeNoronha EasterIsland ComodRivadavia UTC UCT GMT GMT0 CET EET WET MET EST ' +
    'MST HST EST5EDT CST6CDT MST7MDT PST8PDT US GB NZ CHAT ROC ROK PRC W SU NSW LHI ACT IN'
  )
    .split(' ')
    .map((word) => [word.toLowerCase(), word]),
);

/**
 * The name with IANA's capitals, null if this program cannot tell the time there. Older names of a zone stay what they are: which
 * one an engine prefers changes. Offsets such as `+01:00` are no zones: they know no summer time.
 */
export function timeZoneName(typed: string): string | null {
  if (typed.length > 64 || !NAME.test(typed)) return null;
  try {
    new Intl.DateTimeFormat('en', { timeZone: typed });
  } catch {
    return null;
  }
  const capital = (word: string) => ODD_WORDS.get(word) ?? word.charAt(0).toUpperCase() + word.slice(1);
  return typed.toLowerCase().replace(WORD, capital);
}
