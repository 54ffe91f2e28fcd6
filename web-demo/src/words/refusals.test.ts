import { REJECT_CODES, REJECTIONS, type RejectCode } from '@seatwire/protocol';
import { expect, test } from 'vitest';
import { BUYER_CODES, type BuyerCode, buyerText } from './refusals.ts';

/** Words of the protocol and of programmers, and those of a jailer. */
const NOT_FOR_BUYERS =
  /\bop\b|op id|\bplaces?\b|index|token|request|form\b|fence|epoch|server|system|session|defect|logged|refresh|authenticat|claim|under the same|chart|release|take one out|give them back|checkout|check out|joined?\b|family|provider/i;

test('[CD11] each code of the protocol has words for the buyer', () => {
  for (const code of REJECT_CODES) expect(buyerText(code), code).toMatch(/^[A-Z].*[.]$/s);
  for (const code of BUYER_CODES) expect(buyerText(code), code).toMatch(/^[A-Z].*[.]$/s);
});

test('[CD11] no word of the protocol reaches a buyer', () => {
  for (const code of BUYER_CODES) expect(buyerText(code), code).not.toMatch(NOT_FOR_BUYERS);
  // The control: the protocol's own messages would not pass.
  const messages = (['unavailable', 'bad_request', 'buyer_limit', 'stale_fence'] as RejectCode[]).map(
    (code) => REJECTIONS[code].message,
  );
  for (const message of messages) expect(message).toMatch(NOT_FOR_BUYERS);
});

test('[CD11] a code of a newer server still has words', () => {
  expect(buyerText('made_up_tomorrow' as BuyerCode)).toMatch(/try again/);
});

test('[CD11] nothing of the page shows the message of an answer', () => {
  const sources = import.meta.glob<string>(['../**/*.ts', '../**/*.tsx', '!../**/*.test.*'], {
    query: '?raw',
    import: 'default',
    eager: true,
  });
  const reads = Object.entries(sources).filter(([, text]) => /\.message\b/.test(text));
  // Where REST's answers are read, and nothing is shown.
  expect(reads.map(([path]) => path)).toEqual(['../connection/api.ts']);
  expect(Object.keys(sources).length).toBeGreaterThan(50);
});
