import { type EventId, type HoldId, randomToken, type UserId, uuidv7 } from '@seatwire/protocol';
import { describe, expect, test, vi } from 'vitest';
import { nativeClients } from './testing/native-clients.ts';
import { MapFollower, op, reasonOf, UpgradeRefused } from './testing/wire-client.ts';

const here = nativeClients();

describe('the handshake', () => {
  test('[H1] the handshake welcomes an anonymous visitor, and one with a token', async () => {
    const visitor = await here.open();
    expect(visitor.all('welcome')[0]).toMatchObject({
      user: null,
      role: 'anonymous',
      expiresAt: null,
      protocol: 1,
    });
    const user = uuidv7() as UserId;
    const buyer = await here.open(here.system.tokenOf({ user }));
    expect(buyer.all('welcome')[0]).toMatchObject({ user, role: 'customer' });
  });

  test.each(['https://evil.example', 'null', 'http://127.0.0.1.evil.example'])(
    '[H3] the handshake refuses the origin %s before a session exists',
    async (origin) => {
      await expect(here.connect({ origin })).rejects.toThrowError(new UpgradeRefused(403));
    },
  );

  test('[H3] the handshake lets its own page in, by scheme and host', async () => {
    await here.connect({ origin: `http://127.0.0.1:${here.system.port}` });
    await expect(here.connect({ origin: `http://127.0.0.1:${here.system.port + 1}` })).rejects.toThrowError(
      UpgradeRefused,
    );
  });

  test('[H1] the handshake refuses a client that does not offer the subprotocol', async () => {
    await expect(here.connect({}, [])).rejects.toThrowError(new UpgradeRefused(400));
    await expect(here.connect({}, ['graphql-ws'])).rejects.toThrowError(new UpgradeRefused(400));
  });

  test('[H4] the handshake takes the commands that come right behind the hello', async () => {
    const client = await here.connect();
    client.say({ type: 'hello', protocol: 1, token: null, client: 'test' });
    client.join(here.system.event);
    expect((await client.next('snapshot')).places).toBe(64);
  });

  test.each([
    ['a command before the hello', [{ type: 'sync-time', clientTime: 1 }] as const, 'bad_message'],
    [
      'a token that was never issued',
      [{ type: 'hello', protocol: 1, token: 'x', client: '' }] as const,
      'bad_token',
    ],
    [
      'another protocol version',
      [{ type: 'hello', protocol: 9, token: null, client: '' }] as const,
      'unsupported_version',
    ],
    [
      'a second hello',
      [
        { type: 'hello', protocol: 1, token: null, client: '' },
        { type: 'hello', protocol: 1, token: null, client: '' },
      ] as const,
      'bad_message',
    ],
  ])('[H4] the handshake closes on %s', async (_what, messages, reason) => {
    const client = await here.connect();
    for (const message of messages) client.say(message);
    expect(reasonOf(await client.ended)).toBe(reason);
  });
});

describe('rooms', () => {
  test('[J1] a room answers a join with the map, then with each change', async () => {
    here.system.store.change(1, [3]);
    const client = await here.open();
    const follower = new MapFollower();
    await client.join(here.system.event);
    follower.hear(await client.next('snapshot'));
    here.system.store.change(2, [3, 4]);
    follower.hear(await client.next('diff'));
    expect([follower.version, follower.map?.get(3), follower.map?.get(4)]).toEqual([2, 2, 2]);
  });

  test('[J3] a room resumes from a version with exactly what was missed', async () => {
    const client = await here.open();
    await client.join(here.system.event);
    const { epoch, version } = await client.next('snapshot');
    await client.close();
    here.system.store.change(1, [5]);
    here.system.store.change(1, [6]);
    here.system.store.change(0, [5]);
    const back = await here.open();
    await back.join(here.system.event, { epoch, version });
    const resumed = await back.next('resumed');
    expect([resumed.from, resumed.to]).toEqual([0, 3]);
    const map = new MapFollower();
    map.hear({ ...resumed, type: 'snapshot', version: 0, places: 64, map: new Uint8Array(16) });
    map.hear(resumed);
    expect([map.map?.get(5), map.map?.get(6)]).toEqual([0, 1]);
  });

  test('[J3] a room answers a join with a snapshot to another epoch, a version ahead of it, or one long forgotten', async () => {
    const client = await here.open();
    await client.join(here.system.event, { epoch: 'A'.repeat(22), version: 0 });
    const { epoch } = await client.next('snapshot');
    await client.join(here.system.event, { epoch, version: 99 });
    await client.next('snapshot');
  });

  test('[J5] [RE4] a room gives everybody the new map after a rebuild', async () => {
    const client = await here.open();
    await client.join(here.system.event);
    await client.next('snapshot');
    here.system.store.change(2, [1]);
    await client.next('diff');
    here.system.store.rebuild();
    const fresh = await client.next('snapshot');
    expect([fresh.epoch, fresh.version]).toEqual([here.system.store.epoch, 1]);
  });

  test('[J1] a join of an unknown event is refused', async () => {
    const client = await here.open();
    const asked = op();
    client.say({ type: 'join', op: asked, event: uuidv7() as EventId, epoch: null, version: null });
    expect(await client.next('rejected')).toMatchObject({ op: asked, code: 'unknown_event' });
  });

  test('the server loads a room once for a stampede of joins', async () => {
    const visitors = await Promise.all(Array.from({ length: 50 }, () => here.open()));
    for (const visitor of visitors) visitor.join(here.system.event);
    await Promise.all(visitors.map((visitor) => visitor.next('snapshot')));
    expect(here.system.store.calls).toMatchObject({ subscribe: 1, snapshot: 1 });
  });

  test('[J7] a client hears nothing more of a room it left', async () => {
    const client = await here.open();
    await client.join(here.system.event);
    await client.next('snapshot');
    client.say({ type: 'leave', event: here.system.event });
    client.say({ type: 'sync-time', clientTime: 1 });
    await client.next('time');
    here.system.store.change(1, [1]);
    client.say({ type: 'sync-time', clientTime: 2 });
    await client.next('time');
    expect(client.all('diff')).toEqual([]);
  });

  test('[D6] a room sends beacons that agree, and the number of viewers when it changes', async () => {
    const client = await here.open();
    const follower = new MapFollower();
    await client.join(here.system.event);
    follower.hear(await client.next('snapshot'));
    here.system.store.change(1, [7, 8, 9]);
    follower.hear(await client.next('diff'));
    const beacon = await client.next('beacon');
    expect([beacon.version, beacon.checksum]).toEqual([1, follower.map?.checksum]);
    expect(client.all('presence').at(-1)?.viewers).toBe(1);
    const second = await here.open();
    await second.join(here.system.event);
    expect((await client.next('presence')).viewers).toBe(2);
  });
});

describe('commands', () => {
  test('[A1] commands are for accounts: an anonymous visitor is told to sign in', async () => {
    const client = await here.open();
    client.say({ type: 'hold', op: op(), event: here.system.event, places: [1] });
    expect((await client.next('rejected')).code).toBe('unauthenticated');
    expect(here.system.domain.peak).toBe(0);
  });

  test('[C1] commands run side by side, each answered under its op', async () => {
    const client = await here.open(here.system.tokenOf());
    let go = () => {};
    here.system.domain.gate = new Promise((resolve) => {
      go = resolve;
    });
    const ops = [op(), op(), op()];
    for (const each of ops) client.say({ type: 'hold', op: each, event: here.system.event, places: [1] });
    await vi.waitFor(() => expect(here.system.domain.running).toBe(3));
    go();
    const answers = [await client.next('held'), await client.next('held'), await client.next('held')];
    expect(answers.map((answer) => answer.op).sort()).toEqual([...ops].sort());
  });

  test('[F6] a defect is answered as such, logged, and the session lives', async () => {
    const client = await here.open(here.system.tokenOf());
    here.system.domain.failure = new TypeError('boom');
    client.say({ type: 'mine', op: op(), event: here.system.event });
    expect((await client.next('rejected')).code).toBe('internal');
    expect(here.system.defects).toHaveLength(1);
    here.system.domain.failure = null;
    client.say({ type: 'mine', op: op(), event: here.system.event });
    await client.next('mine');
  });

  test('[F6] an answer that cannot be sent ends its session, not the server', async () => {
    const client = await here.open(here.system.tokenOf());
    const other = await here.open(here.system.tokenOf());
    here.system.domain.holds.extend = async () => ({ ok: true, expiresAt: Symbol('no number') as never });
    const hold = randomToken() as HoldId;
    client.say({ type: 'extend', op: op(), event: here.system.event, hold });
    expect(reasonOf(await client.ended)).toBe('internal');
    other.say({ type: 'hold', op: op(), event: here.system.event, places: [1] });
    await other.next('held');
    expect(here.system.defects).toHaveLength(1);
  });

  test('[A4] an expired token keeps the rooms, refuses what needs it, and is renewed in band', async () => {
    const user = uuidv7() as UserId;
    const client = await here.open(here.system.tokenOf({ user, expiresAt: Date.now() + 300 }));
    await client.join(here.system.event);
    await client.next('snapshot');
    await new Promise((resolve) => setTimeout(resolve, 350));
    client.say({ type: 'hold', op: op(), event: here.system.event, places: [1] });
    expect((await client.next('rejected')).code).toBe('token_expired');
    here.system.store.change(1, [1]);
    await client.next('diff');
    client.say({ type: 'authenticate', op: op(), token: here.system.tokenOf({ user }) });
    expect((await client.next('authenticated')).user).toBe(user);
    client.say({ type: 'hold', op: op(), event: here.system.event, places: [1] });
    await client.next('held');
  });

  test('[A3] a bad token in band changes nothing', async () => {
    const client = await here.open(here.system.tokenOf());
    client.say({ type: 'authenticate', op: op(), token: 'nonsense' });
    expect((await client.next('rejected')).code).toBe('bad_token');
    client.say({ type: 'mine', op: op(), event: here.system.event });
    await client.next('mine');
  });
});

describe('notices', () => {
  test('[N1] notices reach every session of the user, and no other', async () => {
    const user = uuidv7() as UserId;
    const [one, two, other] = await Promise.all([
      here.open(here.system.tokenOf({ user })),
      here.open(here.system.tokenOf({ user })),
      here.open(here.system.tokenOf()),
    ]);
    const hold = 'A'.repeat(22) as HoldId;
    here.system.notify({
      to: user,
      message: { type: 'hold-ending', event: here.system.event, hold, expiresAt: 5 },
    });
    expect((await one.next('hold-ending')).hold).toBe(hold);
    expect((await two.next('hold-ending')).hold).toBe(hold);
    other.say({ type: 'sync-time', clientTime: 1 });
    await other.next('time');
    expect(other.all('hold-ending')).toEqual([]);
  });

  test('[N1] notices that no version of the protocol knows are reported, and end nothing', async () => {
    const user = uuidv7() as UserId;
    const client = await here.open(here.system.tokenOf({ user }));
    here.system.notify({ to: user, message: { type: 'no-such-notice' } as never });
    expect(here.system.defects).toHaveLength(1);
    client.say({ type: 'mine', op: op(), event: here.system.event });
    await client.next('mine');
  });

  test('[N1] a notice tells the owner that a hold has expired', async () => {
    const user = uuidv7() as UserId;
    const client = await here.open(here.system.tokenOf({ user }));
    await client.join(here.system.event);
    await client.next('snapshot');
    const hold = 'B'.repeat(22) as HoldId;
    here.system.store.change(0, [1], { kind: 'expire', holds: [{ hold, buyer: user }] });
    expect(await client.next('hold-ended')).toMatchObject({
      hold,
      reason: 'expired',
      event: here.system.event,
    });
  });

  test('[A5] signing out closes the sockets of that sign-in, and only those', async () => {
    const user = uuidv7() as UserId;
    const one = await here.open(here.system.tokenOf({ user, session: 'a' }));
    const two = await here.open(here.system.tokenOf({ user, session: 'b' }));
    here.system.gateway.closeUser(user, 'a');
    expect(reasonOf(await one.ended)).toBe('logged_out');
    two.say({ type: 'mine', op: op(), event: here.system.event });
    await two.next('mine');
    here.system.gateway.closeUser(user, null);
    expect(reasonOf(await two.ended)).toBe('logged_out');
  });
});

test('[D1] a diff of 3 places takes at most 24 bytes', async () => {
  const client = await here.open();
  await client.join(here.system.event);
  await client.next('snapshot');
  const sizes: number[] = [];
  client.socket.on('message', (data: Buffer) => sizes.push(data.length));
  here.system.store.change(1, [10, 11, 12]);
  await client.next('diff');
  expect(sizes[0]).toBeLessThanOrEqual(24);
});
