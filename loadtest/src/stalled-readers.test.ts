import { createHash } from 'node:crypto';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Duplex } from 'node:stream';
import { decodeUp, type EventId, uuidv7 } from '@seatwire/protocol';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { openStalledReaders } from './stalled-readers.ts';

const event = uuidv7() as EventId;
let server: Server;
let accepted: Duplex[];
let heard: Buffer;

beforeEach(async () => {
  accepted = [];
  heard = Buffer.alloc(0);
  server = createServer((_, response) => response.writeHead(404).end());
  server.on('upgrade', (request, socket) => {
    accepted.push(socket);
    socket.on('data', (bytes: Buffer) => {
      heard = Buffer.concat([heard, bytes]);
    });
    socket.on('error', () => undefined);
    const key = `${request.headers['sec-websocket-key']}258EAFA5-E914-47DA-95CA-C5AB0DC85B11`;
    const accept = createHash('sha1').update(key).digest('base64');
    socket.write(
      `HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: ${accept}\r\n\r\n`,
    );
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
});
afterEach(() => {
  for (const socket of accepted) socket.destroy();
  return new Promise<void>((resolve) => void server.close(() => resolve()));
});

const url = () => `http://127.0.0.1:${(server.address() as AddressInfo).port}`;

describe('a stalled reader', () => {
  test('a stalled reader says hello, and asks for whole maps from then on', async () => {
    const readers = await openStalledReaders(url(), event, 1);
    const messages = () => {
      const types: string[] = [];
      for (let at = 0; at + 6 <= heard.length; ) {
        const size = heard[at + 1]! & 127;
        const decoded = decodeUp(heard.subarray(at + 6, at + 6 + size));
        if (decoded.ok) types.push(decoded.message.type);
        at += 6 + size;
      }
      return types;
    };
    await vi.waitFor(() => expect(messages().slice(0, 3)).toEqual(['hello', 'join', 'join']));
    readers.stop();
    expect(readers.cut).toBe(0);
  });

  test('a stalled reader counts as cut off once the server lets go of it, though it reads nothing', async () => {
    const readers = await openStalledReaders(url(), event, 2);
    await vi.waitFor(() => expect(accepted).toHaveLength(2));
    accepted[0]!.write(Buffer.alloc(200_000));
    accepted[0]!.destroy();
    await vi.waitFor(() => expect(readers.cut).toBe(1), { timeout: 5000 });
    readers.stop();
    expect(readers.cut).toBe(1);
  });

  test('a stalled reader that is not let in fails the run', async () => {
    server.removeAllListeners('upgrade');
    await expect(openStalledReaders(url(), event, 1)).rejects.toThrow();
  });
});
