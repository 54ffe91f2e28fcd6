import { describe, expect, it } from 'vitest';
import { readArguments, UsageError } from './config.ts';

describe('the command line', () => {
  it('a scenario alone has its own defaults', () => {
    expect(readArguments(['smoke'])).toEqual({
      scenario: 'smoke',
      url: null,
      sockets: 20,
      seconds: 15,
      event: null,
      plant: null,
    });
    expect(readArguments(['on-sale'])).toMatchObject({ sockets: 400, seconds: 30 });
  });

  it('flags override them', () => {
    expect(
      readArguments(['smoke', '--sockets', '7', '--url=ws://localhost:1', '--plant', 'wrong-map']),
    ).toMatchObject({ sockets: 7, url: 'ws://localhost:1', plant: 'wrong-map' });
  });

  it('asking for help is no mistake', () => {
    expect(readArguments(['--help'])).toBe('help');
  });

  it.each([
    [[], /Name a scenario/],
    [['soak'], /No such scenario: soak/],
    [['smoke', 'on-sale'], /No such scenario/],
    [['toString'], /No such scenario/],
    [['smoke', '--sockets', '0'], /--sockets takes a whole number from 1/],
    [['smoke', '--sockets', '1e3'], /--sockets takes/],
    [['smoke', '--seconds', '481'], /--seconds takes a whole number from 5 to 480/],
    [['smoke', '--url', 'localhost:3000'], /--url takes an address/],
    [['smoke', '--plant', 'bug'], /--plant takes one of/],
    [['smoke', '--fast'], /fast/],
  ])('%j is refused with what to do', (args, message) => {
    expect(() => readArguments(args)).toThrow(UsageError);
    expect(() => readArguments(args)).toThrow(message);
  });
});
