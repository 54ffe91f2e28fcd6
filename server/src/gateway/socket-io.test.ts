import { type HoldId, SeatMap, type UserId, uuidv7 } from '@seatwire/protocol';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { SocketIoClient } from './testing/socket-io-client.ts';
import { type System, startSystem } from './testing/system.ts';
import { op, WireClient } from './testing/wire-client.ts';

let system: System;
const clients: SocketIoClient[] = [];
const open = async (
  options: ConstructorParameters<typeof SocketIoClient>[1] = {},
): Promise<SocketIoClient> => {
  const client = await SocketIoClient.open(system.port, options);
  clients.push(client);
  return client;
};

beforeEach(async () => {
  system = await startSystem({ gateway: { maxSockets: 100 } });
});
afterEach(async () => {
  for (const client of clients.splice(0)) client.close();
  await system.stop();
});

describe('socket.io', () => {
  test('[S1] socket.io welcomes a visitor, and one with a token in the handshake', async () => {
    const visitor = await open();
    expect(visitor.all('welcome')[0]).toMatchObject({ user: null, role: 'anonymous' });
    const user = uuidv7() as UserId;
    const buyer = await open({ auth: { token: system.tokenOf({ user }) } });
    expect(buyer.all('welcome')[0]).toMatchObject({ user, role: 'customer' });
  });

  test('[S5] socket.io tells why it ends a session with a bad token, and not to come back', async () => {
    const client = new SocketIoClient(system.port, { auth: { token: 'nonsense' } });
    clients.push(client);
    expect(await client.next('closed')).toMatchObject({ reason: 'bad_token', reconnect: false });
    await vi.waitFor(() => expect(client.socket.connected).toBe(false));
  });

  test.each([[42], [{ token: 'x' }], [['x']], [true], ['']])(
    '[CB1] [A2] a token that cannot be one (%j) does not make an anonymous session',
    async (token) => {
      const client = new SocketIoClient(system.port, { auth: { token } });
      clients.push(client);
      expect(await client.next('closed')).toMatchObject({ reason: 'bad_token' });
    },
  );

  test('[S4] socket.io answers a join with the map, and sends changes as they happen', async () => {
    system.store.change(1, [3]);
    const client = await open();
    const answer = await client.join(system.event);
    expect(answer).toMatchObject({ type: 'snapshot', version: 1, places: 64 });
    const map = SeatMap.unpack(64, new Uint8Array(answer.map as Buffer));
    expect([map?.get(3), map?.get(4)]).toEqual([1, 0]);
    const next = client.next('diff');
    system.store.change(2, [3, 4]);
    expect(await next).toEqual({
      event: system.event,
      from: 1,
      to: 2,
      changes: [
        [3, 2],
        [4, 2],
      ],
    });
  });

  test('[S4] socket.io resumes a room, with the changes as a list', async () => {
    const client = await open();
    const { epoch, version } = await client.join(system.event);
    system.store.change(1, [8]);
    await client.next('diff');
    expect(await client.ask('join', { event: system.event, epoch, version })).toMatchObject({
      type: 'resumed',
      from: 0,
      to: 1,
      changes: [[8, 1]],
    });
  });

  test('[S4] socket.io hears beacons, presence, and a snapshot after a rebuild', async () => {
    const client = await open();
    await client.join(system.event);
    expect(await client.next('presence')).toEqual({ event: system.event, viewers: 1 });
    expect(await client.next('beacon')).toMatchObject({ event: system.event, version: 0, checksum: 0 });
    const fresh = client.next('snapshot');
    system.store.rebuild();
    expect(await fresh).toMatchObject({ epoch: system.store.epoch, version: 1 });
  });

  test('[J7] a socket.io client hears nothing of a room it left', async () => {
    const client = await open();
    await client.join(system.event);
    client.socket.emit('leave', { event: system.event });
    await client.ask('sync-time', { clientTime: 1 });
    system.store.change(1, [1]);
    await client.ask('sync-time', { clientTime: 1 });
    expect(client.all('diff')).toEqual([]);
  });

  test('[S2] [S3] socket.io answers commands by ack: granted, refused, malformed, unknown', async () => {
    const client = await open({ auth: { token: system.tokenOf() } });
    const asked = op();
    expect(await client.ask('hold', { op: asked, event: system.event, places: [1, 2] })).toMatchObject({
      type: 'held',
      op: asked,
      places: [1, 2],
    });
    expect(await client.ask('hold', { event: system.event, places: [1] })).toMatchObject({ type: 'held' });
    expect(await client.ask('hold-best', { event: system.event, count: 2, together: true })).toMatchObject({
      type: 'rejected',
      code: 'not_enough_places',
    });
    expect(await client.ask('hold', { event: 'x', places: [1] })).toMatchObject({ code: 'bad_request' });
    for (const name of ['__proto__', 'hello', 'toString', 'no-such']) {
      expect(await client.ask(name, {})).toMatchObject({ type: 'rejected', code: 'bad_request' });
    }
    const visitor = await open();
    expect(await visitor.ask('hold', { event: system.event, places: [1] })).toMatchObject({
      type: 'rejected',
      code: 'unauthenticated',
    });
  });

  test('[A3] a socket.io client signs in, in band, and then hears private notices', async () => {
    const user = uuidv7() as UserId;
    const client = await open();
    expect(await client.ask('authenticate', { token: system.tokenOf({ user }) })).toMatchObject({ user });
    const notice = client.next('hold-ending');
    const hold = 'A'.repeat(22) as HoldId;
    system.notify({ to: user, message: { type: 'hold-ending', event: system.event, hold, expiresAt: 5 } });
    expect(await notice).toMatchObject({ hold });
    const closed = client.next('closed');
    system.gateway.closeUser(user, null);
    expect(await closed).toMatchObject({ reason: 'logged_out' });
  });

  test('[L2] socket.io has the same rate limits', async () => {
    const client = await open();
    const closed = client.next('closed');
    for (let i = 0; i < 500; i++) client.socket.emit('sync-time', { clientTime: i });
    expect(await closed).toMatchObject({ reason: 'rate_abuse', reconnect: false });
  });

  test('[S4] socket.io shares its rooms with native sockets: both hear the same versions', async () => {
    const client = await open();
    const native = await WireClient.open(system.url);
    await client.join(system.event);
    native.join(system.event);
    await native.next('snapshot');
    const diff = client.next('diff');
    system.store.change(1, [1]);
    expect([(await diff).to, (await native.next('diff')).to]).toEqual([1, 1]);
    expect((await native.next('presence')).viewers).toBe(2);
    await native.close();
  });

  test('[S1] [S3] socket.io refuses a foreign origin, polling, and binary', async () => {
    const foreign = SocketIoClient.open(system.port, { extraHeaders: { origin: 'https://evil.example' } });
    await expect(foreign).rejects.toThrow();
    const polling = await fetch(`http://127.0.0.1:${system.port}/socket.io/?EIO=4&transport=polling`);
    expect(polling.status).toBe(400);
    const client = await open();
    const closed = client.next('closed');
    client.socket.emit('join', Buffer.alloc(10));
    expect(await closed).toMatchObject({ reason: 'bad_frame' });
  });

  test('[F5] [S5] draining lets clients reconnect by themselves', async () => {
    const client = await open();
    const told = client.next('reconnect');
    const over = new Promise((resolve) => client.socket.once('disconnect', resolve));
    await system.gateway.drain(1_000);
    expect(await told).toMatchObject({ type: 'reconnect' });
    expect(await over).toBe('transport close');
  });

  test('a closed socket.io connection leaves nothing behind', async () => {
    const client = await open({ auth: { token: system.tokenOf() } });
    await client.join(system.event);
    client.close();
    await vi.waitFor(() => expect(system.gateway.sockets).toBe(0));
    const room = await system.rooms.enter(system.event);
    expect('localViewers' in room && room.localViewers).toBe(0);
    expect(system.defects).toEqual([]);
  });
});
