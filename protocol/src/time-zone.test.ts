import { expect, test } from 'vitest';
import { isCurrency } from './currencies.ts';
import { isTimeZone } from './time-zone.ts';

test.each([
  'Europe/Amsterdam',
  'America/Argentina/Buenos_Aires',
  'Asia/Kolkata',
  'America/Port-au-Prince',
  'Etc/GMT+5',
  'Etc/UTC',
  'UTC',
])('[CB19] %s is a time zone', (name) => {
  expect(isTimeZone(name)).toBe(true);
});

test.each([
  '',
  'Europe/Rotterdam',
  '+01:00',
  'Europe/',
  '/Europe',
  'Europe/Amsterdam\0',
  'Local',
  '\u00e9',
  'x'.repeat(100),
])('[CB19] %j is none', (name) => {
  expect(isTimeZone(name)).toBe(false);
});

test('[CB16] currencies are those of ISO 4217', () => {
  expect(['EUR', 'JPY', 'KWD', 'BHD'].every(isCurrency)).toBe(true);
  expect(['', 'eur', 'EURO', 'ZZZ', 'XX', 'ABC'].some(isCurrency)).toBe(false);
});
