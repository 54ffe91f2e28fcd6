/**
 * Sockets that ask for the whole map again and again and read none of it. k6 reads whatever comes, so these are the harness's own:
 * an upgraded connection that nobody ever takes bytes from. The server must cut them off, or its memory is theirs.
 */
import { randomBytes } from 'node:crypto';
import { request as http } from 'node:http';
import { request as https } from 'node:https';
import type { Duplex } from 'node:stream';
import {
  type EventId,
  encodeUp,
  type OpId,
  PROTOCOL_VERSION,
  randomToken,
  SUBPROTOCOL,
  type Up,
} from '@seatwire/protocol';

/** A tenth of what a socket may send: the snapshots are what fills it. */
const ASK_EVERY_MS = 50;
const OPEN_WITHIN_MS = 10_000;

export interface StalledReaders {
  readonly count: number;
  /** How many the server has cut off so far. */
  readonly cut: number;
  stop(): void;
}

/** `url`: http(s)://host:port. Rejects when one cannot be opened. */
export async function openStalledReaders(
  url: string,
  event: EventId,
  count: number,
): Promise<StalledReaders> {
  let cut = 0;
  let stopped = false;
  const sockets = await Promise.all(Array.from({ length: count }, () => upgrade(url)));
  const asking = sockets.map((socket) => {
    socket.pause();
    socket.write(frame({ type: 'hello', protocol: PROTOCOL_VERSION, token: null, client: 'k6-stalled' }));
    const timer = setInterval(() => {
      const op = randomToken() as OpId;
      socket.write(frame({ type: 'join', op, event, epoch: null, version: null }));
    }, ASK_EVERY_MS);
    // What is written to a connection that was cut fails, which is how one that never reads learns of it.
    socket.once('error', () => socket.destroy());
    socket.once('close', () => {
      clearInterval(timer);
      if (!stopped) cut++;
    });
    return timer;
  });
  return {
    count,
    get cut() {
      return cut;
    },
    stop() {
      stopped = true;
      for (const timer of asking) clearInterval(timer);
      for (const socket of sockets) socket.destroy();
    },
  };
}

function upgrade(url: string): Promise<Duplex> {
  const request = (url.startsWith('https:') ? https : http)(`${url}/ws`, {
    headers: {
      connection: 'Upgrade',
      upgrade: 'websocket',
      'sec-websocket-version': '13',
      'sec-websocket-key': randomBytes(16).toString('base64'),
      'sec-websocket-protocol': SUBPROTOCOL,
    },
    timeout: OPEN_WITHIN_MS,
    agent: false,
  });
  return new Promise((resolve, reject) => {
    request.once('upgrade', (_, socket) => resolve(socket));
    request.once('response', ({ statusCode }) => {
      reject(new Error(`a stalled reader was not let in: status ${statusCode}`));
      request.destroy();
    });
    request.once('timeout', () => request.destroy(new Error('a stalled reader was not let in in time')));
    request.once('error', reject);
    request.end();
  });
}

/** A client's binary frame, short as all of ours are; a mask of zeros is one. */
function frame(message: Up): Buffer {
  const payload = encodeUp(message);
  const head =
    payload.length < 126
      ? [0x82, 0x80 | payload.length]
      : [0x82, 0xfe, payload.length >> 8, payload.length & 255];
  return Buffer.concat([Buffer.from([...head, 0, 0, 0, 0]), payload]);
}
