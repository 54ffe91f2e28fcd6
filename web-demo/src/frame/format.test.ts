import { expect, test } from 'vitest';
import { formatMoney, formatSum } from './format.ts';

/** Whatever language the machine speaks. */
const EN = 'en-US';
const AMOUNTS = [
  1,
  9,
  10,
  99,
  100,
  101,
  1000,
  8000,
  123_456,
  9_999_999,
  10_000_000,
  10_000_001,
  999_999_999_999,
  1e12,
  1e12 + 1,
];

/** What a reader of the text takes it for, in minor units. */
function read(text: string, digits: number): bigint {
  const [, units, parts = ''] = /([\d,]+)(?:\.(\d+))?/.exec(text)!;
  return BigInt(units!.replaceAll(',', '') + parts.padEnd(digits, '0'));
}

test('[CB16] in every currency, what is shown is what is charged, to the last minor unit', () => {
  for (const currency of Intl.supportedValuesOf('currency')) {
    const digits = new Intl.NumberFormat(EN, { style: 'currency', currency }).resolvedOptions()
      .maximumFractionDigits!;
    for (const amount of AMOUNTS) {
      const shown = formatMoney(amount, currency, EN);
      expect(read(shown, digits), `${amount} ${currency} is shown as ${shown}`).toBe(BigInt(amount));
      // All of the currency's digits, or none: never "5.5".
      const decimals = /\.(\d+)/.exec(shown)?.[1]?.length ?? 0;
      expect([0, digits], shown).toContain(decimals);
    }
  }
});

test('[CB16] yen have no minor unit, euros two digits, dinars three', () => {
  expect(formatMoney(8000, 'JPY', EN)).toMatch(/8,000$/);
  expect(formatMoney(8000, 'EUR', EN)).toMatch(/80$/);
  expect(formatMoney(8050, 'EUR', EN)).toMatch(/80\.50$/);
  expect(formatMoney(8050, 'KWD', EN)).toMatch(/8\.050$/);
});

test('[CB16] a large sum keeps its cents', () => {
  expect(formatMoney(10_000_001, 'EUR', EN)).toMatch(/100,000\.01$/);
  expect(formatMoney(999_999_999_999, 'EUR', EN)).toMatch(/9,999,999,999\.99$/);
});

test('[CB16] nothing to pay is free; a sum of nothing is a sum', () => {
  expect(formatMoney(0, 'EUR', EN)).toBe('Free');
  expect(formatSum(0, 'EUR', EN)).toMatch(/0$/);
  expect(formatSum(-150, 'EUR', EN)).toMatch(/^-.*1\.50$/);
});
