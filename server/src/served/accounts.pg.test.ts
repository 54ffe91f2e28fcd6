import { hashOf } from '@seatwire/domain/testing';
import { CLOSES, type Session } from '@seatwire/protocol';
import { revokeRefreshFamily } from '@seatwire/store';
import { storedRefreshTokens, usedEarlier } from '@seatwire/store/testing';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { WebSocket } from 'ws';
import { openNative } from '../testing/native-socket.ts';
import { type Served, startServed } from '../testing/served.ts';

let served: Served;
beforeAll(async () => {
  served = await startServed();
});
afterAll(() => served.stop());

const refresh = (refreshToken: string) =>
  served.call('POST', '/api/auth/refresh', { body: { refreshToken } });
const me = (token: string) => served.call('GET', '/api/users/me', { token });

async function register(email: string): Promise<Session> {
  const answer = await served.call('POST', '/api/auth/register', {
    body: { email, password: 'long enough 1', name: 'Ann' },
  });
  expect(answer.status).toBe(201);
  return answer.body;
}

describe('accounts', () => {
  test('people register, sign in, and see their own account', async () => {
    const registered = await register('Ann@Test.example');
    expect(registered.user).toMatchObject({ role: 'customer', name: 'Ann' });
    const login = await served.call('POST', '/api/auth/login', {
      body: { email: 'ann@test.EXAMPLE', password: 'long enough 1' },
    });
    expect(login.status).toBe(200);
    expect((await me(login.body.accessToken)).body).toEqual(registered.user);
  });

  test('an address is taken once', async () => {
    await register('taken@test.example');
    const again = { email: 'TAKEN@test.example', password: 'long enough 2', name: 'B' };
    const answer = await served.call('POST', '/api/auth/register', { body: again });
    expect(answer).toMatchObject({ status: 409, body: { code: 'email_taken' } });
  });

  test('a wrong password and an unknown address get the same answer', async () => {
    await register('known@test.example');
    const tries = ['known@test.example', 'unknown@test.example'].map((email) =>
      served.call('POST', '/api/auth/login', { body: { email, password: 'not this one' } }),
    );
    const [known, unknown] = await Promise.all(tries);
    expect(known!.body).toEqual(unknown!.body);
    expect(known!.body.code).toBe('bad_credentials');
  });

  test('no account can make itself an admin', async () => {
    const body = { email: 'root@test.example', password: 'long enough 1', name: 'Root', role: 'admin' };
    expect(await served.call('POST', '/api/auth/register', { body })).toMatchObject({ status: 400 });
  });

  test('[SE6] a refused request does not repeat its secrets', async () => {
    const body = { email: 'not an address', password: 'hunter2hunter2', name: '' };
    const answer = await served.call('POST', '/api/auth/register', { body });
    expect(answer.status).toBe(400);
    expect(answer.body.issues.map((issue: { path: string }) => issue.path).sort()).toEqual([
      'json.email',
      'json.name',
    ]);
    expect(JSON.stringify(answer.body)).not.toContain('hunter2');
  });
});

describe('refresh tokens', () => {
  test('[SE9] refresh tokens are traded for new ones, once', async () => {
    const first = await served.customer();
    const second = await refresh(first.refreshToken!);
    expect(second.status).toBe(200);
    expect(second.body.refreshToken).not.toBe(first.refreshToken);
    expect((await me(second.body.accessToken)).status).toBe(200);
  });

  test('[CB3] [SE9] refresh tokens used again at once, or because the answer was lost, get the same next one', async () => {
    const first = await served.customer();
    const [second, repeated] = [await refresh(first.refreshToken!), await refresh(first.refreshToken!)];
    expect(repeated.status).toBe(200);
    expect(repeated.body.refreshToken).toBe(second.body.refreshToken);
    for (const { body } of [second, repeated]) expect((await me(body.accessToken)).status).toBe(200);
    const third = await refresh(repeated.body.refreshToken);
    expect(third.status).toBe(200);
    // Another tab, a little late: it gets the one that is good now.
    expect((await refresh(first.refreshToken!)).body.refreshToken).toBe(third.body.refreshToken);
  });

  test('[CB3] [SE9] refresh tokens used again late revoke their family, its access tokens and its sockets', async () => {
    const first = await served.customer();
    const second = await refresh(first.refreshToken!);
    const { closed } = await openNative(served.port, second.body.accessToken);
    await usedEarlier(served.db, 61_000);
    const reused = await refresh(first.refreshToken!);
    expect(reused.body.code).toBe('refresh_reused');
    expect(await closed).toBe(CLOSES.logged_out.code);
    expect((await refresh(second.body.refreshToken)).body.code).toBe('bad_token');
    await expect.poll(async () => (await me(second.body.accessToken)).status, { timeout: 2_000 }).toBe(401);
  });

  test('[CB3] [SE9] refresh tokens traded 100 times at once all bring the same next one, and the family lives', async () => {
    const { refreshToken } = await served.customer();
    const answers = await Promise.all(Array.from({ length: 100 }, () => refresh(refreshToken!)));
    expect(new Set(answers.map((answer) => answer.status))).toEqual(new Set([200]));
    const [next, ...others] = new Set(answers.map((answer) => answer.body.refreshToken as string));
    expect(others).toEqual([]);
    expect((await refresh(next!)).status).toBe(200);
  });

  test('[CB3] [SE9] refresh tokens are nowhere in the ledger', async () => {
    const first = await served.customer();
    const second = await refresh(first.refreshToken!);
    const rows = await storedRefreshTokens(served.db);
    for (const token of [first.refreshToken!, second.body.refreshToken]) expect(rows).not.toContain(token);
  });

  test('refresh tokens travel in a cookie no script can read, where the page asks for that', async () => {
    const body = {
      email: 'cookie@test.example',
      password: 'long enough 1',
      name: 'C',
      refreshTransport: 'cookie',
    };
    const answer = await served.call('POST', '/api/auth/register', { body });
    expect(answer.body.refreshToken).toBeUndefined();
    const cookie = answer.headers.get('set-cookie')!;
    expect(cookie).toMatch(
      /^seatwire_refresh=[\w-]{43}; Max-Age=\d+; Path=\/api\/auth; HttpOnly; SameSite=Strict$/,
    );
    const headers = { cookie: cookie.split(';')[0]! };
    const again = { body: { refreshTransport: 'cookie' }, headers };
    const traded = await served.call('POST', '/api/auth/refresh', again);
    expect(traded.status).toBe(200);
    expect(traded.headers.get('set-cookie')).toContain('seatwire_refresh=');
  });

  test('another site cannot use the cookie', async () => {
    const answer = await served.call('POST', '/api/auth/refresh', {
      body: { refreshTransport: 'cookie' },
      headers: { cookie: 'seatwire_refresh=x', origin: 'https://evil.example' },
    });
    expect(answer).toMatchObject({ status: 403, body: { code: 'forbidden' } });
  });
});

describe('signing out', () => {
  test('[SE7] signing out ends the refresh tokens, the access tokens and the sockets of that sign-in within 2 s, and no other', async () => {
    const { email, password } = { email: 'two@test.example', password: 'long enough 1' };
    const phone = await register(email);
    const laptop = (await served.call('POST', '/api/auth/login', { body: { email, password } }))
      .body as Session;
    const [phoneSocket, laptopSocket] = await Promise.all([
      openNative(served.port, phone.accessToken),
      openNative(served.port, laptop.accessToken),
    ]);
    const since = performance.now();
    const out = await served.call('POST', '/api/auth/logout', { body: { refreshToken: phone.refreshToken } });
    expect(out.status).toBe(204);
    expect(await phoneSocket.closed).toBe(CLOSES.logged_out.code);
    expect(performance.now() - since).toBeLessThan(2_000);
    expect((await me(phone.accessToken)).body.code).toBe('bad_token');
    expect((await refresh(phone.refreshToken!)).body.code).toBe('bad_token');
    expect(laptopSocket.socket.readyState).toBe(WebSocket.OPEN);
    expect((await me(laptop.accessToken)).status).toBe(200);
    laptopSocket.socket.close();
  });
});

describe('sign-outs that no message tells of', () => {
  test('[CB29] [CX9] sign-outs that no message tells of are known to a server that starts after them', async () => {
    const [out, kept] = [await served.customer(), await served.customer()];
    await served.call('POST', '/api/auth/logout', { body: { refreshToken: out.refreshToken } });
    const restarted = await served.another();
    try {
      const status = async (token: string) =>
        (await fetch(`${restarted.url}/api/users/me`, { headers: { authorization: `Bearer ${token}` } }))
          .status;
      expect(await status(out.accessToken)).toBe(401);
      expect(await status(kept.accessToken)).toBe(200);
      await expect(openNative(restarted.port, out.accessToken)).rejects.toThrow(
        `closed with ${CLOSES.bad_token.code}`,
      );
    } finally {
      await restarted.stop();
    }
  });

  test('[CX9] sign-outs that no message tells of close the sockets and end the access tokens of that sign-in all the same', async () => {
    const [out, kept] = [await served.customer(), await served.customer()];
    const [gone, open] = [
      await openNative(served.port, out.accessToken),
      await openNative(served.port, kept.accessToken),
    ];
    // What signing out leaves in the ledger, without the message that tells of it.
    expect(await revokeRefreshFamily(served.db, hashOf(out.refreshToken!))).toMatchObject({
      user: out.user.id,
    });
    expect(await gone.closed).toBe(CLOSES.logged_out.code);
    expect((await me(out.accessToken)).status).toBe(401);
    expect((await me(kept.accessToken)).status).toBe(200);
    expect(open.socket.readyState).toBe(WebSocket.OPEN);
    open.socket.close();
  });
});

describe('access', () => {
  test('[SE10] another buyer’s hold and order do not exist for the caller', async () => {
    const [owner, other] = await Promise.all([served.customer(), served.customer()]);
    const held = await served.call('POST', `/api/events/${served.event}/holds`, {
      token: owner.accessToken,
      body: { opId: 'hold-of-owner', places: [30] },
    });
    const path = `/api/events/${served.event}/holds/${held.body.hold}`;
    const token = other.accessToken;
    expect((await served.call('GET', path, { token })).body.code).toBe('hold_not_found');
    expect((await served.call('DELETE', path, { token })).body.code).toBe('hold_not_found');
    const steal = { event: served.event, hold: held.body.hold, method: 'tok_ok' };
    const headers = { 'idempotency-key': 'steal-it-now' };
    const stolen = await served.call('POST', '/api/orders', { token, headers, body: steal });
    expect(stolen.body.code).toBe('hold_not_found');
    const paid = await served.call('POST', '/api/orders', {
      token: owner.accessToken,
      headers: { 'idempotency-key': 'owner-pays-it' },
      body: steal,
    });
    expect(paid.status).toBe(202);
    const order = `/api/orders/${paid.body.id}`;
    expect((await served.call('GET', order, { token })).body.code).toBe('unknown_order');
  });
});
