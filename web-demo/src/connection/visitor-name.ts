/** A random name that all windows of this browser share, so that they count as one person who looks. It says nothing else of anybody. */
import { randomToken } from '@seatwire/protocol';
import { type BrowserKeys, browserKeys } from './browser-keys.ts';

const VISITOR = 'seatwire.visitor';

export function visitorName(keys: BrowserKeys = browserKeys()): string {
  const known = keys.get(VISITOR);
  if (known !== null && /^[\w-]{16,64}$/.test(known)) return known;
  const made = randomToken();
  keys.set(VISITOR, made);
  return made;
}
