/**
 * What a room's publish costs beside a plain loop of sends over the same sockets: `npm run bench -- fan-out` starts this, brings the
 * sockets, and prints the comparison. Prints its port; each line of standard input is how many milliseconds to measure a mode for, and
 * is answered by one line of JSON. It compares this process's CPU, not time: other load on the machine changes it less.
 */
import { createInterface } from 'node:readline';
import { setImmediate as turn } from 'node:timers/promises';
import { type DownOf, encodeChanges, encodeDown } from '@seatwire/protocol';
import { App, us_socket_local_port, type WebSocket } from '../engine/uws.ts';
import { NativeAudience } from './native-audience.ts';

type Mode = 'send' | 'publish' | 'publish-32' | 'conflated-32';
const MODES: readonly Mode[] = ['send', 'publish', 'publish-32', 'conflated-32'];
/** Changes that a busy room joins in one frame. */
const JOINED = 32;
const PLACES_OF_A_HOLD = 3;
/** Turns of the event loop in which a room's last group has gone out. */
const TURNS = 12;
const DEEP_BYTES = 32_768;

const app = App();
const audience = new NativeAudience(app, 'room/1');
const sockets: WebSocket<unknown>[] = [];
let version = 0;

app.ws('/ws', {
  maxPayloadLength: 32_768,
  maxBackpressure: 1 << 24,
  // The client's greeting and its join are answered by themselves.
  message(ws, message, isBinary) {
    ws.send(message, isBinary);
    if (sockets.includes(ws)) return;
    sockets.push(ws);
    ws.subscribe(audience.add().topic);
  },
});
app.listen('127.0.0.1', 0, (socket) => {
  if (!socket) throw new Error('cannot listen');
  process.stdout.write(`${JSON.stringify({ port: us_socket_local_port(socket) })}\n`);
});

for await (const line of createInterface({ input: process.stdin })) {
  const ms = Number(line);
  const results: Record<string, Measured> = {};
  for (const mode of MODES) results[mode] = await measure(mode, ms);
  process.stdout.write(`${JSON.stringify({ sockets: sockets.length, results })}\n`);
}
process.exit();

interface Measured {
  /** A frame to a socket. */
  readonly deliveries: number;
  /** A change of a hold that a socket was told of. */
  readonly changes: number;
  readonly cpuUs: number;
  readonly ms: number;
}

async function measure(mode: Mode, ms: number): Promise<Measured> {
  let [rounds, cpuUs] = [0, 0];
  const began = performance.now();
  while (performance.now() - began < ms) {
    const before = process.cpuUsage();
    once(mode);
    for (let i = 0; i < TURNS; i++) await turn();
    const { user, system } = process.cpuUsage(before);
    cpuUs += user + system;
    rounds++;
    while (sockets.some((ws) => ws.getBufferedAmount() > DEEP_BYTES)) await turn();
  }
  const frames = mode === 'publish-32' ? JOINED : 1;
  const changes = mode.endsWith('32') ? JOINED : 1;
  const all = rounds * sockets.length;
  return { deliveries: all * frames, changes: all * changes, cpuUs, ms: performance.now() - began };
}

function once(mode: Mode): void {
  if (mode === 'send') {
    const frame = encodeDown(diff(1));
    for (const ws of sockets) ws.send(frame, true);
  } else if (mode === 'publish-32') {
    for (let i = 0; i < JOINED; i++) audience.publish(diff(1));
  } else audience.publish(diff(mode === 'publish' ? 1 : JOINED));
}

function diff(holds: number): DownOf<'diff'> {
  version += holds;
  const first = (version * PLACES_OF_A_HOLD) % 40_000;
  const places = Array.from({ length: holds * PLACES_OF_A_HOLD }, (_, i) => first + i);
  return { type: 'diff', room: 1, to: version, span: holds, changes: encodeChanges(places, () => 1) };
}
