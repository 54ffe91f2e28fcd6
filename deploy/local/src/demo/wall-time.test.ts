import { expect, test } from 'vitest';
import { wallTime } from './wall-time.ts';

test.each([
  ['Europe/Amsterdam', '2026-11-25T23:30:00Z', 0, '2026-11-26T19:00:00.000Z'],
  ['Europe/Amsterdam', '2026-03-20T12:00:00Z', 9, '2026-03-29T18:00:00.000Z'],
  ['America/New_York', '2026-11-25T02:00:00Z', 0, '2026-11-25T01:00:00.000Z'],
  ['Asia/Tokyo', '2026-11-25T16:00:00Z', 1, '2026-11-27T11:00:00.000Z'],
  ['Etc/UTC', '2026-11-25T00:00:00Z', 40, '2027-01-04T20:00:00.000Z'],
])('[CB19] 20:00 in %s, asked at %s, in %i days', (zone, now, inDays, instant) => {
  expect(new Date(wallTime(zone, Date.parse(now), inDays, 20)).toISOString()).toBe(instant);
});
