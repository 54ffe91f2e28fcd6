import { describe, expect, test } from 'vitest';
import { SignInLimits, type SignInTry } from './sign-in-limits.ts';

let now = 0;
const limits = () => {
  now = 0;
  return new SignInLimits({ failuresPerMinute: 10, registrationsPerMinute: 600, now: () => now });
};
const by = (address: string, email = 'ann@test.example'): SignInTry => ({ address, email });
/** How many of `tries` wrong passwords were looked at. */
function guesses(at: SignInLimits, tries: SignInTry[]): number {
  let looked = 0;
  for (const each of tries) {
    if (at.waitMs(each) > 0) continue;
    looked++;
    at.failed(each);
  }
  return looked;
}
const times = <T>(n: number, make: (i: number) => T): T[] => Array.from({ length: n }, (_, i) => make(i));

describe('limits of sign-ins', () => {
  test('[CB30] wrong passwords from one address do not lock out the owner at another', () => {
    const at = limits();
    expect(
      guesses(
        at,
        times(30, () => by('1.1.1.1')),
      ),
    ).toBe(10);
    expect(at.waitMs(by('1.1.1.1'))).toBeGreaterThan(0);
    expect(at.waitMs(by('2.2.2.2'))).toBe(0);
    expect(at.waitMs(by('1.1.1.1', 'bob@test.example'))).toBe(0);
  });

  test('[CB30] the wait is true: then, and not before, the next try is looked at', () => {
    const at = limits();
    guesses(
      at,
      times(30, () => by('1.1.1.1')),
    );
    for (let i = 0; i < 5; i++) {
      now += at.waitMs(by('1.1.1.1')) - 1;
      expect(at.waitMs(by('1.1.1.1'))).toBeGreaterThan(0);
      now += 1;
      expect(guesses(at, [by('1.1.1.1'), by('1.1.1.1')])).toBe(1);
    }
  });

  test('[CB30] one spelling of an address is as good as another', () => {
    const at = limits();
    guesses(
      at,
      times(10, () => by('1.1.1.1', 'ann@test.example')),
    );
    expect(at.waitMs(by('1.1.1.1', 'ANN@test.example'))).toBeGreaterThan(0);
  });

  test('[CB31] right passwords cost nothing, and make up for wrong ones before them', () => {
    const at = limits();
    for (const each of times(1_000, () => by('1.1.1.1'))) {
      expect(at.waitMs(each)).toBe(0);
      at.succeeded(each);
    }
    guesses(
      at,
      times(9, () => by('1.1.1.1')),
    );
    at.succeeded(by('1.1.1.1'));
    expect(
      guesses(
        at,
        times(30, () => by('1.1.1.1')),
      ),
    ).toBe(10);
  });

  test('[CB30] many accounts from one address are guessed at within a wider bound', () => {
    const at = limits();
    expect(
      guesses(
        at,
        times(1_000, (i) => by('1.1.1.1', `${i}@test.example`)),
      ),
    ).toBe(300);
    expect(at.waitMs(by('2.2.2.2', 'anybody@test.example'))).toBe(0);
  });

  test('[CB30] one account is guessed at slowly from many addresses, and its owner gets in where they were before', () => {
    const at = limits();
    at.succeeded(by('9.9.9.9'));
    expect(
      guesses(
        at,
        times(1_000, (i) => by(`1.1.${i >> 8}.${i & 255}`)),
      ),
    ).toBe(100);
    expect(at.waitMs(by('9.9.9.9'))).toBe(0);
    // Slow, not shut: a new address still gets a try.
    const wait = at.waitMs(by('8.8.8.8'));
    expect(wait).toBeGreaterThan(0);
    expect(wait).toBeLessThanOrEqual(3_000);
    now += wait;
    expect(at.waitMs(by('8.8.8.8'))).toBe(0);
  });

  test('[CB31] a neighbour who uses up the address does not hold up who signed in there before', () => {
    const at = limits();
    at.succeeded(by('1.1.1.1'));
    guesses(
      at,
      times(1_000, (i) => by('1.1.1.1', `${i}@test.example`)),
    );
    expect(at.waitMs(by('1.1.1.1', 'new@test.example'))).toBeGreaterThan(0);
    expect(at.waitMs(by('1.1.1.1'))).toBe(0);
  });

  test('[CB30] a place one knows is no place to guess from', () => {
    const at = limits();
    at.succeeded(by('1.1.1.1'));
    expect(
      guesses(
        at,
        times(30, () => by('1.1.1.1')),
      ),
    ).toBe(10);
  });

  test('[CB31] a hall registers several hundred times a minute, from one address', () => {
    const at = limits();
    let registered = 0;
    for (const _ of times(1_000, () => 0)) {
      if (at.registrationWaitMs('1.1.1.1') > 0) break;
      at.registered('1.1.1.1');
      registered++;
    }
    expect(registered).toBe(600);
    expect(at.registrationWaitMs('2.2.2.2')).toBe(0);
    now += at.registrationWaitMs('1.1.1.1');
    expect(at.registrationWaitMs('1.1.1.1')).toBe(0);
  });

  test('[CB30] the number of familiar addresses remembered is bounded', () => {
    const at = limits();
    at.succeeded(by('9.9.9.9'));
    for (let i = 0; i < 50_000; i++) at.succeeded(by('1.1.1.1', `${i}@test.example`));
    guesses(
      at,
      times(200, (i) => by(`1.1.${i >> 8}.${i & 255}`)),
    );
    // Forgotten long ago: it waits like any new place.
    expect(at.waitMs(by('9.9.9.9'))).toBeGreaterThan(0);
  });
});
