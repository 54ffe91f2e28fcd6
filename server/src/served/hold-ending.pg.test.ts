import { type Down, decodeDown } from '@seatwire/protocol';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { openNative } from '../testing/native-socket.ts';
import { type Served, startServed } from '../testing/served.ts';

let served: Served;
beforeAll(async () => {
  served = await startServed({}, { holdMs: 10_000 });
});
afterAll(() => served.stop());

test('a buyer is told before a hold ends, on every socket of theirs, and nobody else is', async () => {
  const [buyer, other] = await Promise.all([served.customer(), served.customer()]);
  const heard: [string, Down][] = [];
  const listen = async (name: string, token: string) => {
    const { socket } = await openNative(served.port, token);
    socket.on('message', (data) => {
      const decoded = decodeDown(new Uint8Array(data as Buffer));
      if (decoded.ok && decoded.message.type === 'hold-ending') heard.push([name, decoded.message]);
    });
    return socket;
  };
  const sockets = await Promise.all([
    listen('phone', buyer.accessToken),
    listen('laptop', buyer.accessToken),
    listen('other', other.accessToken),
  ]);
  const held = await served.call('POST', `/api/events/${served.event}/holds`, {
    token: buyer.accessToken,
    body: { opId: 'ends-soon', places: [4] },
  });
  await expect.poll(() => heard.length, { timeout: 9_000 }).toBe(2);
  expect(heard.map(([name]) => name).sort()).toEqual(['laptop', 'phone']);
  const { hold, expiresAt } = held.body;
  expect(heard[0]![1]).toEqual({ type: 'hold-ending', event: served.event, hold, expiresAt });
  for (const socket of sockets) socket.close();
});
