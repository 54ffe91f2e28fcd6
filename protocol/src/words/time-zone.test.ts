import { expect, test } from 'vitest';
import { timeZoneName } from './time-zone.ts';

test.each([
  'Europe/Amsterdam',
  'America/Argentina/Buenos_Aires',
  'Asia/Kolkata',
  'America/Port-au-Prince',
  'Etc/GMT+5',
  'Etc/UTC',
  'UTC',
])('[CB19] %s is a time zone', (name) => {
  expect(timeZoneName(name)).toBe(name);
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
  expect(timeZoneName(name)).toBeNull();
});

test('[CB19] a zone typed in other letters is written as IANA does, each that this engine lists and each older name', () => {
  const older =
    'Asia/Calcutta Asia/Kolkata Europe/Kiev Europe/Kyiv Asia/Ho_Chi_Minh America/Port_of_Spain Etc/GMT+5 Etc/UTC UTC US/Eastern ' +
    'GB-Eire NZ-CHAT W-SU Brazil/DeNoronha America/Knox_IN EST5EDT PRC Antarctica/McMurdo Africa/Dar_es_Salaam';
  for (const name of [...Intl.supportedValuesOf('timeZone'), ...older.split(' ')]) {
    expect(timeZoneName(name.toLowerCase())).toBe(name);
    expect(timeZoneName(name.toUpperCase())).toBe(name);
  }
});
