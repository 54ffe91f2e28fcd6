/**
 * A few thousand hostile lines against the real system, by every door at once, while honest people go on with their evening. What each
 * single violation is answered with stands beside the gateway; here the whole server must live through all of them.
 */
import { mkdtemp, rm } from 'node:fs/promises';
import { connect, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type System, startSystem } from '@seatwire/local';
import { CLOSES, encodeUp, MAX_UP_BYTES, type OpId, PROTOCOL_VERSION, SUBPROTOCOL } from '@seatwire/protocol';
import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { WebSocket } from 'ws';
import { type Hall, openHall } from './hall.ts';
import { restMap, signIn } from './rest.ts';
import { nativeClient } from './sockets.ts';
import { until } from './until.ts';

const EACH = 250;
/** Attackers of all kinds at once. */
const AT_ONCE = 60;
const SEED = 20_260_101;
const AUTH_TIMEOUT_MS = 1500;
/** No attacker may be left hanging for longer: past the auth deadline everything is over. */
const PATIENCE_MS = 10_000;
const MAX_GROWTH_BYTES = 100 * 1024 * 1024;
const CODES = new Set<number>(Object.values(CLOSES).map(({ code }) => code));

let dataDir: string;
let system: System;
let hall: Hall;
const ended: string[] = [];

beforeAll(async () => {
  dataDir = await mkdtemp(join(tmpdir(), 'seatwire-hostile-'));
  system = await startSystem({
    dataDir,
    env: { AUTH_TIMEOUT_MS: String(AUTH_TIMEOUT_MS), LOG_LEVEL: 'warn', REQUESTS_PER_SECOND: '10000' },
    onExit: (name) => ended.push(name),
    seed: async (urls) => {
      hall = await openHall(urls, { rows: 10, seatsPerRow: 20, buyers: 1 });
    },
  });
});
afterAll(async () => {
  await system?.stop();
  await rm(dataDir, { recursive: true, force: true });
});

/** What became of an attacker: a close of the catalogue, an HTTP status, or a line cut without a word. */
type End = { readonly close: number } | { readonly status: number } | 'cut';
type Attack = () => Promise<End>;

/** Opens `/ws`, says these frames, and waits to be thrown out. */
function speak(frames: readonly (Uint8Array | string)[], options: { origin?: string } = {}): Promise<End> {
  return ending((settle) => {
    const socket = new WebSocket(`${system.url.replace('http', 'ws')}/ws`, SUBPROTOCOL, {
      ...options,
      handshakeTimeout: PATIENCE_MS,
    });
    socket.on('open', () => {
      for (const frame of frames) socket.send(frame);
    });
    socket.on('unexpected-response', (_request, response) => {
      settle({ status: response.statusCode ?? 0 });
      response.resume();
    });
    socket.on('close', (code) => settle(code === 1006 ? 'cut' : { close: code }));
    socket.on('error', () => undefined);
    return () => socket.terminate();
  });
}

/** Writes these bytes on a bare line, has no more to say, and waits for an answer; `lastWords`: said once upgraded, and gone. */
function write(bytes: Uint8Array | string, lastWords?: Uint8Array): Promise<End> {
  return ending((settle) => {
    let heard = '';
    const line: Socket = connect(Number(new URL(system.url).port), '127.0.0.1', () => {
      if (lastWords) line.write(bytes);
      else line.end(bytes);
    });
    line.on('data', (data) => {
      heard += data.toString('latin1');
      const status = Number(/^HTTP\/1\.1 (\d+)/.exec(heard)?.[1]);
      if (status === 101 && lastWords) line.write(lastWords, () => line.destroy());
      else if (status >= 200) settle({ status });
    });
    line.on('error', () => undefined);
    line.on('close', () => settle('cut'));
    return () => line.destroy();
  });
}

async function ending(attack: (settle: (end: End) => void) => () => void): Promise<End> {
  let stop = () => {};
  let timer: NodeJS.Timeout | undefined;
  try {
    return await new Promise<End>((settle, fail) => {
      timer = setTimeout(() => fail(new Error('left hanging')), PATIENCE_MS);
      stop = attack(settle);
    });
  } finally {
    clearTimeout(timer);
    stop();
  }
}

const HELLO = { type: 'hello', protocol: PROTOCOL_VERSION, token: null, client: 'hostile' } as const;
const hello = encodeUp(HELLO);
const sample = (maxLength: number) =>
  fc.sample(fc.uint8Array({ minLength: 1, maxLength }), { numRuns: EACH, seed: SEED });
const times = (attack: (i: number) => Promise<End>): Attack[] =>
  Array.from({ length: EACH }, (_, i) => () => attack(i));
const get = (path: string, headers = '') => `GET ${path} HTTP/1.1\r\nHost: hall.test\r\n${headers}\r\n`;

interface Campaign {
  readonly attacks: readonly Attack[];
  readonly allowed: (end: End) => boolean;
}
const closedWith =
  (...reasons: (keyof typeof CLOSES)[]) =>
  (end: End) =>
    end !== 'cut' && 'close' in end && reasons.some((reason) => CLOSES[reason].code === end.close);
/** 505: garbage names no HTTP version. */
const refusedOrCut = (end: End) =>
  end === 'cut' || ('status' in end && ((end.status >= 400 && end.status < 500) || end.status === 505));

const array = (count: number, item: number) => {
  const bytes = new Uint8Array(5 + count).fill(item);
  bytes.set([0xdd, count >>> 24, count >>> 16, count >>> 8, count]);
  return bytes;
};

const CAMPAIGNS: Readonly<Record<string, () => Campaign>> = {
  'random bytes': () => ({
    attacks: sample(500).map((bytes) => () => speak([bytes])),
    allowed: closedWith('bad_frame', 'bad_message'),
  }),
  'random bytes after a good hello': () => ({
    attacks: sample(500).map((bytes) => () => speak([hello, bytes])),
    allowed: closedWith('bad_frame', 'bad_message'),
  }),
  'huge arrays': () => ({
    attacks: times((i) =>
      speak([hello, i % 2 ? array(MAX_UP_BYTES - 10, 1) : Uint8Array.of(0xdd, 0xff, 0xff, 0xff, 0xff)]),
    ),
    allowed: closedWith('bad_frame'),
  }),
  'deep nesting': () => ({
    attacks: times((i) => speak([new Uint8Array(64 + i * 16).fill(i % 2 ? 0x91 : 0x81)])),
    allowed: closedWith('bad_frame'),
  }),
  'messages too large': () => ({
    attacks: times((i) => speak([hello, new Uint8Array(MAX_UP_BYTES * (1 + (i % 8)) + 1)])),
    // Far too large ones are not even read to their end.
    allowed: (end) => end === 'cut' || closedWith('bad_frame')(end),
  }),
  'silence instead of a hello': () => ({
    attacks: times(() => speak([])),
    allowed: closedWith('auth_timeout'),
  }),
  'commands before the hello': () => ({
    attacks: times((i) =>
      speak([
        encodeUp({ type: 'hold', op: `hostile-${i}-op` as OpId, event: hall.event, places: [i % 200] }),
      ]),
    ),
    allowed: closedWith('bad_message'),
  }),
  'forged tokens': () => ({
    attacks: times((i) => speak([encodeUp({ ...HELLO, token: `eyJhbGciOiJub25lIn0.${i}.` })])),
    allowed: closedWith('bad_token'),
  }),
  'wrong origins': () => ({
    attacks: times((i) => speak([hello], { origin: ORIGINS[i % ORIGINS.length]! })),
    allowed: (end) => end !== 'cut' && 'status' in end && end.status === 403,
  }),
  'half frames': () => ({
    attacks: times((i) =>
      // It announces 16,383 bytes and brings a few.
      write(
        get('/ws', UPGRADE),
        Buffer.concat([Buffer.from([0x82, 0xfe, 0x3f, 0xff, 1, 2, 3, 4]), Buffer.alloc(i)]),
      ),
    ),
    allowed: (end) => end === 'cut',
  }),
  'socket.io garbage': () => ({
    attacks: sample(200).map((bytes, i) => () => {
      const body = Buffer.from(bytes).toString('latin1');
      const sid = i % 2 ? `&sid=${i}` : '';
      const head = `POST /socket.io/?EIO=4&transport=polling${sid} HTTP/1.1\r\nHost: x\r\nContent-Type: text/plain\r\n`;
      return write(`${head}Content-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`);
    }),
    allowed: refusedOrCut,
  }),
  'garbage instead of HTTP': () => ({
    attacks: sample(400).map((bytes) => () => write(Buffer.concat([bytes, Buffer.from('\r\n\r\n')]))),
    allowed: refusedOrCut,
  }),
  'bodies that are no JSON': () => ({
    attacks: sample(400).map((bytes) => () => {
      const head = 'POST /api/auth/login HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n';
      return write(Buffer.concat([Buffer.from(`${head}Content-Length: ${bytes.length}\r\n\r\n`), bytes]));
    }),
    allowed: refusedOrCut,
  }),
};
const ORIGINS = ['https://evil.test', 'null', 'http://127.0.0.1.evil.test', 'file://', 'http://localhost:1'];
const UPGRADE =
  'Connection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\n' +
  `Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Protocol: ${SUBPROTOCOL}\r\n`;

const figure = async (name: string) => {
  const answer = await fetch(`${system.url}/metrics`, { signal: AbortSignal.timeout(5000) });
  return Number(new RegExp(`^${name}(?:{[^}]*})? (\\S+)`, 'm').exec(await answer.text())?.[1]);
};

test('thousands of hostile lines each end in a clean close or refusal; the server lives, lean, and honest maps miss nothing', async () => {
  const [{ pid }] = system.servers as [(typeof system.servers)[0]];
  const bornAt = await figure('process_start_time_seconds');
  const rss = await figure('process_resident_memory_bytes');
  expect(rss).toBeGreaterThan(0);

  const watcher = nativeClient(system.url, null);
  const buyer = nativeClient(system.url, await signIn(system.url, hall.buyers[0]!));
  const unsteady: string[] = [];
  try {
    expect((await watcher.join(hall.event)).ok).toBe(true);
    expect((await buyer.join(hall.event)).ok).toBe(true);
    watcher.on('state', ({ state }) => unsteady.push(state));
    watcher.on('rejoined', ({ how }) => unsteady.push(how));
    let over = false;
    let holds = 0;
    let slowest = 0;
    // Each hold is given back only when the watcher has seen it: otherwise both may come as one change, which is none.
    const seen = async (place: number, code: 0 | 1) => {
      const since = performance.now();
      await until(`the watcher sees ${place} as ${code}`, 5000, () => {
        return watcher.room(hall.event)?.map.get(place) === code;
      });
      slowest = Math.max(slowest, performance.now() - since);
    };
    const evening = (async () => {
      for (; !over; holds++) {
        const place = holds % hall.places;
        const held = await buyer.hold(hall.event, [place]);
        if (!held.ok) throw new Error(held.message);
        await seen(place, 1);
        const released = await buyer.release(hall.event, held.hold);
        if (!released.ok) throw new Error(released.message);
        await seen(place, 0);
      }
    })();
    const wrong: string[] = [];
    const spoilt = evening.catch((error) => wrong.push(`an honest buyer: ${error}`));

    const began = performance.now();
    const queue = Object.entries(CAMPAIGNS).flatMap(([name, make]) => {
      const { attacks, allowed } = make();
      return attacks.map((attack) => ({ name, attack, allowed }));
    });
    // Shuffled by a fixed stride, so that all kinds come at once.
    const order = queue.map((_, i) => queue[(i * 7919) % queue.length]!);
    const ends = new Map<string, number>();
    const attackers = Array.from({ length: AT_ONCE }, async () => {
      for (let next = order.pop(); next; next = order.pop()) {
        const end = await next.attack().catch((error: Error) => error);
        const text = end instanceof Error ? end.message : JSON.stringify(end);
        ends.set(`${next.name}: ${text}`, (ends.get(`${next.name}: ${text}`) ?? 0) + 1);
        if (end instanceof Error || !next.allowed(end)) wrong.push(`${next.name}: ${text}`);
        else if (end !== 'cut' && 'close' in end) expect(CODES).toContain(end.close);
      }
    });
    await Promise.all(attackers);
    const seconds = (performance.now() - began) / 1000;
    over = true;
    await spoilt;
    const grown = (await figure('process_resident_memory_bytes')) - rss;
    console.log(
      `${queue.length} hostile lines in ${seconds.toFixed(1)} s, ${holds} honest holds meanwhile, each seen within ${slowest.toFixed(0)} ms; RSS ${(rss / 2 ** 20).toFixed(0)} MB, ${(grown / 2 ** 20).toFixed(0)} MB more after\n${[...ends].map(([end, n]) => `  ${n} x ${end}`).join('\n')}`,
    );
    expect([...new Set(wrong)]).toEqual([]);

    expect(holds).toBeGreaterThan(10);
    expect(unsteady).toEqual([]);
    await until('the honest maps are the truth', 5000, async () => {
      const { version, map } = await restMap(system.url, hall.event);
      const room = watcher.room(hall.event)!;
      return room.version === version && room.map.checksum === map.checksum;
    });
    expect(ended).toEqual([]);
    expect(system.servers[0]).toMatchObject({ pid, running: true });
    expect(await figure('process_start_time_seconds')).toBe(bornAt);
    expect((await fetch(`${system.url}/healthz`)).ok).toBe(true);
    expect(grown).toBeLessThan(MAX_GROWTH_BYTES);
  } finally {
    watcher.stop();
    buyer.stop();
  }
});
