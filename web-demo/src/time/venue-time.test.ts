import { afterEach, expect, test, vi } from 'vitest';
import { formatMoment, formatVenueDay, formatVenueMonth, formatVenueTime, formatWait } from './venue-time.ts';

const ROTTERDAM = { timeZone: 'Europe/Amsterdam', city: 'Rotterdam' };
/** Whatever language the machine speaks. */
const EN = 'en-US';
const STARTS = '2026-12-05T20:00:00Z';
const NOW = Date.parse('2026-11-25T12:00:00Z');

afterEach(() => vi.unstubAllEnvs());

/** The reader's zone is the process's; formats are made anew with the module. */
async function readIn(zone: string) {
  vi.stubEnv('TZ', zone);
  vi.resetModules();
  return import('./venue-time.ts');
}

test.each([
  ['Europe/Amsterdam', false],
  ['Europe/Brussels', false],
  ['America/New_York', true],
  ['Asia/Tokyo', true],
  ['UTC', true],
])('[CB19] read in %s, the time is the one of the clock at the venue', async (zone, named) => {
  const read = await readIn(zone);
  const said = read.formatVenueTime(STARTS, ROTTERDAM, NOW, EN);
  expect(said).toContain('Sat');
  expect(said).toContain('December');
  expect(said).toMatch(/\b9:00\sPM|21:00/);
  expect(said.includes('Rotterdam time')).toBe(named);
  expect(read.formatVenueDay('2026-12-05T23:30:00Z', ROTTERDAM)).toBe('6');
  expect(read.formatVenueMonth('2026-12-31T23:30:00Z', ROTTERDAM, EN)).toBe('Jan 2027');
});

test('[CB19] the zone is named by what differs at that instant, not by its name', async () => {
  // Phoenix knows no summer time: it agrees with Denver in winter only.
  const read = await readIn('America/Phoenix');
  const denver = { timeZone: 'America/Denver', city: 'Denver' };
  expect(read.formatVenueTime('2026-12-05T20:00:00Z', denver, NOW, EN)).not.toContain('time');
  expect(read.formatVenueTime('2026-07-05T20:00:00Z', denver, NOW, EN)).toContain('Denver time');
});

test("[CB19] the year is named when it is not this one, by the venue's calendar", () => {
  expect(formatVenueTime(STARTS, ROTTERDAM, NOW, EN)).not.toContain('2026');
  expect(formatVenueTime('2027-01-04T20:00:00Z', ROTTERDAM, NOW, EN)).toContain('2027');
  expect(formatVenueTime('2026-12-31T23:30:00Z', ROTTERDAM, NOW, EN)).toContain('2027');
  expect(formatVenueTime(STARTS, ROTTERDAM, Date.parse('2027-06-01T00:00:00Z'), EN)).toContain('2026');
});

test('[CB19] a venue whose zone is not told, or not known here, is read in UTC and says so', () => {
  const said = (timeZone: string) => formatVenueTime(STARTS, { timeZone, city: 'Rotterdam' }, NOW, EN);
  for (const zone of ['Etc/UTC', 'Mars/Olympus_Mons'])
    expect(said(zone)).toMatch(/(8:00\sPM|20:00)(, UTC)?$/);
});

test('[CB19] hours have two digits on a clock of 24, and what is usual on one of 12', () => {
  const early = '2026-12-02T02:28:00Z';
  expect(formatVenueTime(early, ROTTERDAM, NOW, 'en-GB')).toContain('03:28');
  expect(formatVenueTime(early, ROTTERDAM, NOW, EN)).toMatch(/\b3:28\sAM/);
});

test('[CB19] a purchase is dated by the clock of its reader', async () => {
  const read = await readIn('Asia/Tokyo');
  expect(read.formatMoment(STARTS, NOW, EN)).toMatch(/^Sun.*5:00\sAM|05:00/);
  expect(formatMoment('2025-01-01T12:00:00Z', NOW, EN)).toContain('2025');
  expect(formatVenueDay(STARTS, ROTTERDAM)).toBe('5');
  expect(formatVenueMonth(STARTS, ROTTERDAM, EN)).toContain('2026');
});

test('[CD14] a wait in words', () => {
  expect(formatWait(134_000)).toBe('2 min 14 s');
  expect(formatWait(133_001)).toBe('2 min 14 s');
  expect(formatWait(120_000)).toBe('2 min');
  expect(formatWait(1)).toBe('1 s');
  expect(formatWait(-5)).toBe('0 s');
  expect(formatWait(3_600_000)).toBe('1 h');
  expect(formatWait(3_599_001)).toBe('1 h');
  expect(formatWait(7_500_000)).toBe('2 h 5 min');
  expect(formatWait(26 * 3_600_000)).toBe('1 day 2 h');
  expect(formatWait(5 * 86_400_000 + 1)).toBe('5 days');
});
