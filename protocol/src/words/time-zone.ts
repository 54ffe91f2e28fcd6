/** Time zones of venues, by their IANA names: `Europe/Amsterdam`. */

/** What a migrated venue has until somebody says where it is. */
export const UNTOLD_TIME_ZONE = 'Etc/UTC';

const NAME = /^[A-Za-z][A-Za-z0-9_+-]*(?:\/[A-Za-z0-9_+-]+)*$/;

/** Whether this program can tell the time there. Offsets such as `+01:00` are no zones: they know no summer time. */
export function isTimeZone(name: string): boolean {
  if (name.length > 64 || !NAME.test(name)) return false;
  try {
    new Intl.DateTimeFormat('en', { timeZone: name });
    return true;
  } catch {
    return false;
  }
}
