import { expect, test } from 'vitest';
import { CURRENCIES, isCurrency, minorDigits } from './currencies.ts';

test('[CB16] currencies are those of ISO 4217, in each of which prices can be told', () => {
  expect(['EUR', 'JPY', 'KWD', 'BHD', 'VED', 'XCG'].every(isCurrency)).toBe(true);
  expect(['', 'eur', 'EURO', 'ZZZ', 'XX', 'ABC', 'XXX', 'XAU', 'XTS', 'CLF'].some(isCurrency)).toBe(false);
  expect(CURRENCIES.every((code) => /^[A-Z]{3}$/.test(code))).toBe(true);
  expect(new Set(CURRENCIES).size).toBe(158);
});

test('[CB16] minor units are those of ISO 4217, on every engine', () => {
  const digits = (codes: string) => codes.split(' ').map(minorDigits);
  expect(digits('EUR HUF IDR COP PKR IRR MMK UYU')).toEqual([2, 2, 2, 2, 2, 2, 2, 2]);
  expect(digits('JPY KRW ISK CLP VND UGX')).toEqual([0, 0, 0, 0, 0, 0]);
  expect(digits('KWD BHD IQD TND')).toEqual([3, 3, 3, 3]);
});
