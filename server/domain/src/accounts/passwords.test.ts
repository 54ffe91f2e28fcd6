import { describe, expect, test } from 'vitest';
import { Passwords } from './passwords.ts';

describe('passwords', () => {
  test('[SE18] passwords are argon2id with at least the parameters OWASP asks for', async () => {
    const stored = await new Passwords().hash('open sesame');
    expect(stored).toMatch(/^\$argon2id\$v=19\$m=19456,t=2,p=1\$/);
  });

  test('passwords match themselves and nothing else', async () => {
    const passwords = new Passwords();
    const stored = await passwords.hash('open sesame');
    expect(await passwords.matches(stored, 'open sesame')).toBe(true);
    expect(await passwords.matches(stored, 'open sesame ')).toBe(false);
    expect(await passwords.matches(null, 'correct horse battery staple')).toBe(false);
  });

  test('[SE18] an account that does not exist takes about as long as a wrong password', async () => {
    const passwords = new Passwords();
    const stored = await passwords.hash('open sesame');
    await passwords.matches(null, 'warm up');
    const median = async (hash: string | null): Promise<number> => {
      const times: number[] = [];
      for (let i = 0; i < 7; i++) {
        const since = performance.now();
        await passwords.matches(hash, 'wrong');
        times.push(performance.now() - since);
      }
      return times.sort((a, b) => a - b)[3]!;
    };
    const [known, unknown] = [await median(stored), await median(null)];
    expect(unknown).toBeGreaterThan(known / 3);
    expect(unknown).toBeLessThan(known * 3);
  });

  test('[SE18] a flood is turned away beyond a bound, and those let in are answered', async () => {
    const passwords = new Passwords({ atOnce: 1, mostWaiting: 4 });
    const answers = await Promise.all(Array.from({ length: 20 }, () => passwords.matches(null, 'x')));
    expect(answers.filter((answer) => answer === false)).toHaveLength(5);
    expect(answers.filter((answer) => answer === 'overloaded')).toHaveLength(15);
    expect(await passwords.matches(null, 'x')).toBe(false);
  });

  test('[CB30] wrong tries that wait side by side are counted one after another', async () => {
    const looked = async (guarded: boolean): Promise<number> => {
      const passwords = new Passwords();
      let failures = 0;
      const mayLook = () => failures < 3;
      const wrong = () => void failures++;
      const attempt = async (): Promise<void> => {
        if (!mayLook()) return;
        if (guarded) await passwords.matches(null, 'x', { mayLook, wrong });
        else if (!(await passwords.matches(null, 'x'))) wrong();
      };
      await Promise.all(Array.from({ length: 10 }, attempt));
      return failures;
    };
    expect(await looked(true)).toBe(3);
    // The control: asked only before it waits, every one of them is looked at.
    expect(await looked(false)).toBe(10);
  });
});
