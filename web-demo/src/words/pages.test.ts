import { REJECT_CODES, REJECTIONS } from '@seatwire/protocol';
import { expect, test } from 'vitest';
import { pageTrouble, type Shown } from './pages.ts';

const PAGES: readonly Shown[] = ['event', 'events', 'orders', 'monitor'];
/** Words for programmers. */
const JARGON =
  /\bop\b|op id|token|request|session|defect|logged|refresh|authenticat|expected form|server|system/i;

test("[CD11] no page shows the protocol's words, whatever is answered", () => {
  const messages = new Set<string>(Object.values(REJECTIONS).map(({ message }) => message));
  for (const page of PAGES) {
    for (const code of [...REJECT_CODES, 'offline', 'made_up_tomorrow' as 'offline'] as const) {
      const { title, text } = pageTrouble(page, code);
      expect(messages).not.toContain(text);
      expect(`${title} ${text}`, `${page} ${code}`).not.toMatch(JARGON);
      expect(text, `${page} ${code}`).toMatch(/^[A-Z].*[.]$/);
      expect(text).not.toBe(title);
    }
  }
});

test('[CD18] what is not there is not tried again; what may come is', () => {
  for (const page of ['event', 'monitor'] as const) {
    for (const code of ['unknown_event', 'bad_request', 'not_found'] as const)
      expect(pageTrouble(page, code).again, `${page} ${code}`).toBe(false);
  }
  expect(pageTrouble('monitor', 'forbidden').again).toBe(false);
  for (const page of PAGES) {
    for (const code of ['offline', 'unavailable', 'overloaded', 'rate_limited', 'internal'] as const)
      expect(pageTrouble(page, code).again, `${page} ${code}`).toBe(true);
  }
});
