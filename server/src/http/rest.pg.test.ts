import { chart, orderBody, problemBody, SeatMap, snapshotBody, uuidv7 } from '@seatwire/protocol';
import { takeRebuildRequest } from '@seatwire/store';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { type Answer, putOnSale, type Served, startServed } from '../testing/served.ts';

let served: Served;
beforeAll(async () => {
  served = await startServed({ ALLOWED_ORIGINS: 'https://friend.example' });
});
afterAll(() => served.stop());

const op = () => `op-${uuidv7()}`;

describe('REST', () => {
  test('REST lists the event on sale, with its prices', async () => {
    const list = await served.call('GET', '/api/events?limit=5');
    expect(list.status).toBe(200);
    expect(list.body.events).toMatchObject([
      { id: served.event, minPrice: 1000, maxPrice: 5000, places: 40 },
    ]);
    const detail = await served.call('GET', `/api/events/${served.event}`);
    expect(detail.body.prices).toHaveLength(3);
  });

  test('REST holds, pays and lists the order', async () => {
    const { accessToken: token } = await served.customer();
    const held = await served.call('POST', `/api/events/${served.event}/holds`, {
      token,
      body: { opId: op(), places: [3, 2] },
    });
    expect(held).toMatchObject({ status: 201, body: { places: [2, 3], amount: 10_000, currency: 'EUR' } });
    const paid = await served.call('POST', '/api/orders', {
      token,
      headers: { 'idempotency-key': op() },
      body: { event: served.event, hold: held.body.hold, method: 'tok_ok' },
    });
    expect(paid).toMatchObject({ status: 202, body: { status: 'accepted', amount: 10_000 } });
    expect(orderBody.safeParse(paid.body).success).toBe(true);
    const orders = await served.call('GET', '/api/orders', { token });
    expect(orders.body.orders).toMatchObject([{ id: paid.body.id, status: 'accepted' }]);
    expect(await served.call('GET', `/api/orders/${paid.body.id}`, { token })).toMatchObject({ status: 200 });
  });

  test('REST holds the best available of a section, a category, or anywhere', async () => {
    const { accessToken: token } = await served.customer();
    const best = (want: object) =>
      served.call('POST', `/api/events/${served.event}/holds`, { token, body: { opId: op(), best: want } });
    expect((await best({ count: 2, area: 'B' })).body).toMatchObject({ prices: [2000, 2000] });
    expect((await best({ count: 3, category: 'standing', together: false })).body).toMatchObject({
      amount: 3000,
    });
    expect((await best({ count: 1 })).body.places[0]).toBeLessThan(10);
    expect((await best({ count: 1, area: 'Z' })).body.code).toBe('unknown_area');
    expect((await best({ count: 11 })).body.code).toBe('too_many_places');
  });

  test('a hold is seen, given back, and given back again', async () => {
    const { accessToken: token } = await served.customer();
    const path = `/api/events/${served.event}/holds`;
    const held = await served.call('POST', path, { token, body: { opId: op(), places: [25] } });
    expect(await served.call('GET', `${path}/${held.body.hold}`, { token })).toMatchObject({
      body: held.body,
    });
    expect((await served.call('DELETE', `${path}/${held.body.hold}`, { token })).status).toBe(204);
    expect((await served.call('DELETE', `${path}/${held.body.hold}`, { token })).status).toBe(204);
    expect((await served.call('GET', `${path}/${held.body.hold}`, { token })).status).toBe(404);
  });

  test('another buyer’s place is refused by name, without a word of who has it', async () => {
    const [first, second] = await Promise.all([served.customer(), served.customer()]);
    const path = `/api/events/${served.event}/holds`;
    await served.call('POST', path, { token: first.accessToken, body: { opId: op(), places: [19] } });
    const body = { opId: op(), places: [18, 19] };
    const answer = await served.call('POST', path, { token: second.accessToken, body });
    expect(answer).toMatchObject({ status: 409, body: { code: 'place_taken', places: [19] } });
    expect(JSON.stringify(answer.body)).not.toContain(first.user.id);
  });

  test('a repeat of a hold gets the same hold, another command under its op a conflict', async () => {
    const { accessToken: token } = await served.customer();
    const path = `/api/events/${served.event}/holds`;
    const body = { opId: op(), places: [35] };
    const once = await served.call('POST', path, { token, body });
    expect((await served.call('POST', path, { token, body })).body).toEqual(once.body);
    const other = await served.call('POST', path, { token, body: { ...body, places: [36] } });
    expect(other).toMatchObject({ status: 422, body: { code: 'op_conflict' } });
  });

  test('a hold that has ended and is not swept yet is refused by a code that its row declares', async () => {
    const short = await startServed({}, { holdMs: 1000, maxHoldMs: 1000 });
    try {
      const { accessToken: token } = await short.customer();
      const path = `/api/events/${short.event}/holds`;
      const held = await short.call('POST', path, { token, body: { opId: op(), places: [25] } });
      await vi.waitFor(() => expect(Date.now()).toBeGreaterThan(held.body.expiresAt), 10_000);
      const late = await short.call('DELETE', `${path}/${held.body.hold}`, { token });
      expect(problemBody.parse(late.body).code).toBe('hold_expired');
      const { body: api } = await short.call('GET', '/api/openapi.json');
      const { responses } = api.paths['/api/events/{id}/holds/{holdId}'].delete;
      expect(responses[late.status].description).toContain('`hold_expired`');
    } finally {
      await short.stop();
    }
  });

  test('the snapshot is the map', async () => {
    const answer = await served.call('GET', `/api/events/${served.event}/snapshot`);
    const { epoch, version, places, map } = snapshotBody.parse(answer.body);
    const truth = (await served.seats.snapshot(served.event))!;
    const seen = SeatMap.unpack(places, Buffer.from(map, 'base64'))!;
    expect({ epoch, codes: Array.from({ length: places }, (_, place) => seen.get(place)) }).toEqual({
      epoch: truth.epoch,
      codes: [...truth.codes],
    });
    expect(version).toBe(truth.version);
  });

  test('[CB58] a body’s type is read whatever its case and parameters', async () => {
    for (const type of ['application/json', 'Application/JSON', 'application/json; Charset="UTF-8"']) {
      const answer = await fetch(`${served.url}/api/auth/login`, {
        method: 'POST',
        headers: { 'content-type': type },
        body: JSON.stringify({ email: 'nobody@test.example', password: 'wrong' }),
      });
      expect([type, answer.status]).toEqual([type, 401]);
    }
  });

  test('[CB58] a chart comes in a coding that is taken, and not again to who has it', async () => {
    const path = `${served.url}/api/events/${served.event}/chart`;
    const ask = (headers: Record<string, string>) => fetch(path, { headers });
    const plain = await ask({ 'accept-encoding': 'br;q=0, gzip;q=0' });
    expect(plain.headers.get('content-encoding')).toBeNull();
    expect(chart.safeParse(await plain.json()).success).toBe(true);
    const etag = plain.headers.get('etag')!;
    for (const known of [`W/${etag}`, `"x", ${etag}`, '*']) {
      expect((await ask({ 'if-none-match': known })).status).toBe(304);
    }
    expect((await ask({ 'if-none-match': etag.replaceAll('"', '') })).status).toBe(200);
  });

  test('a chart is sent compressed, and once', async () => {
    const detail = await served.call('GET', `/api/events/${served.event}`);
    const path = `/api/events/${served.event}/chart`;
    const answer = await fetch(`${served.url}${path}`, { headers: { 'accept-encoding': 'br' } });
    expect(answer.headers.get('content-encoding')).toBe('br');
    expect(chart.parse(await answer.json()).id).toBe(detail.body.chart);
    const headers = { 'if-none-match': answer.headers.get('etag')! };
    expect((await served.call('GET', path, { headers })).status).toBe(304);
    const forEver = await served.call('GET', `/api/charts/${detail.body.chart}`);
    expect(forEver.headers.get('cache-control')).toContain('immutable');
    expect((await served.call('GET', `/api/charts/${uuidv7()}`)).status).toBe(404);
  });

  test('an event whose seats are not in Redis is being rebuilt, and a worker is asked to', async () => {
    const { event } = await putOnSale(served.db);
    const { accessToken: token } = await served.customer();
    const body = { opId: op(), places: [1] };
    const answer = await served.call('POST', `/api/events/${event}/holds`, { token, body });
    expect(answer).toMatchObject({
      status: 503,
      body: { code: 'event_rebuilding', retryable: true },
    });
    expect(await takeRebuildRequest(served.redis, 1)).toBe(event);
    const snapshot = await served.call('GET', `/api/events/${event}/snapshot`);
    expect(snapshot.body.code).toBe('event_rebuilding');
    const nowhere = await served.call('POST', `/api/events/${uuidv7()}/holds`, { token, body });
    expect(nowhere.body.code).toBe('unknown_event');
  });

  test('readyz needs Redis, Postgres at first, and reports MongoDB', async () => {
    expect(await served.call('GET', '/readyz')).toMatchObject({
      status: 200,
      body: { ready: true, checks: { redis: 'ok', postgres: 'ok', mongo: 'failed' } },
    });
  });

  test('metrics count what was done', async () => {
    const text = await (await fetch(`${served.url}/metrics`)).text();
    const lines = text.split('\n').filter((line) => !line.startsWith('#'));
    const counted = (...parts: string[]) =>
      Number(lines.find((line) => parts.every((part) => line.includes(part)))?.split(' ')[1] ?? 0);
    expect(counted('seatwire_holds_total', 'command="hold"', 'outcome="granted"')).toBeGreaterThan(0);
    expect(counted('seatwire_sales_total', 'command="pay"', 'outcome="accepted"')).toBe(1);
    expect(counted('request_seconds_count', 'route="/api/orders"', 'status="202"')).toBe(1);
    expect(counted('nodejs_eventloop_lag_p99_seconds')).toBeGreaterThan(0);
  });
});

describe('REST refuses', () => {
  const code = async (answer: Promise<Answer>) => problemBody.parse((await answer).body).code;

  test('an unknown address with a problem document (RFC 9457), as every error', async () => {
    const answer = await served.call('GET', '/api/nowhere');
    expect(answer.status).toBe(404);
    expect(answer.headers.get('content-type')).toBe('application/problem+json');
    expect(problemBody.parse(answer.body)).toEqual({
      type: '/api/problems/not_found',
      title: 'Nothing lives at this address.',
      status: 404,
      detail: 'Nothing lives at this address.',
      code: 'not_found',
      retryable: false,
    });
  });

  test('REST refuses a body that is not of the expected form, naming each field', async () => {
    const { accessToken: token } = await served.customer();
    const path = `/api/events/${served.event}/holds`;
    const answer = await served.call('POST', path, { token, body: { opId: 'x', places: [-1] } });
    expect(answer.body.issues.map((issue: { path: string }) => issue.path)).toEqual([
      'json.opId',
      'json.places.0',
    ]);
    expect(await code(served.call('POST', path, { token, body: { opId: op() } }))).toBe('bad_request');
    expect(await code(served.call('GET', '/api/events?limit=1e9'))).toBe('bad_request');
    expect(await code(served.call('GET', '/api/events/not-an-id'))).toBe('bad_request');
  });

  test.each([
    ['broken JSON', '{"email":', 'application/json'],
    ['a form', 'email=a%40b.example&password=x', 'application/x-www-form-urlencoded'],
    ['nothing', '', 'application/json'],
    ['a list', '[1]', 'application/json'],
    ['[SE16] a polluted object', '{"__proto__":{"email":"a@b.example","password":"x"}}', 'application/json'],
    [
      '[SE16] an operator in place of a value',
      '{"email":{"$ne":""},"password":{"$ne":""}}',
      'application/json',
    ],
  ])('%s in place of a sign-in', async (_, body, type) => {
    const headers = { 'content-type': type };
    const answer = await fetch(`${served.url}/api/auth/login`, { method: 'POST', headers, body });
    expect(answer.status).toBe(400);
    expect(problemBody.parse(await answer.json()).code).toBe('bad_request');
  });

  test('[SE13] a body over the bound', async () => {
    const body = { email: 'a@b.example', password: 'x'.repeat(70_000) };
    expect(await code(served.call('POST', '/api/auth/login', { body }))).toBe('too_large');
  });

  test('[SE5] REST refuses pages of other origins, and answers those that are allowed', async () => {
    for (const origin of ['https://evil.example', 'null', `${served.url}.evil.example`]) {
      expect(await code(served.call('GET', '/api/events', { headers: { origin } }))).toBe('forbidden');
    }
    expect((await served.call('GET', '/api/events', { headers: { origin: served.url } })).status).toBe(200);
    const preflight = await served.call('OPTIONS', '/api/orders', {
      headers: { origin: 'https://friend.example', 'access-control-request-method': 'POST' },
    });
    expect(preflight.status).toBe(204);
    expect(preflight.headers.get('access-control-allow-origin')).toBe('https://friend.example');
    expect(preflight.headers.get('access-control-allow-headers')).toContain('idempotency-key');
  });

  test('[SE10] the anonymous and the wrongly signed, at every endpoint that needs an account', async () => {
    const { body: api } = await served.call('GET', '/api/openapi.json');
    expect(api.openapi).toBe('3.1.0');
    const guarded = Object.entries<Record<string, { security?: unknown }>>(api.paths).flatMap(
      ([path, methods]) =>
        Object.entries(methods).flatMap(([method, { security }]) => (security ? [{ path, method }] : [])),
    );
    expect(guarded.length).toBeGreaterThanOrEqual(7);
    for (const { path, method } of guarded) {
      const url = path.replace('{id}', uuidv7()).replace('{holdId}', 'A'.repeat(22));
      const body = method === 'post' ? sampleBody(path) : undefined;
      expect([path, await code(served.call(method.toUpperCase(), url, { body }))]).toEqual([
        path,
        'unauthenticated',
      ]);
      expect(await code(served.call(method.toUpperCase(), url, { body, token: 'x.y.z' }))).toBe('bad_token');
    }
  });
});

/** A sound body for the endpoints that take one, so that only the missing account is in the way. */
function sampleBody(path: string): object {
  return path.endsWith('/holds')
    ? { opId: op(), places: [1] }
    : { event: served.event, hold: 'A'.repeat(22), method: 'tok_ok' };
}

describe('limits', () => {
  test('[SE13] an address has its rate of requests and of wrong passwords', async () => {
    const strict = await startServed({ REQUESTS_PER_SECOND: '5', FAILED_SIGN_INS_PER_MINUTE: '3' });
    try {
      const login = () =>
        strict.call('POST', '/api/auth/login', { body: { email: 'a@b.example', password: 'wrong' } });
      const tries = [await login(), await login(), await login(), await login()].map(({ status }) => status);
      expect(tries).toEqual([401, 401, 401, 429]);
      const reads = await Promise.all(
        Array.from({ length: 40 }, () => strict.call('GET', '/api/payment-methods')),
      );
      const refused = reads.filter(({ status }) => status === 429);
      expect(refused.length).toBeGreaterThan(15);
      expect(refused[0]!.headers.get('retry-after')).toBe('1');
      expect(problemBody.parse(refused[0]!.body).retryAfterMs).toBeGreaterThan(0);
      expect((await strict.call('GET', '/healthz')).status).toBe(200);
    } finally {
      await strict.stop();
    }
  });
});
