/** What a hostile client sends ends in a close of the catalogue or a plain refusal, and the server lives on. */
import { connect as connectTcp, type Socket } from 'node:net';
import { encode } from '@msgpack/msgpack';
import { encodeUp, MAX_UP_BYTES } from '@seatwire/protocol';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { type System, startSystem } from './testing/system.ts';
import { op, reasonOf, WireClient } from './testing/wire-client.ts';

let system: System;
beforeAll(async () => {
  system = await startSystem({ gateway: { authMs: 1_000 } });
});
afterAll(() => system.stop());

/** The server still serves another client, and no session of the test is left. */
async function lives(): Promise<void> {
  const client = await WireClient.open(system.url);
  await client.join(system.event);
  await client.next('snapshot');
  await client.close();
  expect(system.defects).toEqual([]);
}

const nested = (depth: number): Uint8Array => new Uint8Array([...new Array(depth).fill(0x91), 0xc0]);
const announced = (...head: number[]): Uint8Array => new Uint8Array([0x93, 5, ...head]);

describe('a hostile frame ends the session, before the hello and after it', () => {
  test.each<[string, Uint8Array | string, string]>([
    ['text', 'hello', 'bad_frame'],
    ['nothing at all', new Uint8Array(0), 'bad_frame'],
    ['half a message', encodeUp({ type: 'sync-time', clientTime: 123_456_789 }).slice(0, -2), 'bad_frame'],
    [
      'a message and a half',
      new Uint8Array([...encodeUp({ type: 'sync-time', clientTime: 1 }), 0x91]),
      'bad_frame',
    ],
    ['an array that says it has 4 billion items', announced(0xdd, 0xff, 0xff, 0xff, 0xff), 'bad_frame'],
    ['a string that says it has 4 GB', announced(0xdb, 0xff, 0xff, 0xff, 0xff), 'bad_frame'],
    ['deep nesting', nested(5_000), 'bad_frame'],
    ['an array of 10,000 places', encode([5, op(), 'x', new Array(10_000).fill(1)]), 'bad_frame'],
    ['a map with __proto__', encode({ __proto__: null, constructor: 1 }), 'bad_frame'],
    ['more bytes than allowed', new Uint8Array(MAX_UP_BYTES + 1), 'bad_frame'],
    ['an unknown message', encode([99, 1, 2]), 'bad_message'],
    ['a message of wrong fields', encode([5, op(), 'no event', [1]]), 'bad_message'],
    ['a negative place', encode([5, op(), '018f2f2e-0000-7000-8000-000000000000', [-1]]), 'bad_message'],
  ])('[F2] [F3] %s', async (_what, bytes, reason) => {
    const client = await WireClient.connect(system.url);
    client.sayBytes(bytes);
    expect(reasonOf(await client.ended)).toBe(reason);
    const greeted = await WireClient.open(system.url, system.tokenOf());
    greeted.sayBytes(bytes);
    expect(reasonOf(await greeted.ended)).toBe(reason);
    await lives();
  });

  test('[L1] a connection that sends far more bytes than allowed is cut while they arrive', async () => {
    const client = await WireClient.open(system.url);
    client.sayBytes(new Uint8Array(10 * MAX_UP_BYTES));
    expect(await client.ended).toBe(1006);
    await lives();
  });

  test('[F2] [F3] random bytes, 2,000 times', async () => {
    const arbitrary = fc.uint8Array({ maxLength: 300 });
    const frames = fc.sample(arbitrary, { numRuns: 2_000, seed: 7 });
    for (let from = 0; from < frames.length; from += 100) {
      await Promise.all(
        frames.slice(from, from + 100).map(async (frame) => {
          const client = await WireClient.connect(system.url);
          client.sayBytes(frame);
          expect(['bad_frame', 'bad_message']).toContain(reasonOf(await client.ended));
        }),
      );
    }
    await lives();
  });
});

describe('a hostile connection', () => {
  test('[H4] a hostile connection that says nothing is closed when its time is up', async () => {
    const client = await WireClient.connect(system.url);
    expect(reasonOf(await client.ended)).toBe('auth_timeout');
  });

  test('[L1] a hostile connection that breaks off in the middle of a frame leaves no session behind', async () => {
    const tcp = await upgraded(system.port);
    // A masked binary frame that announces 126 bytes, and brings 4.
    tcp.write(Buffer.from([0x82, 0xfe, 0x00, 0x7e, 1, 2, 3, 4, 0x91, 0x01]));
    await new Promise((resolve) => setTimeout(resolve, 50));
    tcp.destroy();
    await lives();
    await vi.waitFor(() => expect(system.gateway.sockets).toBe(0));
  });

  test.each<[string, Buffer]>([
    ['an unmasked frame', Buffer.from([0x82, 0x01, 0x91])],
    ['a reserved opcode', Buffer.from([0x83, 0x81, 1, 2, 3, 4, 0x91])],
    [
      'a ping of 200 bytes',
      Buffer.concat([Buffer.from([0x89, 0xfe, 0, 200, 1, 2, 3, 4]), Buffer.alloc(200)]),
    ],
    ['plain garbage', Buffer.from('GET / HTTP/1.1\r\n\r\n')],
  ])('[F2] a hostile connection that sends %s is cut off', async (_what, bytes) => {
    const tcp = await upgraded(system.port);
    const over = new Promise((resolve) => tcp.once('close', resolve));
    tcp.write(bytes);
    await over;
    await lives();
  });

  test('[H1] a hostile connection that upgrades half-way, or asks for nonsense, is answered or cut', async () => {
    for (const request of [
      'GET /ws HTTP/1.1\r\nHost: x\r\nUpgrade: websocket\r\n\r\n',
      'GET /ws HTTP/1.1\r\nHost: x\r\nUpgrade: websocket\r\nSec-WebSocket-Key: short\r\nSec-WebSocket-Protocol: seatwire.v1.msgpack\r\n\r\n',
      'GET /socket.io/?EIO=4&transport=websocket HTTP/1.1\r\nHost: x\r\n\r\n',
      'GET /socket.io/?EIO=4&transport=polling HTTP/1.1\r\nHost: x\r\n\r\n',
      'POST /socket.io/?EIO=4&transport=polling&sid=x HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\n\r\n40{}',
      'NONSENSE\r\n\r\n',
    ]) {
      const tcp = await dial(system.port);
      tcp.write(request);
      await new Promise((resolve) => setTimeout(resolve, 30));
      tcp.destroy();
    }
    await lives();
  });
});

function dial(port: number): Promise<Socket> {
  return new Promise((resolve, reject) => {
    const tcp = connectTcp(port, '127.0.0.1', () => resolve(tcp));
    tcp.once('error', reject);
    tcp.on('error', () => undefined);
  });
}

/** A raw line on which the WebSocket handshake is over. */
async function upgraded(port: number): Promise<Socket> {
  const tcp = await dial(port);
  const answer = new Promise<string>((resolve) => tcp.once('data', (data) => resolve(data.toString())));
  tcp.write(
    'GET /ws HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\n' +
      'Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Protocol: seatwire.v1.msgpack\r\n\r\n',
  );
  expect(await answer).toContain('101');
  return tcp;
}
