import { readdir } from 'node:fs/promises';
import { ANONYMOUS, type Principal } from '@seatwire/domain';
import { eventId, REJECT_CODES, type RejectCode, refused, uuidv7 } from '@seatwire/protocol';
import { Histogram, Registry } from 'prom-client';
import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import { type RefusalGuard, refusalGuard, type UndeclaredRefusal } from '../refusal-guard.ts';
import { buildApi } from './api.ts';
import { type Endpoint, type EndpointSpec, endpoint } from './endpoint.ts';
import { ENDPOINTS } from './endpoints.ts';
import { openApiDocument } from './openapi.ts';
import type { ApiParts } from './parts.ts';
import type { RestLimits } from './rates.ts';

const organizer = uuidv7();
const spec = {
  method: 'get',
  path: '/thing',
  tag: 'things',
  summary: 'A thing.',
  access: 'public',
  idempotent: 'always',
  rate: 'request',
  request: {},
  status: 200,
  answer: z.object({ seen: z.boolean() }),
  refusals: [],
} as const satisfies EndpointSpec;
const seen = async () => ({ seen: true });

/** Who a token of the tests names. */
const PRINCIPALS: Readonly<Record<string, Partial<Principal>>> = {
  customer: { role: 'customer' },
  organizer: { role: 'organizer', user: organizer as Principal['user'] },
  another: { role: 'organizer' },
  admin: { role: 'admin' },
  late: { role: 'admin', expiresAt: Date.now() - 1 },
};

function serve(row: Endpoint, guard: RefusalGuard = refusalGuard(null)) {
  const defects: unknown[] = [];
  const catalogue = { find: async (id: string) => (id === organizer ? null : { detail: { organizer } }) };
  const api = buildApi(
    {
      tokens: {
        verify: async (token) => ({
          ...ANONYMOUS,
          user: uuidv7() as Principal['user'],
          ...PRINCIPALS[token],
        }),
      },
      allowsOrigin: () => true,
      limits: { request: { take: () => true } } as unknown as RestLimits,
      parts: { catalogue } as unknown as ApiParts,
      guard,
      requestSeconds: new Histogram({
        name: 'requests',
        help: 'x',
        labelNames: ['method', 'route', 'status'],
        registers: [new Registry()],
      }),
      failed: (error) => void defects.push(error),
    },
    [row],
  );
  const ask = async (who: string | null, path = '/thing') => {
    const headers = who === null ? {} : { authorization: `Bearer ${who}` };
    const request = new Request(`http://localhost/api${path}`, { headers });
    // biome-ignore lint/suspicious/noExplicitAny: a test looks into any body.
    const body: any = await (await api.fetch(request, { peer: { address: 'here' } })).json();
    return body.code ?? body.seen;
  };
  return { ask, defects };
}

describe('an endpoint', () => {
  test('[SE10] an endpoint for organizers or for admins lets no other role in', async () => {
    const { ask } = serve(endpoint({ ...spec, access: 'organizer' }, seen));
    const said = Object.keys(PRINCIPALS).map((who) => ask(who));
    expect(await Promise.all(said)).toEqual(['forbidden', true, true, true, 'token_expired']);
    expect(await ask(null)).toBe('unauthenticated');
    const admins = serve(endpoint({ ...spec, access: 'admin' }, seen));
    const heard = Object.keys(PRINCIPALS).map((who) => admins.ask(who));
    expect(await Promise.all(heard)).toEqual(['forbidden', 'forbidden', 'forbidden', true, 'token_expired']);
  });

  test('[SE10] an endpoint for the owner of an event lets in its organizer and admins', async () => {
    const request = { params: z.object({ id: eventId }) };
    const row = endpoint({ ...spec, path: '/events/{id}/thing', access: 'owner of event', request }, seen);
    const { ask } = serve(row);
    const said = Object.keys(PRINCIPALS).map((who) => ask(who, `/events/${uuidv7()}/thing`));
    expect(await Promise.all(said)).toEqual(['forbidden', true, 'forbidden', true, 'token_expired']);
    expect(await ask('admin', `/events/${organizer}/thing`)).toBe('unknown_event');
  });

  test('an endpoint that answers with a code it does not declare is a defect, and in production a report', async () => {
    const row = endpoint(spec, async () => refused('hold_expired'));
    const strict = serve(row);
    expect(await strict.ask(null)).toBe('internal');
    expect(strict.defects).toMatchObject([
      { message: 'GET /thing answered hold_expired, which it does not declare' },
    ]);
    const reports: UndeclaredRefusal[] = [];
    const production = serve(
      row,
      refusalGuard((error) => reports.push(error)),
    );
    expect(await production.ask(null)).toBe('hold_expired');
    expect(reports).toHaveLength(1);
    const declared = serve(
      endpoint({ ...spec, refusals: ['hold_expired'] }, async () => refused('hold_expired')),
    );
    expect([await declared.ask(null), declared.defects]).toEqual(['hold_expired', []]);
  });
});

describe('the list of endpoints', () => {
  const { paths } = openApiDocument(ENDPOINTS) as {
    paths: Record<
      string,
      Record<string, { security?: object; responses: Record<string, { description: string }> }>
    >;
  };

  test('the list of endpoints is the OpenAPI document, each with its answers and whether it needs a token', () => {
    expect(ENDPOINTS.length).toBeGreaterThan(15);
    for (const { spec, codes } of ENDPOINTS) {
      const described = paths[`/api${spec.path}`]?.[spec.method];
      expect([spec.path, described?.security !== undefined]).toEqual([spec.path, spec.access !== 'public']);
      const said = Object.values(described!.responses).map(({ description }) => description);
      const named = REJECT_CODES.filter((code) => said.some((text) => text.includes(`\`${code}\``)));
      expect([spec.path, named.sort()]).toEqual([spec.path, [...codes].sort() as RejectCode[]]);
    }
  });

  test('an endpoint has an op id where a repeat needs one, and asks for none where it does not', () => {
    for (const { spec } of ENDPOINTS) {
      const { headers, body } = spec.request;
      const fields = body instanceof z.ZodObject ? Object.keys(body.shape) : [];
      const hasOp = fields.includes('opId') || 'idempotency-key' in (headers?.shape ?? {});
      expect([spec.path, spec.idempotent === 'under its op']).toEqual([spec.path, hasOp]);
    }
  });
});

test('every endpoint of a file in endpoints/ is served', async () => {
  const folder = new URL('./endpoints/', import.meta.url);
  const files = (await readdir(folder)).filter((file) => file.endsWith('.ts') && !file.endsWith('.test.ts'));
  const lists = await Promise.all(files.map((file) => import(new URL(file, folder).href)));
  const declared = lists.flatMap((list) => Object.values(list as Record<string, readonly Endpoint[]>).flat());
  const names = (list: readonly Endpoint[]) => list.map(({ spec }) => `${spec.method} ${spec.path}`).sort();
  expect(names(ENDPOINTS)).toEqual(names(declared));
});
