/** Any text that a stranger sends in any field is refused or answered, never a defect. */
import { createConnection } from 'node:net';
import { problemBody, uuidv7 } from '@seatwire/protocol';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Served, startServed } from '../testing/served.ts';

let served: Served;
let token: string;
beforeAll(async () => {
  served = await startServed();
  token = (await served.customer()).accessToken;
});
afterAll(() => served.stop());

/** What text columns, regular expressions, logs and locales stumble over, whole or in the middle of something. */
const NASTY = [
  '\0',
  'a\0b',
  '\ud800',
  'x\udfffy',
  '\ud83d',
  '\u202eabc',
  '\u0007',
  '\r\nset-cookie: a=b',
  '\u3164',
  '\ufeff',
  '\ufdfa'.repeat(50),
  'e\u0301'.repeat(60),
  '%',
  '%00',
  '%_\\',
  "'; drop table events; --",
  '__proto__',
  '{{7*7}}',
  '\u{1f469}\u200d\u{1f680}',
  ' ',
  '',
  '-1',
  '1e999',
  'null',
  'x'.repeat(5_000),
];
const nasty = fc.oneof(
  fc.constantFrom(...NASTY),
  fc.string({ unit: 'binary', maxLength: 40 }),
  fc.tuple(fc.string({ maxLength: 5 }), fc.constantFrom(...NASTY)).map((parts) => parts.join('')),
  // Of the form that is asked for, but for its end.
  fc.constantFrom(...NASTY).map((text) => `2030-01-01T00:00:00Z${text}`),
  fc.constantFrom(...NASTY).map((text) => `${uuidv7()}${text}`),
  fc.constantFrom(...NASTY).map((text) => `a${text}@b.example`),
);

interface Route {
  readonly method: string;
  readonly path: string;
  readonly query: readonly string[];
  readonly headers: readonly string[];
  readonly body: Schema | undefined;
}
interface Schema {
  readonly properties?: Readonly<Record<string, Schema>>;
}

/** All there are, as the service itself describes them. */
async function routes(): Promise<Route[]> {
  const { body: api } = await served.call('GET', '/api/openapi.json');
  return Object.entries<Record<string, Described>>(api.paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, { parameters = [], requestBody }]) => ({
      method: method.toUpperCase(),
      path,
      query: parameters.filter((one) => one.in === 'query').map(({ name }) => name),
      headers: parameters.filter((one) => one.in === 'header').map(({ name }) => name),
      body: requestBody?.content['application/json'].schema,
    })),
  );
}
interface Described {
  readonly parameters?: readonly { readonly in: string; readonly name: string }[];
  readonly requestBody?: { readonly content: { readonly 'application/json': { readonly schema: Schema } } };
}

/** What a sound request has in this field, so that an odd one gets as far as it can. */
const SOUND: Readonly<Record<string, unknown>> = {
  email: 'somebody@test.example',
  password: 'long enough 1',
  name: 'Somebody',
  role: 'customer',
  refreshTransport: 'body',
  opId: `op-${uuidv7()}`,
  method: 'tok_ok',
  hold: 'A'.repeat(22),
  limit: '5',
  offset: '0',
};

/** A body with odd text in one field, the others sound. */
function bodyOf(schema: Schema, odd: string, pick: number): unknown {
  const names = Object.keys(schema.properties ?? {});
  if (names.length === 0) return odd;
  const at = names[pick % names.length]!;
  const sound = (name: string) => (name === 'event' ? served.event : SOUND[name]);
  const body = Object.fromEntries(names.map((name) => [name, sound(name)]));
  const inner = schema.properties![at]!;
  body[at] = inner.properties ? bodyOf(inner, odd, Math.floor(pick / names.length)) : odd;
  return body;
}

/** Header values that can be sent at all. */
const headerText = (text: string) => text.replace(/[^\x20-\x7e\xa0-\xff]/g, '').trim();

async function send(route: Route, odd: string, pick: number, authorization: string): Promise<void> {
  const query = new URLSearchParams();
  if (route.query.length > 0) query.set(route.query[pick % route.query.length]!, odd);
  const segment = encodeURIComponent(Buffer.from(odd).toString());
  const inPath = route.path.includes('{') && pick % 2 === 0;
  const path = route.path.replace(/\{\w+\}/g, () => (inPath && segment ? segment : served.event));
  const headers: Record<string, string> = { authorization };
  for (const name of route.headers) headers[name] = headerText(odd) || `op-${uuidv7()}`;
  const answer = await fetch(`${served.url}${path}?${query}`, {
    method: route.method,
    headers: { ...headers, ...(route.body ? { 'content-type': 'application/json' } : {}) },
    // Lone surrogates travel as escapes, which is how a stranger would send them.
    ...(route.body ? { body: JSON.stringify(bodyOf(route.body, odd, pick)) } : {}),
  });
  const text = await answer.text();
  // 431: longer than any request may be; the transport says so before it is read.
  if (answer.ok || answer.status === 431) return;
  const { code } = problemBody.parse(JSON.parse(text));
  expect([route.method, path, code]).toEqual([route.method, path, expect.not.stringMatching('internal')]);
}

describe('odd text', () => {
  test('[CB32] odd text in any field of any route is refused or answered', { timeout: 180_000 }, async () => {
    const all = await routes();
    expect(all.length).toBeGreaterThan(12);
    // Signing out would end the token; argon2 makes each of the other two slow.
    for (const route of all.filter(({ path }) => !path.endsWith('/logout'))) {
      const slow = /register|login/.test(route.path);
      await fc.assert(
        fc.asyncProperty(nasty, fc.nat(1_000), (odd, pick) => send(route, odd, pick, `Bearer ${token}`)),
        { numRuns: slow ? 30 : 60, seed: 32 },
      );
      for (const odd of slow ? NASTY.slice(0, 12) : NASTY)
        await Promise.all([0, 1, 2, 3].map((pick) => send(route, odd, pick, `Bearer ${token}`)));
    }
  });

  test('[CB32] odd text in headers that are read by hand is refused or answered', {
    timeout: 180_000,
  }, async () => {
    const names = [
      ...['authorization', 'cookie', 'origin', 'accept', 'accept-encoding', 'if-none-match', 'content-type'],
      ...['x-forwarded-for', 'range', 'idempotency-key'],
    ];
    const paths = ['/api/events', `/api/events/${served.event}/chart`, '/nowhere'];
    for (const odd of new Set(NASTY.map(headerText))) {
      for (const value of [odd, `Bearer ${odd}`, `seatwire_refresh=${odd}`, `"${odd}`]) {
        const asked = names.flatMap((name) => paths.map((path) => ({ name, path })));
        const statuses = await Promise.all(
          asked.map(async ({ name, path }) => {
            const answer = await fetch(`${served.url}${path}`, { headers: { [name]: value } });
            await answer.arrayBuffer();
            return answer.status;
          }),
        );
        expect(statuses.filter((status) => status >= 500 && status !== 503)).toEqual([]);
      }
    }
  });

  test.each(['%', '%zz', '%ff', '%ED%A0%80', '%00', '%C0%80', 'a%E9b', '+%'])(
    '[CB32] the percent signs %s in a query or a path make no defect',
    async (odd) => {
      for (const path of [`/api/events?search=${odd}`, `/api/events?${odd}=1`, `/api/events/${odd}`]) {
        const answer = await served.call('GET', path);
        expect([path, answer.status]).toEqual([path, path.includes('?%00') ? 200 : 400]);
        if (answer.status === 400) expect(answer.body.issues).toHaveLength(1);
      }
    },
  );

  test.each(['a:b@c', 'x/api/payment-methods?', 'x#', 'a b', ''])(
    '[CX12] the host %j neither breaks nor changes what is asked for',
    async (host) => {
      const { port } = new URL(served.url);
      const heard = await new Promise<string>((resolve, reject) => {
        const socket = createConnection(Number(port), '127.0.0.1', () =>
          socket.write(`GET /api/events?limit=1 HTTP/1.1\r\nhost: ${host}\r\nconnection: close\r\n\r\n`),
        );
        let text = '';
        socket.on('data', (data) => {
          text += data.toString('latin1');
          if (text.includes('"next"') || text.includes('400')) socket.destroy();
        });
        socket.on('error', reject);
        socket.on('close', () => resolve(text));
      });
      expect(heard).toMatch(/^HTTP\/1\.1 200/);
      expect(heard).toContain('"total"');
    },
  );
});
