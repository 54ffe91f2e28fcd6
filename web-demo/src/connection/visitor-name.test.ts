import { expect, test } from 'vitest';
import { visitorName } from './visitor-name.ts';

const keysWith = (kept: Map<string, string>) => ({
  get: (key: string) => kept.get(key) ?? null,
  set: (key: string, value: string | null) => void (value === null ? kept.delete(key) : kept.set(key, value)),
});

test('[CD22] all windows of a browser give one name, and another browser another', () => {
  const browser = new Map<string, string>();
  const name = visitorName(keysWith(browser));
  expect(name).toMatch(/^[\w-]{16,64}$/);
  expect(visitorName(keysWith(browser))).toBe(name);
  expect(visitorName(keysWith(new Map()))).not.toBe(name);
  browser.set([...browser.keys()][0]!, 'x&token=y');
  expect(visitorName(keysWith(browser))).toMatch(/^[\w-]{16,64}$/);
});
