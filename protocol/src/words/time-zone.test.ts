import { expect, test } from 'vitest';
import { isTimeZone } from './time-zone.ts';

test.each([
  'Europe/Amsterdam',
  'America/Argentina/Buenos_Aires',
  'Asia/Kolkata',
  'America/Port-au-Prince',
  'Etc/GMT+5',
  'Etc/UTC',
  'UTC',
])('[B19] %s is a time zone', (name) => {
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
])('[B19] %j is none', (name) => {
  expect(isTimeZone(name)).toBe(false);
});
