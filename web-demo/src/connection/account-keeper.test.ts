import type { Session, User, UserId } from '@seatwire/protocol';
import { beforeEach, describe, expect, test } from 'vitest';
import { AccountKeeper, type News } from './account-keeper.ts';
import type { Answer } from './api.ts';
import { type BrowserKeys, SIGN_OUT_OWED, SIGNED_IN } from './browser-keys.ts';
import { tokenLife } from './token-life.ts';

const person = (name: string): User => ({
  id: `01980000-0000-7000-8000-0000000000${name}` as UserId,
  email: `${name}@test.test`,
  name,
  role: 'customer',
});
const [ann, bob] = [person('aa'), person('bb')];
/** What wall clocks say here, in the tokens: the keeper never looks. */
const ISSUED = 1_700_000_000;
const LIFE_S = 600;

let minted = 0;
const session = (user: User): Session => {
  const claims = { iat: ISSUED, exp: ISSUED + LIFE_S, n: ++minted };
  return {
    user,
    accessToken: `h.${btoa(JSON.stringify(claims))}.s`,
    accessTokenExpiresAt: new Date((ISSUED + LIFE_S) * 1000).toISOString(),
  };
};
const ok = <T>(body: T): Answer<T> => ({ ok: true, body });
const no = (code: 'bad_token' | 'unavailable' | 'offline' | 'rate_limited' | 'internal'): Answer<never> => ({
  ok: false,
  code,
  message: 'No.',
});

/** One browser with any number of tabs: storage, a channel, a lock and a server are theirs together. */
class Browser {
  readonly keys = new Map<string, string>();
  readonly tabs: AccountKeeper[] = [];
  readonly timers = new Set<{ at: number; callback: () => void }>();
  now = 0;
  refreshes = 0;
  logouts = 0;
  /** What the server says to a refresh. */
  refresh: () => Promise<Answer<Session>> = async () => ok(session(ann));
  logout: () => Promise<Answer<void>> = async () => ok(undefined);
  /** Whether tabs wait for each other. */
  locks = true;
  #lock: Promise<unknown> = Promise.resolve();
  #held = 0;

  tab(): AccountKeeper {
    const keys: BrowserKeys = {
      get: (key) => this.keys.get(key) ?? null,
      set: (key, value) => {
        if (value === null) this.keys.delete(key);
        else this.keys.set(key, value);
      },
    };
    const tab: AccountKeeper = new AccountKeeper({
      keys,
      refresh: () => {
        this.refreshes++;
        return this.refresh();
      },
      logout: () => {
        this.logouts++;
        return this.logout();
      },
      tell: (news: News) => {
        for (const other of this.tabs) if (other !== tab) queueMicrotask(() => other.hear(news));
      },
      alone: (work, contended) => {
        if (!this.locks) return work();
        const waited = this.#held++ > 0;
        const turn = this.#lock.then(async () => {
          if (waited) await contended?.();
          return work();
        });
        this.#lock = turn.finally(() => this.#held--);
        return turn;
      },
      steady: () => this.now,
      random: () => 1,
      after: (ms, callback) => {
        const timer = { at: this.now + ms, callback };
        this.timers.add(timer);
        return () => this.timers.delete(timer);
      },
    });
    this.tabs.push(tab);
    return tab;
  }

  async pass(ms: number): Promise<void> {
    this.now += ms;
    for (const timer of [...this.timers]) {
      if (timer.at > this.now) continue;
      this.timers.delete(timer);
      timer.callback();
    }
    await settled();
  }
}

const settled = () => new Promise((resolve) => setTimeout(resolve));
const who = (tab: AccountKeeper) => {
  const account = tab.account.get();
  return account.kind === 'signed-in' ? account.user.name : account.kind;
};

let browser: Browser;
beforeEach(() => {
  browser = new Browser();
});

/** Two tabs of somebody who has signed in. */
async function twoTabs(): Promise<[AccountKeeper, AccountKeeper]> {
  const [a, b] = [browser.tab(), browser.tab()];
  await Promise.all([a.accessToken(), b.accessToken()]);
  await a.signIn(async () => ok(session(ann)));
  await settled();
  return [a, b];
}

describe('one sign-in a browser', () => {
  test("[CB13] a sign-in and a sign-out of one tab are the other's at once", async () => {
    const [a, b] = await twoTabs();
    expect([who(a), who(b), browser.refreshes]).toEqual(['aa', 'aa', 0]);
    expect(await b.accessToken()).toBe(await a.accessToken());
    void b.signOut();
    expect(who(b)).toBe('anonymous');
    await settled();
    expect([who(a), await a.accessToken()]).toEqual(['anonymous', null]);
  });

  test("[CB13] another user who signs in in one tab is the user of the other too, and never the former with the latter's token", async () => {
    const [a, b] = await twoTabs();
    const seen: string[] = [];
    b.account.watch(() => seen.push(who(b)));
    await a.signIn(async () => ok(session(bob)));
    await settled();
    expect([who(b), seen]).toEqual(['bb', ['bb']]);
  });

  test('[CD24] a tab knows whether the sign-out was its own', async () => {
    const browser = new Browser();
    const [a, b] = [browser.tab(), browser.tab()];
    await a.signIn(async () => ok(session(ann)));
    await settled();
    await a.signOut();
    await settled();
    expect([a, b].map(who)).toEqual(['anonymous', 'anonymous']);
    expect([a, b].map((tab) => tab.signedOutHere)).toEqual([true, false]);
    await b.signIn(async () => ok(session(bob)));
    await settled();
    expect([a, b].map((tab) => tab.signedOutHere)).toEqual([false, false]);
  });

  test('[CB13] a tab that missed all that was told learns it when it looks', async () => {
    const [a, b] = await twoTabs();
    browser.tabs.splice(browser.tabs.indexOf(b), 1);
    browser.refresh = async () => ok(session(bob));
    await a.signIn(async () => ok(session(bob)));
    b.wake();
    expect(who(b)).toBe('unknown');
    // No tab answers: the server is asked.
    await browser.pass(300);
    expect(who(b)).toBe('bb');
    await a.signOut();
    b.wake();
    expect(who(b)).toBe('anonymous');
  });

  test('[CB13] news sent before a sign-out and heard after it is not believed', async () => {
    const [a, b] = await twoTabs();
    const token = (await a.accessToken())!;
    await a.signOut();
    await settled();
    b.hear({ kind: 'signed-in', user: ann, token, livesMs: 600_000 });
    expect(who(b)).toBe('anonymous');
  });

  test('[CB13] an answer to a refresh that was asked before a sign-out does not sign in', async () => {
    const [a] = await twoTabs();
    let answer = (_: Answer<Session>) => {};
    browser.refresh = () => new Promise((resolve) => (answer = resolve));
    await browser.pass(590_000);
    void a.accessToken();
    await settled();
    const leaving = a.signOut();
    answer(ok(session(ann)));
    await leaving;
    expect([who(a), browser.keys.has(SIGNED_IN)]).toEqual(['anonymous', false]);
  });
});

describe('refreshes', () => {
  test('[CB3] tabs that need a token together ask the server once', async () => {
    browser.keys.set(SIGNED_IN, ann.id);
    const tabs = Array.from({ length: 5 }, () => browser.tab());
    const tokens = await Promise.all(tabs.map((tab) => tab.accessToken()));
    expect(new Set(tokens).size).toBe(1);
    expect(tabs.map(who)).toEqual(['aa', 'aa', 'aa', 'aa', 'aa']);
    expect(browser.refreshes).toBe(1);
  });

  test('[CB3] control: without the lock each tab asks', async () => {
    browser.locks = false;
    browser.keys.set(SIGNED_IN, ann.id);
    const tabs = Array.from({ length: 5 }, () => browser.tab());
    await Promise.all(tabs.map((tab) => tab.accessToken()));
    expect(browser.refreshes).toBe(5);
  });

  test.each(['offline', 'unavailable', 'rate_limited', 'internal'] as const)(
    '[CB3] %s is no sign-out: it is asked again until the server says who we are',
    async (code) => {
      browser.keys.set(SIGNED_IN, ann.id);
      browser.refresh = async () => no(code);
      const tab = browser.tab();
      expect(await tab.accessToken()).toBeNull();
      expect(who(tab)).toBe('unknown');
      await browser.pass(1_000);
      expect([who(tab), browser.refreshes]).toEqual(['unknown', 2]);
      browser.refresh = async () => ok(session(ann));
      await browser.pass(2_000);
      expect([who(tab), browser.refreshes, browser.timers.size]).toEqual(['aa', 3, 0]);
    },
  );

  test('[CB3] waking while a refresh is on its way, as at each load of a page, takes nothing from its answer', async () => {
    browser.keys.set(SIGNED_IN, ann.id);
    const tab = browser.tab();
    const asked = tab.accessToken();
    tab.wake();
    expect(await asked).not.toBeNull();
    expect([who(tab), browser.refreshes]).toEqual(['aa', 1]);
  });

  test('[CB3] an answer about a former sign-in is followed by one about the present', async () => {
    const [a] = await twoTabs();
    let answer = (_: Answer<Session>) => {};
    browser.refresh = () => new Promise((resolve) => (answer = resolve));
    await browser.pass(590_000);
    void a.accessToken();
    await settled();
    // Another signs in in a tab that we do not hear.
    browser.keys.set(SIGNED_IN, bob.id);
    a.look();
    expect(who(a)).toBe('unknown');
    await browser.pass(300);
    answer(ok(session(ann)));
    await settled();
    browser.refresh = async () => ok(session(bob));
    await browser.pass(1_000);
    expect(who(a)).toBe('bb');
  });

  test('[CB3] on waking a refresh does not wait for its turn', async () => {
    browser.keys.set(SIGNED_IN, ann.id);
    browser.refresh = async () => no('offline');
    const tab = browser.tab();
    await tab.accessToken();
    for (let i = 0; i < 8; i++) await browser.pass(30_000);
    browser.refresh = async () => ok(session(ann));
    tab.wake();
    await settled();
    expect(who(tab)).toBe('aa');
  });

  test("[CB3] the server's no is one, and the other tabs' too", async () => {
    const [a, b] = await twoTabs();
    browser.refresh = async () => no('bad_token');
    a.doubt();
    await settled();
    expect(who(a)).toBe('anonymous');
    b.look();
    expect(who(b)).toBe('anonymous');
  });

  test("[CB24] a token is renewed by what has passed, whatever the machine's clock says", async () => {
    const { now } = Date;
    for (const wrong of [-3_600_000, 0, 3_600_000]) {
      browser = new Browser();
      browser.keys.set(SIGNED_IN, ann.id);
      const tab = browser.tab();
      try {
        Date.now = () => ISSUED * 1000 + wrong;
        const first = await tab.accessToken();
        await browser.pass(540_000);
        expect(await tab.accessToken()).toBe(first);
        await browser.pass(20_000);
        const second = await tab.accessToken();
        expect([second === first, browser.refreshes]).toEqual([false, 2]);
      } finally {
        Date.now = now;
      }
    }
  });

  test('[CB24] a refused token is not given again, and one that has ended neither', async () => {
    const [a] = await twoTabs();
    const first = await a.accessToken();
    expect(await a.accessToken(first)).not.toBe(first);
    browser.refresh = async () => no('unavailable');
    const second = await a.accessToken();
    expect(await a.accessToken(second)).toBeNull();
    expect(await a.accessToken()).toBe(second);
    await browser.pass(600_000);
    expect(await a.accessToken()).toBeNull();
    expect(who(a)).toBe('aa');
  });
});

describe('signing out', () => {
  test('[CB13] signing out is told to the server until it has heard, and ends no later sign-in', async () => {
    const [a] = await twoTabs();
    browser.logout = async () => no('offline');
    await a.signOut();
    expect([who(a), browser.keys.get(SIGN_OUT_OWED)]).toEqual(['anonymous', '1']);
    browser.logout = async () => ok(undefined);
    a.wake();
    await settled();
    expect([browser.logouts, browser.keys.has(SIGN_OUT_OWED)]).toEqual([2, false]);

    browser.logout = async () => no('offline');
    await a.signIn(async () => ok(session(ann)));
    await a.signOut();
    await a.signIn(async () => ok(session(bob)));
    browser.logout = async () => ok(undefined);
    a.wake();
    await settled();
    expect([who(a), browser.logouts]).toEqual(['bb', 3]);
  });

  test('[CD1] a wrong password neither signs in nor out', async () => {
    const [a] = await twoTabs();
    const answer = await a.signIn(async () => no('bad_token'));
    expect([answer.ok, who(a)]).toEqual([false, 'aa']);
  });
});

test('[CB24] how long a token lives is between its own two times', () => {
  expect(tokenLife(session(ann).accessToken)).toBe(LIFE_S * 1000);
  for (const bad of ['', 'a.b.c', `a.${btoa('{}')}.c`, `a.${btoa('{"iat":5,"exp":5}')}.c`])
    expect(tokenLife(bad)).toBeNull();
});
