/** Every row, REST and socket, asked for by everybody: the rows say what is to come of it, so a row added later is walked by itself. */
import {
  COMMANDS,
  type CommandType,
  type Down,
  type HoldBody,
  ownedBy,
  type RejectCode,
  type Up,
  uuidv7,
} from '@seatwire/protocol';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { z } from 'zod';
import { WireClient } from './gateway/testing/wire-client.ts';
import type { Endpoint } from './http/endpoint.ts';
import { ENDPOINTS } from './http/endpoints.ts';
import { CALLERS, type Caller, denial, denialsOf, type Tokens, tokensOf } from './testing/callers.ts';
import { type Served, startServed } from './testing/served.ts';

let served: Served;
let tokens: Tokens;
let chart: string;
/** The owner's. */
let order: string;

beforeAll(async () => {
  served = await startServed();
  tokens = await tokensOf(served);
  chart = (await served.call('GET', `/api/events/${served.event}`)).body.chart;
  const body = { event: served.event, hold: await ownHold(), method: 'tok_ok' };
  const headers = { 'idempotency-key': op() };
  order = (await served.call('POST', '/api/orders', { token: tokens.owner!, headers, body })).body.id;
});
afterAll(() => served.stop());

const op = () => `op-${uuidv7()}`;
const holds = () => `/api/events/${served.event}/holds`;

/** Messages that answer a command without its op. */
const OPENS: readonly Down['type'][] = ['snapshot', 'stats'];

/** A live hold of the owner's, so that only the caller can be the reason for a refusal. */
async function ownHold(): Promise<HoldBody['hold']> {
  const body = { opId: op(), best: { count: 1 } };
  return (await served.call('POST', holds(), { token: tokens.owner!, body })).body.hold;
}
const giveBack = (hold: string) => served.call('DELETE', `${holds()}/${hold}`, { token: tokens.owner! });

/** A sound value for a field of any row, by its name. A row that asks for another has to be given one here. */
function sound(name: string, hold: string, who: Caller): unknown {
  const values: Record<string, unknown> = {
    op: op(),
    opId: op(),
    'idempotency-key': op(),
    event: served.event,
    hold,
    holdId: hold,
    code: 'not_found',
    places: [39],
    count: 1,
    area: null,
    category: null,
    together: false,
    method: 'tok_ok',
    epoch: null,
    version: null,
    token: tokens[who] ?? tokens.stranger,
    email: `${uuidv7()}@test.example`,
    password: 'long enough 1',
    name: 'Somebody',
  };
  if (!(name in values)) throw new Error(`no value for ${name}: give it one here`);
  return values[name];
}

function soundBody(schema: z.ZodType, hold: string, who: Caller): object {
  const { properties = {}, required = [] } = z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' });
  const names = new Set([...required, ...['places', 'method'].filter((name) => name in properties)]);
  return Object.fromEntries([...names].map((name) => [name, sound(name, hold, who)]));
}

async function byRest({ spec }: Endpoint, who: Caller, hold: string) {
  const ids: Record<string, string> = { events: served.event, charts: chart, orders: order };
  const path = spec.path
    .replace(
      /\/(\w+)\/\{id\}/,
      (_, noun: string) => `/${noun}/${ids[noun] ?? expect.fail(`whose id is ${noun}?`)}`,
    )
    .replace(/\{(\w+)\}/g, (_, name: string) => String(sound(name, hold, who)));
  const headers = Object.fromEntries(
    Object.keys(spec.request.headers?.shape ?? {}).map((name) => [name, String(sound(name, hold, who))]),
  );
  const { status, body } = await served.call(spec.method.toUpperCase(), `/api${path}`, {
    token: tokens[who] ?? undefined,
    headers,
    ...(spec.request.body ? { body: soundBody(spec.request.body, hold, who) } : {}),
  });
  return { status, code: status < 400 ? null : (body.code as RejectCode) };
}

describe('REST', () => {
  const rows = ENDPOINTS.map((row) => [`${row.spec.method} ${row.spec.path}`, row] as const);

  test.each(rows)('[SE10] %s is for whom its row says', async (_, row) => {
    const { access } = row.spec;
    for (const who of CALLERS) {
      const hold = ownedBy(access) === 'hold' ? await ownHold() : 'A'.repeat(22);
      const { status, code } = await byRest(row, who, hold);
      // An unsound token is refused wherever it is sent.
      const refused = who === 'expired' ? 'token_expired' : denial(access, who);
      if (refused) expect([who, code]).toEqual([who, refused]);
      else expect([who, denialsOf(access).includes(code!), code]).toEqual([who, false, code]);
      if (ownedBy(access) && !refused) expect([who, status]).toEqual([who, row.spec.status]);
      if (code) expect([...row.codes]).toContain(code);
      if (ownedBy(access) === 'hold') await giveBack(hold);
    }
  });
});

describe('a socket', () => {
  const clients = new Map<Caller, WireClient>();

  beforeAll(async () => {
    const url = `ws://127.0.0.1:${served.port}/ws`;
    for (const who of CALLERS) {
      const token = who === 'expired' ? await served.tokenOf(await ownerOf(), 4) : tokens[who];
      clients.set(who, await WireClient.open(url, token));
    }
    const { expiresAt } = clients.get('expired')!.all('welcome')[0]!;
    await vi.waitFor(() => expect(Date.now()).toBeGreaterThan(expiresAt!), 10_000);
  });
  afterAll(() => Promise.all([...clients.values()].map((client) => client.close())));

  const ownerOf = async () => (await served.call('GET', '/api/users/me', { token: tokens.owner! })).body;

  async function bySocket(type: CommandType, who: Caller, hold: string): Promise<Down> {
    const client = clients.get(who)!;
    const fields = Object.keys(COMMANDS[type].fields).map((name) => [name, sound(name, hold, who)]);
    const message = { type, ...Object.fromEntries(fields) } as Extract<Up, { op: unknown }>;
    const from = client.heard.length;
    client.say(message);
    return vi.waitFor(() => {
      const heard = client.heard.slice(from);
      const answer = heard.find((one) => ('op' in one && one.op === message.op) || OPENS.includes(one.type));
      return answer ?? expect.fail(`${who} got no answer to ${type}`);
    }, 10_000);
  }

  // `authenticate` last: it makes another caller of the session.
  const rows = Object.values(COMMANDS).toSorted(
    (a, b) => Number(a.type === 'authenticate') - Number(b.type === 'authenticate'),
  );

  test.each(rows.map((row) => [row.type, row] as const))(
    '[SE10] %s is for whom its row says',
    async (type, { access }) => {
      for (const who of CALLERS) {
        const hold = ownedBy(access) === 'hold' ? await ownHold() : 'A'.repeat(22);
        const answer = await bySocket(type, who, hold);
        const code = answer.type === 'rejected' ? answer.code : null;
        const refused = type === 'authenticate' && who === 'expired' ? 'token_expired' : denial(access, who);
        if (refused) expect([who, code]).toEqual([who, refused]);
        else expect([who, denialsOf(access).includes(code!), code]).toEqual([who, false, code]);
        if (ownedBy(access) === 'hold') await giveBack(hold);
      }
    },
  );
});
