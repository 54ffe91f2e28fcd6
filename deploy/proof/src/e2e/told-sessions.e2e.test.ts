/** The two sessions that PROTOCOL.md tells, played against a real server: the same messages in the same order, and like fields. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type System, startSystem } from '@seatwire/local';
import { type Down, decodeDown, encodeUp, type SeatMap, SUBPROTOCOL, type Up } from '@seatwire/protocol';
import type { SeatwireClient } from '@seatwire/protocol/client';
import { BUYER_SESSION, messageOf, type Step, WATCHER_SESSION } from '@seatwire/protocol/generate';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { WebSocket } from 'ws';
import { type Hall, openHall } from './hall.ts';
import { buyByRest, holdByRest, signIn } from './rest.ts';
import { nativeClient } from './sockets.ts';
import { until } from './until.ts';

const PATIENCE_MS = 15_000;
/** What is another each time; everything else is as told. */
const OF_ITS_OWN = new Set([
  ...['session', 'user', 'serverTime', 'expiresAt', 'room', 'viewers', 'fence', 'checksum', 'map'],
  ...['event', 'epoch', 'version', 'from', 'to', 'hold', 'order'],
]);
/** Come by the clock or by what others do: between any two steps. */
const AT_ANY_TIME: readonly Down['type'][] = ['beacon', 'presence'];

let dataDir: string;
let system: System;
let hall: Hall;
let token: string;
let lines: Line[] = [];
let other: SeatwireClient | undefined;

beforeAll(async () => {
  dataDir = await mkdtemp(join(tmpdir(), 'seatwire-told-'));
  system = await startSystem({ dataDir, env: { LOG_LEVEL: 'warn' } });
});
afterAll(async () => {
  await system?.stop();
  await rm(dataDir, { recursive: true, force: true });
});
afterEach(() => {
  other?.stop();
  for (const line of lines) line.break();
  lines = [];
});

/** A bare WebSocket: what it heard, and has not been asked for yet. */
class Line {
  readonly #socket = new WebSocket(`${system.url.replace(/^http/, 'ws')}/ws`, SUBPROTOCOL);
  readonly #opened: Promise<unknown>;
  readonly heard: Down[] = [];

  constructor() {
    lines.push(this);
    this.#opened = new Promise((resolve, reject) => {
      this.#socket.on('open', resolve);
      this.#socket.on('error', reject);
    });
    this.#socket.on('message', (data: Buffer) => {
      const decoded = decodeDown(new Uint8Array(data));
      if (decoded.ok) this.heard.push(structuredClone(decoded.message));
    });
  }

  async say(message: Up): Promise<void> {
    await this.#opened;
    this.#socket.send(encodeUp(message));
  }

  /** The oldest message of the type. */
  async hears<T extends Down['type']>(type: T): Promise<Down> {
    const at = () => this.heard.findIndex((message) => message.type === type);
    const what = () => this.heard.map((message) => JSON.stringify(message)).join('\n');
    await until(`${type} is heard`, PATIENCE_MS, () => at() >= 0).catch((error) => {
      throw new Error(`no ${type}; heard instead:\n${what()}`, { cause: error });
    });
    return this.heard.splice(at(), 1)[0]!;
  }

  break(): void {
    this.#socket.terminate();
  }
}

type Meanwhile = Extract<Step, { meanwhile: string }>['meanwhile'];

/** Says what the client says and expects what the server says. */
async function play(steps: readonly Step[], meanwhile: Readonly<Record<Meanwhile, () => Promise<void>>>) {
  let line = new Line();
  // Of what was heard last: the epoch, the version, the hold.
  const known: Record<string, unknown> = { event: hall.event, token };
  for (const step of steps) {
    const said = messageOf(step);
    if (said === null) {
      const what = (step as Extract<Step, { meanwhile: Meanwhile }>).meanwhile;
      if (what === 'the line breaks and a buyer pays') line.break();
      await meanwhile[what]();
      if (what === 'the line breaks and a buyer pays') line = new Line();
    } else if (said.from === 'client') {
      await line.say(withKnown(said.message, known));
    } else {
      const heard = await line.hears(said.message.type);
      expect(common(heard), said.name).toEqual(common(said.message));
      for (const [name, value] of Object.entries(heard)) known[name] = value;
      if (heard.type === 'diff') known.version = heard.to;
    }
  }
  expect(line.heard.filter(({ type }) => !AT_ANY_TIME.includes(type))).toEqual([]);
}

/** Values of this evening in place of the told one's, but for nil, which stays. */
function withKnown(message: Up, known: Readonly<Record<string, unknown>>): Up {
  const own = ['event', 'token', 'epoch', 'version', 'hold'];
  const fields = Object.entries(message).map(([name, value]) => [
    name,
    own.includes(name) && value !== null ? known[name] : value,
  ]);
  return Object.fromEntries(fields) as Up;
}

/** What of a message is the same each time; of the rest, whether it is there. */
function common(value: unknown, name = ''): unknown {
  if (OF_ITS_OWN.has(name)) return value === null ? 'nil' : typeof value;
  if (value instanceof Uint8Array) return Buffer.from(value).toString('hex');
  if (Array.isArray(value)) return value.map((one) => common(one));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, common(inner, key)]));
}

/** A hall on sale whose map is live: somebody else is there already. */
async function openLiveHall(): Promise<SeatMap> {
  hall = await openHall(system, { rows: 1, seatsPerRow: 10, buyers: 1 });
  token = await signIn(system.url, hall.buyers[0]!);
  other = nativeClient(system.url, null);
  const joined = await other.join(hall.event);
  if (!joined.ok) throw new Error(joined.code);
  return joined.room.map;
}

test('the told session of a watcher is what a server says and hears', async () => {
  const map = await openLiveHall();
  let hold = '';
  await play(WATCHER_SESSION, {
    'a buyer holds': async () => {
      const held = await holdByRest(system.url, token, hall.event, 'hold-by-rest', [4, 5]);
      if (!held.ok) throw new Error(held.text);
      hold = held.body.hold;
    },
    'the line breaks and a buyer pays': async () => {
      const bought = await buyByRest(system.url, token, hall.event, hold, 'buy-by-rest');
      if (!bought.ok) throw new Error(bought.text);
      await until('the room has place 4 sold', PATIENCE_MS, () => map.get(4) === 2);
    },
  });
});

test('the told session of a buyer is what a server says and hears', async () => {
  await openLiveHall();
  const never = () => Promise.reject(new Error('nothing happens elsewhere'));
  await play(BUYER_SESSION, { 'a buyer holds': never, 'the line breaks and a buyer pays': never });
});
