import { uuidv7 } from '@seatwire/protocol';
import { createUser, findCredentials } from '@seatwire/store';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Answer, type Served, startServed } from '../testing/served.ts';
import { Passwords } from './passwords.ts';

let served: Served;
beforeAll(async () => {
  // Addresses are named by the tests, as a proxy does.
  served = await startServed({
    TRUST_PROXY: 'true',
    FAILED_SIGN_INS_PER_MINUTE: '10',
    REGISTRATIONS_PER_MINUTE: '600',
  });
});
afterAll(() => served.stop());

const PASSWORD = 'long enough 1';
const from = (address: string) => ({ 'x-forwarded-for': address });

function register(body: object, address = '10.0.0.1'): Promise<Answer> {
  const account = { email: `${uuidv7()}@test.example`, password: PASSWORD, name: 'Ann', ...body };
  return served.call('POST', '/api/auth/register', { body: account, headers: from(address) });
}
const login = (email: string, password: string, address = '10.0.0.1') =>
  served.call('POST', '/api/auth/login', { body: { email, password }, headers: from(address) });

/** A try that meets a full queue is made again: that is no limit of sign-ins. */
async function patiently(attempt: () => Promise<Answer>): Promise<Answer> {
  for (;;) {
    const answer = await attempt();
    if (answer.body?.error?.code !== 'overloaded') return answer;
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
}
async function inParallel(n: number, attempt: (i: number) => Promise<Answer>): Promise<Map<number, number>> {
  const counts = new Map<number, number>();
  await Promise.all(
    Array.from({ length: n }, async (_, i) => {
      const { status } = await patiently(() => attempt(i));
      counts.set(status, (counts.get(status) ?? 0) + 1);
    }),
  );
  return counts;
}

/** Wrong tries that one address may have had for one account since then: 10, and 10 a minute. */
const most = (since: number): number => 10 + Math.ceil((Date.now() - since) / 6_000);

describe('limits', () => {
  test('[CB30] 30 wrong tries from one address do not lock the owner out at another', async () => {
    const { email } = (await register({})).body.user;
    const answers: Answer[] = [];
    const since = Date.now();
    for (let i = 0; i < 30; i++) answers.push(await login(email, 'not this one', '10.0.0.9'));
    const looked = answers.filter(({ status }) => status === 401).length;
    expect(looked).toBeGreaterThanOrEqual(10);
    expect(looked).toBeLessThanOrEqual(most(since));
    expect(answers.some(({ body }) => body.error.code === 'rate_limited')).toBe(true);
    expect((await login(email, PASSWORD, '10.0.0.8')).status).toBe(200);
  });

  test('[CB30] Retry-After is true', async () => {
    const { email } = (await register({})).body.user;
    let refused = await login(email, 'not this one', '10.0.0.7');
    while (refused.status !== 429) refused = await login(email, 'not this one', '10.0.0.7');
    const seconds = Number(refused.headers.get('retry-after'));
    // At 10 a minute, not the one second it used to say.
    expect(seconds).toBeGreaterThan(1);
    await new Promise((resolve) => setTimeout(resolve, seconds * 1000));
    expect((await login(email, PASSWORD, '10.0.0.7')).status).toBe(200);
  });

  test('[CB30] wrong tries at once are counted one by one', async () => {
    const { email } = (await register({})).body.user;
    const since = Date.now();
    const counts = await inParallel(60, () => login(email, 'not this one', '10.0.0.6'));
    expect(counts.get(401)).toBeGreaterThanOrEqual(10);
    expect(counts.get(401)).toBeLessThanOrEqual(most(since));
  });

  test('[CB31] 40 right sign-ins from one address all pass, at once or one by one', async () => {
    const { email } = (await register({})).body.user;
    expect(await inParallel(40, () => login(email, PASSWORD, '10.0.1.1'))).toEqual(new Map([[200, 40]]));
    const others = await Promise.all(
      Array.from(
        { length: 40 },
        async () => (await patiently(() => register({}, '10.0.1.2'))).body.user.email,
      ),
    );
    for (const other of others) expect((await login(other, PASSWORD, '10.0.1.3')).status).toBe(200);
  }, 120_000);

  test('[CB31] a hall registers from one address', async () => {
    expect(await inParallel(100, () => register({}, '10.0.2.1'))).toEqual(new Map([[201, 100]]));
  }, 120_000);
});

describe('text of accounts', () => {
  const COMPOSED = 'caf\u00e9-au-lait-2026';
  const DECOMPOSED = 'cafe\u0301-au-lait-2026';

  test('[CB34] a password is the same however a keyboard makes its letters', async () => {
    const one = (await register({ password: COMPOSED })).body.user;
    const two = (await register({ password: DECOMPOSED })).body.user;
    for (const { email } of [one, two]) {
      for (const password of [COMPOSED, DECOMPOSED]) {
        expect((await login(email, password)).status).toBe(200);
      }
      expect((await login(email, 'cafe-au-lait-2026')).status).toBe(401);
    }
  });

  test('[CB34] an account older than that is known by what was typed, and by either form from then on', async () => {
    const email = `${uuidv7()}@test.example`;
    const passwordHash = (await new Passwords().hash(DECOMPOSED)) as string;
    const user = { id: uuidv7() as never, email, name: 'Old', role: 'customer' as const };
    await createUser(served.db, { ...user, passwordHash });
    expect((await login(email, COMPOSED)).status).toBe(401);
    expect((await findCredentials(served.db, email))!.passwordHash).toBe(passwordHash);
    expect((await login(email, DECOMPOSED)).status).toBe(200);
    expect((await findCredentials(served.db, email))!.passwordHash).not.toBe(passwordHash);
    for (const password of [COMPOSED, DECOMPOSED]) expect((await login(email, password)).status).toBe(200);
  });

  test('[CB34] blanks of a password count, at its ends too', async () => {
    const { email } = (await register({ password: ' long enough 1 ' })).body.user;
    expect((await login(email, 'long enough 1')).status).toBe(401);
    expect((await login(email, ' long enough 1 ')).status).toBe(200);
  });

  test('[CB34] names and e-mail addresses are trimmed and in one form', async () => {
    const id = uuidv7();
    const answer = await register({ email: ` Ann-${id}\uff20test.example `, name: ' Rene\u0301  ' });
    expect(answer.body.user).toMatchObject({ email: `Ann-${id}@test.example`, name: 'Ren\u00e9' });
    expect((await login(` ann-${id}@TEST.example\t`, PASSWORD)).status).toBe(200);
    expect((await register({ email: `ANN-${id}@test.example` })).body.error.code).toBe('email_taken');
  });

  test.each([
    ['a NUL in the name', { name: 'A\u0000nn' }, 'json.name'],
    ['a blank name', { name: ' \u200b\u3000 ' }, 'json.name'],
    ['a name without end', { name: 'x'.repeat(101) }, 'json.name'],
    ['a name that hides its direction', { name: 'Ann\u202e' }, 'json.name'],
    ['half a letter in the name', { name: 'A\ud800' }, 'json.name'],
    ['a NUL in the password', { password: 'long enough\u0000 1' }, 'json.password'],
    ['a line feed in the password', { password: 'long enough\n1' }, 'json.password'],
    ['half a letter in the password', { password: 'long enough \ud800' }, 'json.password'],
    ['a password of one letter that is many', { password: '\ufdfa' }, 'json.password'],
    ['a password that is short in its normal form', { password: 'e\u0301'.repeat(9) }, 'json.password'],
    ['a password without end', { password: 'x'.repeat(201) }, 'json.password'],
    ['a NUL in the address', { email: 'a\u0000@test.example' }, 'json.email'],
    ['an address without end', { email: `${'a'.repeat(300)}@test.example` }, 'json.email'],
  ])('[CB32] %s is refused, and is no defect', async (_what, body, path) => {
    const answer = await register(body);
    expect([answer.status, answer.body.error.code]).toEqual([400, 'bad_request']);
    expect(answer.body.error.issues.map((issue: { path: string }) => issue.path)).toContain(path);
  });

  test('[CB32] no text at sign-in, refresh or sign-out is a defect', async () => {
    const { email } = (await register({})).body.user;
    for (const odd of ['\u0000', '\ud800', '\u202e'.repeat(200), '\ufdfa'.repeat(800), 'x'.repeat(801)]) {
      expect([400, 401]).toContain((await login(email, odd)).status);
      expect((await login(`${odd}@test.example`, PASSWORD)).status).toBe(400);
      for (const path of ['/api/auth/refresh', '/api/auth/logout']) {
        const { status } = await served.call('POST', path, { body: { refreshToken: odd } });
        expect([204, 400, 401]).toContain(status);
      }
      const short = odd.slice(0, 50).replace(/\p{Cs}/gu, '?');
      const headers = { cookie: `seatwire_refresh=${encodeURIComponent(short)}` };
      const answer = await served.call('POST', '/api/auth/refresh', { body: {}, headers });
      expect([401, 400]).toContain(answer.status);
    }
  });
});
