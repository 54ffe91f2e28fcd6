/** Any text that a stranger sends over a socket is refused or closed by name, never a defect. On the whole server with its stores. */
import { encode } from '@msgpack/msgpack';
import { type Session, UP, uuidv7 } from '@seatwire/protocol';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { type Served, startServed } from '../testing/served.ts';
import { SocketIoClient } from './testing/socket-io-client.ts';
import { op, reasonOf, WireClient } from './testing/wire-client.ts';

let served: Served;
let buyer: Session;
const clients: { close(): unknown }[] = [];
beforeAll(async () => {
  served = await startServed({ MESSAGES_PER_SECOND: '10000', MESSAGE_BURST: '10000' });
  buyer = await served.customer();
});
afterEach(() => {
  for (const client of clients.splice(0)) client.close();
});
afterAll(() => served.stop());

const NASTY = [
  '\0',
  'a\0b',
  '\ud800',
  'x\udfffy',
  '\u202eabc',
  '\u0007\u001b[31m',
  '\r\n',
  '\ufeff',
  '',
  ' ',
  '__proto__',
  'e\u0301'.repeat(30),
  'x'.repeat(64),
  'x'.repeat(4_000),
];

/** Of each command, a sound payload: what it says besides its texts. */
const sound = () => ({
  op: op(),
  event: served.event,
  hold: 'A'.repeat(22),
  method: 'tok_ok',
  places: [1],
  count: 1,
  area: null,
  category: null,
  together: false,
  epoch: null,
  version: null,
  token: buyer.accessToken,
  clientTime: 1,
});
type Payload = ReturnType<typeof sound>;
const TEXTS = ['op', 'event', 'hold', 'method', 'area', 'category', 'epoch', 'token'] as const;

/** Each command once for each of its texts, with `odd` in it. */
function commands(odd: string): { type: string; code: number; fields: Record<string, unknown> }[] {
  return UP.filter(({ type }) => type !== 'hello').flatMap(({ type, code, fields }) =>
    TEXTS.filter((name) => Object.hasOwn(fields, name)).map((name) => {
      const payload: Payload = { ...sound(), [name]: odd };
      return {
        type,
        code,
        fields: Object.fromEntries(
          Object.keys(fields).map((field) => [field, payload[field as keyof Payload]]),
        ),
      };
    }),
  );
}

/** What a defect would be counted as. */
async function internals(): Promise<string[]> {
  const text = await (await fetch(`${served.url}/metrics`)).text();
  return text.split('\n').filter((line) => !line.startsWith('#') && /="internal"/.test(line));
}

const url = () => `ws://127.0.0.1:${served.port}/ws`;
const native = async (): Promise<WireClient> => {
  const client = await WireClient.open(url(), buyer.accessToken);
  clients.push(client);
  return client;
};

describe('odd text', () => {
  test.each(NASTY)('[CB32] %j in any command of socket.io is refused or answered', async (odd) => {
    const client = await SocketIoClient.open(served.port, { auth: { token: buyer.accessToken } });
    clients.push(client);
    const answers = await Promise.all(
      commands(odd)
        .filter(({ type }) => type !== 'leave' && type !== 'unwatch')
        .map(async ({ type, fields }) => ({ type, answer: await client.ask(type, fields) })),
    );
    expect(answers.length).toBeGreaterThan(15);
    for (const { type, answer } of answers) expect([type, answer.code]).not.toContain('internal');
    client.socket.emit(odd || 'odd', { op: op() });
    for (const token of [odd, `${buyer.accessToken}${odd}`]) {
      const stranger = new SocketIoClient(served.port, { auth: { token } });
      clients.push(stranger);
      const first = await Promise.race([stranger.next('closed'), stranger.next('welcome')]);
      expect(first).not.toMatchObject({ reason: 'internal' });
    }
    expect(await internals()).toEqual([]);
  });

  test.each(NASTY)(
    '[CB32] %j in any command of the native way is answered, or closed by name',
    async (odd) => {
      let client = await native();
      for (const { code, fields } of commands(odd)) {
        client.sayBytes(encode([code, ...Object.values(fields)]));
        // An answer, or the close; `leave` and its like have none, so the clock is asked as well.
        client.sayBytes(encode([UP.find(({ type }) => type === 'sync-time')!.code, 1]));
        const end = await Promise.race([client.ended, client.next('time').then(() => null)]);
        if (end === null) continue;
        expect(['bad_message', 'bad_frame']).toContain(reasonOf(end));
        client = await native();
      }
      for (const rejected of client.all('rejected')) expect(rejected.code).not.toBe('internal');
      expect(await internals()).toEqual([]);
    },
  );

  test.each(NASTY)('[CB32] %j in the hello is let in or closed by name', async (odd) => {
    for (const [token, name] of [
      [odd, 'test'],
      [null, odd],
      [buyer.accessToken, odd],
    ]) {
      const client = await WireClient.connect(url());
      clients.push(client);
      client.sayBytes(encode([1, 1, token, name]));
      const end = await Promise.race([client.ended, client.next('welcome').then(() => null)]);
      if (end !== null) expect(['bad_token', 'bad_message', 'bad_frame']).toContain(reasonOf(end));
    }
  });

  test('[CB32] bytes that are no text, in place of each text, are answered or closed by name', async () => {
    const broken = Uint8Array.of(0xa4, 0xff, 0x00, 0xed, 0xa0);
    for (const { code, fields } of commands('\u0001')) {
      const parts = Object.values(fields).map((value) => (value === '\u0001' ? broken : encode(value)));
      const client = await native();
      client.sayBytes(Buffer.concat([Uint8Array.of(0x91 + parts.length), encode(code), ...parts]));
      client.sayBytes(encode([UP.find(({ type }) => type === 'sync-time')!.code, 1]));
      const end = await Promise.race([client.ended, client.next('time').then(() => null)]);
      if (end !== null) expect(['bad_message', 'bad_frame']).toContain(reasonOf(end));
      await client.close();
    }
    expect(await internals()).toEqual([]);
    expect((await served.call('GET', `/api/events/${uuidv7()}`)).status).toBe(404);
  });
});
