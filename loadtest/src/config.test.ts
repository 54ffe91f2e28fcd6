import { describe, expect, test } from 'vitest';
import { readArguments, SCENARIOS, UsageError } from './config.ts';

describe('the command line', () => {
  test('a scenario alone has its own defaults', () => {
    expect(readArguments(['smoke'])).toEqual({
      scenario: 'smoke',
      url: null,
      sockets: 20,
      seconds: 15,
      rate: 0,
      event: null,
      report: null,
      part: null,
      startAt: null,
      plant: null,
    });
    expect(readArguments(['on-sale'])).toMatchObject({ sockets: 400, seconds: 30 });
    expect(readArguments(['soak'])).toMatchObject({ seconds: 600, rate: 10 });
  });

  test.each(Object.keys(SCENARIOS))('%s is a scenario', (name) => {
    expect(readArguments([name])).toMatchObject({ scenario: name });
  });

  test('flags override them', () => {
    expect(
      readArguments(['smoke', '--sockets', '7', '--url=ws://localhost:1', '--plant', 'wrong-map']),
    ).toMatchObject({ sockets: 7, url: 'ws://localhost:1', plant: 'wrong-map' });
    expect(readArguments(['browse', '--rate', '50', '--report', 'out'])).toMatchObject({
      rate: 50,
      report: 'out',
    });
  });

  test.each([
    ['90', 90],
    ['90s', 90],
    ['10m', 600],
    ['2h', 7200],
  ])('a duration of %s is %d seconds, also by its first name', (text, seconds) => {
    expect(readArguments(['soak', '--duration', text])).toMatchObject({ seconds });
    expect(readArguments(['soak', '--seconds', text])).toMatchObject({ seconds });
  });

  test('a default rate is no more than its sockets may do', () => {
    expect(readArguments(['mixed', '--sockets', '1', '--rate', '20'])).toMatchObject({ rate: 20 });
    expect(() => readArguments(['mixed', '--sockets', '1', '--rate', '21'])).toThrow(/--rate takes/);
  });

  test('one generator of several says which, where, and when', () => {
    const flags = ['--part', '2/3', '--start-at', '2026-11-21T12:00:00Z', '--report', 'r', '--url', 'ws://a'];
    expect(readArguments(['browse', ...flags])).toMatchObject({
      part: { number: 2, of: 3 },
      startAt: Date.UTC(2026, 10, 21, 12),
    });
    expect(readArguments(['prove', '--report', 'r'])).toEqual({ scenario: 'prove', report: 'r' });
  });

  test('asking for help is no mistake', () => {
    expect(readArguments(['--help'])).toBe('help');
  });

  test.each([
    [[], /Name a scenario/],
    [['flood'], /No such scenario: flood/],
    [['smoke', 'on-sale'], /No such scenario/],
    [['toString'], /No such scenario/],
    [['smoke', '--sockets', '0'], /--sockets takes a whole number from 1/],
    [['smoke', '--sockets', '1e3'], /--sockets takes/],
    [['smoke', '--rate', '5'], /smoke has no rate/],
    [['smoke', '--duration', '4'], /--duration takes 5 s to 24 h/],
    [['smoke', '--duration', '25h'], /--duration takes/],
    [['smoke', '--duration', '1d'], /--duration takes/],
    [['smoke', '--url', 'localhost:3000'], /--url takes an address/],
    [['smoke', '--part', '1/2'], /--part wants --url, --start-at and --report/],
    [['smoke', '--part', '3/2'], /--part takes which of how many/],
    [['smoke', '--start-at', 'noon'], /--start-at takes a time/],
    [['smoke', '--plant', 'bug'], /--plant takes one of/],
    [['smoke', '--fast'], /fast/],
    [['prove'], /prove wants --report/],
  ])('%j is refused with what to do', (args, message) => {
    expect(() => readArguments(args)).toThrow(UsageError);
    expect(() => readArguments(args)).toThrow(message);
  });
});
