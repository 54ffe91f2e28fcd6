/** Times as they are read on the venue's own clock, in the browser's language unless a `locale` is named. */

export interface Venue {
  /** IANA, such as `Europe/Amsterdam`. */
  readonly timeZone: string;
  readonly city: string;
}

const formats = new Map<string, Intl.DateTimeFormat>();

function formatOf(
  timeZone: string,
  options: Intl.DateTimeFormatOptions,
  locale?: string,
): Intl.DateTimeFormat {
  const key = JSON.stringify([timeZone, options, locale]);
  let format = formats.get(key);
  if (!format) {
    format = new Intl.DateTimeFormat(locale, { ...options, ...(timeZone && { timeZone }) });
    formats.set(key, format);
  }
  return format;
}

/** A zone that this browser does not know is read as UTC, and then named so. */
function known(timeZone: string): string {
  try {
    formatOf(timeZone, {});
    return timeZone;
  } catch {
    return 'UTC';
  }
}

/** The reader's own zone. */
const HERE = '';

/**
 * "Sat 5 December 2026 at 21:00, Rotterdam time". The year only if it is not the one at `now`, the zone only if the reader's clock
 * shows something else at that instant.
 */
export function formatVenueTime(iso: string, venue: Venue, now: number, locale?: string): string {
  const zone = known(venue.timeZone);
  const said = formatIn(zone, iso, now, locale);
  if (wall(zone, iso) === wall(HERE, iso)) return said;
  return `${said}, ${zone === venue.timeZone && venue.city ? `${venue.city} time` : zone}`;
}

/** An instant of the reader's own life, such as a purchase, on the reader's clock; said to be so beside another's. */
export function formatMoment(iso: string, now: number, beside: Venue | null = null, locale?: string): string {
  const said = formatIn(HERE, iso, now, locale);
  return beside && wall(known(beside.timeZone), iso) !== wall(HERE, iso) ? `${said}, your time` : said;
}

function formatIn(timeZone: string, iso: string, now: number, locale?: string): string {
  const year = (instant: Date) => formatOf(timeZone, { year: 'numeric' }, 'en').format(instant);
  const at = new Date(iso);
  return formatOf(
    timeZone,
    {
      weekday: 'short',
      day: 'numeric',
      month: 'long',
      ...(year(at) === year(new Date(now)) ? {} : { year: 'numeric' }),
      // "03:28", but "3:28 AM".
      hour: formatOf(timeZone, { hour: 'numeric' }, locale).resolvedOptions().hour12 ? 'numeric' : '2-digit',
      minute: '2-digit',
    },
    locale,
  ).format(at);
}

/** What a clock in the zone shows, for comparing. */
const wall = (timeZone: string, iso: string): string =>
  formatOf(timeZone, { dateStyle: 'short', timeStyle: 'medium' }, 'en').format(new Date(iso));

export const formatVenueDay = (iso: string, { timeZone }: Venue): string =>
  formatOf(known(timeZone), { day: 'numeric' }, 'en').format(new Date(iso));
export const formatVenueMonth = (iso: string, { timeZone }: Venue, locale?: string): string =>
  formatOf(known(timeZone), { month: 'short', year: 'numeric' }, locale).format(new Date(iso));

/** "2 min 14 s", never "0 s" while there is time: what is left in words, ever coarser the more it is. */
export function formatWait(ms: number): string {
  const seconds = Math.max(0, Math.ceil(ms / 1000));
  if (seconds < 60) return `${seconds} s`;
  if (seconds < 3600) return both(Math.floor(seconds / 60), 'min', seconds % 60, 's');
  const minutes = Math.ceil(seconds / 60);
  if (minutes < 24 * 60) return both(Math.floor(minutes / 60), 'h', minutes % 60, 'min');
  const hours = Math.round(minutes / 60);
  const days = Math.floor(hours / 24);
  return both(days, days === 1 ? 'day' : 'days', hours % 24, 'h');
}

const both = (much: number, unit: string, little: number, part: string): string =>
  little === 0 ? `${much} ${unit}` : `${much} ${unit} ${little} ${part}`;
