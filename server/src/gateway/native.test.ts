import { type EventId, type HoldId, randomToken, type UserId, uuidv7 } from '@seatwire/protocol';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { type System, startSystem } from './testing/system.ts';
import { MapFollower, op, reasonOf, UpgradeRefused, WireClient } from './testing/wire-client.ts';

let system: System;
const clients: WireClient[] = [];
const kept = async (client: Promise<WireClient>): Promise<WireClient> => {
  clients.push(await client);
  return client;
};
const open = (token: string | null = null) => kept(WireClient.open(system.url, token));
const connect = (...args: [Parameters<typeof WireClient.connect>[1]?, string[]?]) =>
  kept(WireClient.connect(system.url, ...args));

beforeEach(async () => {
  system = await startSystem();
});
afterEach(async () => {
  await Promise.all(clients.splice(0).map((client) => client.close()));
  await system.stop();
});

describe('the handshake', () => {
  test('[H1] the handshake welcomes an anonymous visitor, and one with a token', async () => {
    const visitor = await open();
    expect(visitor.all('welcome')[0]).toMatchObject({
      user: null,
      role: 'anonymous',
      expiresAt: null,
      protocol: 1,
    });
    const user = uuidv7() as UserId;
    const buyer = await open(system.tokenOf({ user }));
    expect(buyer.all('welcome')[0]).toMatchObject({ user, role: 'customer' });
  });

  test.each(['https://evil.example', 'null', 'http://127.0.0.1.evil.example'])(
    'H3 refuses the origin %s before a session exists',
    async (origin) => {
      await expect(connect({ origin })).rejects.toThrowError(new UpgradeRefused(403));
    },
  );

  test('[H3] the handshake lets its own page in, by scheme and host', async () => {
    await connect({ origin: `http://127.0.0.1:${system.port}` });
    await expect(connect({ origin: `http://127.0.0.1:${system.port + 1}` })).rejects.toThrowError(
      UpgradeRefused,
    );
  });

  test('[H1] the handshake refuses a client that does not offer the subprotocol', async () => {
    await expect(connect({}, [])).rejects.toThrowError(new UpgradeRefused(400));
    await expect(connect({}, ['graphql-ws'])).rejects.toThrowError(new UpgradeRefused(400));
  });

  test('[H4] the handshake takes the commands that come right behind the hello', async () => {
    const client = await connect();
    client.say({ type: 'hello', protocol: 1, token: null, client: 'test' });
    client.join(system.event);
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
    const client = await connect();
    for (const message of messages) client.say(message);
    expect(reasonOf(await client.ended)).toBe(reason);
  });
});

describe('rooms', () => {
  test('[J1] a room answers a join with the map, then with each change', async () => {
    system.store.change(1, [3]);
    const client = await open();
    const follower = new MapFollower();
    await client.join(system.event);
    follower.hear(await client.next('snapshot'));
    system.store.change(2, [3, 4]);
    follower.hear(await client.next('diff'));
    expect([follower.version, follower.map?.get(3), follower.map?.get(4)]).toEqual([2, 2, 2]);
  });

  test('[J3] a room resumes from a version with exactly what was missed', async () => {
    const client = await open();
    await client.join(system.event);
    const { epoch, version } = await client.next('snapshot');
    await client.close();
    system.store.change(1, [5]);
    system.store.change(1, [6]);
    system.store.change(0, [5]);
    const back = await open();
    await back.join(system.event, { epoch, version });
    const resumed = await back.next('resumed');
    expect([resumed.from, resumed.to]).toEqual([0, 3]);
    const map = new MapFollower();
    map.hear({ ...resumed, type: 'snapshot', version: 0, places: 64, map: new Uint8Array(16) });
    map.hear(resumed);
    expect([map.map?.get(5), map.map?.get(6)]).toEqual([0, 1]);
  });

  test('[J3] a room answers a join with a snapshot to another epoch, a version ahead of it, or one long forgotten', async () => {
    const client = await open();
    await client.join(system.event, { epoch: 'A'.repeat(22), version: 0 });
    const { epoch } = await client.next('snapshot');
    await client.join(system.event, { epoch, version: 99 });
    await client.next('snapshot');
  });

  test('[J5] [RE4] a room gives everybody the new map after a rebuild', async () => {
    const client = await open();
    await client.join(system.event);
    await client.next('snapshot');
    system.store.change(2, [1]);
    await client.next('diff');
    system.store.rebuild();
    const fresh = await client.next('snapshot');
    expect([fresh.epoch, fresh.version]).toEqual([system.store.epoch, 1]);
  });

  test('[J1] a join of an unknown event is refused', async () => {
    const client = await open();
    const asked = op();
    client.say({ type: 'join', op: asked, event: uuidv7() as EventId, epoch: null, version: null });
    expect(await client.next('rejected')).toMatchObject({ op: asked, code: 'unknown_event' });
  });

  test('the server loads a room once for a stampede of joins', async () => {
    const visitors = await Promise.all(Array.from({ length: 50 }, () => open()));
    for (const visitor of visitors) visitor.join(system.event);
    await Promise.all(visitors.map((visitor) => visitor.next('snapshot')));
    expect(system.store.calls).toMatchObject({ subscribe: 1, snapshot: 1 });
  });

  test('[J7] a client hears nothing more of a room it left', async () => {
    const client = await open();
    await client.join(system.event);
    await client.next('snapshot');
    client.say({ type: 'leave', event: system.event });
    client.say({ type: 'sync-time', clientTime: 1 });
    await client.next('time');
    system.store.change(1, [1]);
    client.say({ type: 'sync-time', clientTime: 2 });
    await client.next('time');
    expect(client.all('diff')).toEqual([]);
  });

  test('[D6] a room sends beacons that agree, and the number of viewers when it changes', async () => {
    const client = await open();
    const follower = new MapFollower();
    await client.join(system.event);
    follower.hear(await client.next('snapshot'));
    system.store.change(1, [7, 8, 9]);
    follower.hear(await client.next('diff'));
    const beacon = await client.next('beacon');
    expect([beacon.version, beacon.checksum]).toEqual([1, follower.map?.checksum]);
    expect(client.all('presence').at(-1)?.viewers).toBe(1);
    const second = await open();
    await second.join(system.event);
    expect((await client.next('presence')).viewers).toBe(2);
  });
});

describe('who is looking', () => {
  /** What the newest socket in the room, one of its own, is told. */
  const looking = async (...others: Promise<WireClient>[]) => {
    for (const other of others) await (await other).join(system.event);
    const last = await open();
    await last.join(system.event);
    return (await last.next('snapshot')).viewers;
  };
  const visitor = (name: string) => kept(WireClient.open(`${system.url}?visitor=${name}`));
  /** What it said before is done. */
  const done = async (client: WireClient) => {
    client.say({ type: 'sync-time', clientTime: 1 });
    await client.next('time');
  };

  test('[J8] [CD22] two windows of an account are one person, and so are two of a browser', async () => {
    const user = uuidv7() as UserId;
    const mine = () => open(system.tokenOf({ user }));
    expect(await looking(mine(), mine())).toBe(1);
    const name = randomToken();
    // The one who was told is there now, too.
    expect(await looking(visitor(name), visitor(name), visitor(randomToken()))).toBe(2 + 2);
  });

  test('[J8] [CD22] the control: what gives no name, or a strange one, is one of its own', async () => {
    expect(await looking(open(), open(), visitor('x'), visitor('x'))).toBe(4);
  });

  test('[J8] [CD22] of two windows of a browser each goes its own way', async () => {
    const name = randomToken();
    const [a, b] = [await visitor(name), await visitor(name)];
    for (const one of [a, b]) await one.join(system.event);
    b.say({ type: 'authenticate', op: op(), token: system.tokenOf({ user: uuidv7() as UserId }) });
    await b.next('authenticated');
    expect(await looking()).toBe(2);
    a.say({ type: 'leave', event: system.event });
    await done(a);
    expect(await looking()).toBe(2);
  });

  test('[J8] [CD22] a monitor is no visitor, until it stops watching', async () => {
    const monitor = await open(system.tokenOf({ user: system.organizer, role: 'organizer' }));
    await monitor.join(system.event);
    monitor.say({ type: 'watch', op: op(), event: system.event });
    await monitor.next('stats');
    await vi.waitFor(async () => expect((await monitor.next('stats')).viewers).toBe(0), { timeout: 4_000 });
    monitor.say({ type: 'unwatch', event: system.event });
    await done(monitor);
    expect(await looking()).toBe(1);
  });
});

describe('commands', () => {
  test('[A1] commands are for accounts: an anonymous visitor is told to sign in', async () => {
    const client = await open();
    client.say({ type: 'hold', op: op(), event: system.event, places: [1] });
    expect((await client.next('rejected')).code).toBe('unauthenticated');
    expect(system.domain.peak).toBe(0);
  });

  test('[C1] commands run side by side, each answered under its op', async () => {
    const client = await open(system.tokenOf());
    let go = () => {};
    system.domain.gate = new Promise((resolve) => {
      go = resolve;
    });
    const ops = [op(), op(), op()];
    for (const each of ops) client.say({ type: 'hold', op: each, event: system.event, places: [1] });
    await vi.waitFor(() => expect(system.domain.running).toBe(3));
    go();
    const answers = [await client.next('held'), await client.next('held'), await client.next('held')];
    expect(answers.map((answer) => answer.op).sort()).toEqual([...ops].sort());
  });

  test('[F6] a defect is answered as such, logged, and the session lives', async () => {
    const client = await open(system.tokenOf());
    system.domain.failure = new TypeError('boom');
    client.say({ type: 'mine', op: op(), event: system.event });
    expect((await client.next('rejected')).code).toBe('internal');
    expect(system.defects).toHaveLength(1);
    system.domain.failure = null;
    client.say({ type: 'mine', op: op(), event: system.event });
    await client.next('mine');
  });

  test('[F6] an answer that cannot be sent ends its session, not the server', async () => {
    const client = await open(system.tokenOf());
    const other = await open(system.tokenOf());
    system.domain.holds.extend = async () => ({ ok: true, expiresAt: Symbol('no number') as never });
    const hold = randomToken() as HoldId;
    client.say({ type: 'extend', op: op(), event: system.event, hold });
    expect(reasonOf(await client.ended)).toBe('internal');
    other.say({ type: 'hold', op: op(), event: system.event, places: [1] });
    await other.next('held');
    expect(system.defects).toHaveLength(1);
  });

  test('[A4] an expired token keeps the rooms, refuses what needs it, and is renewed in band', async () => {
    const user = uuidv7() as UserId;
    const client = await open(system.tokenOf({ user, expiresAt: Date.now() + 300 }));
    await client.join(system.event);
    await client.next('snapshot');
    await new Promise((resolve) => setTimeout(resolve, 350));
    client.say({ type: 'hold', op: op(), event: system.event, places: [1] });
    expect((await client.next('rejected')).code).toBe('token_expired');
    system.store.change(1, [1]);
    await client.next('diff');
    client.say({ type: 'authenticate', op: op(), token: system.tokenOf({ user }) });
    expect((await client.next('authenticated')).user).toBe(user);
    client.say({ type: 'hold', op: op(), event: system.event, places: [1] });
    await client.next('held');
  });

  test('[A3] a bad token in band changes nothing', async () => {
    const client = await open(system.tokenOf());
    client.say({ type: 'authenticate', op: op(), token: 'nonsense' });
    expect((await client.next('rejected')).code).toBe('bad_token');
    client.say({ type: 'mine', op: op(), event: system.event });
    await client.next('mine');
  });
});

describe('notices', () => {
  test('[N1] notices reach every session of the user, and no other', async () => {
    const user = uuidv7() as UserId;
    const [one, two, other] = await Promise.all([
      open(system.tokenOf({ user })),
      open(system.tokenOf({ user })),
      open(system.tokenOf()),
    ]);
    const hold = 'A'.repeat(22) as HoldId;
    system.notify({ to: user, message: { type: 'hold-ending', event: system.event, hold, expiresAt: 5 } });
    expect((await one.next('hold-ending')).hold).toBe(hold);
    expect((await two.next('hold-ending')).hold).toBe(hold);
    other.say({ type: 'sync-time', clientTime: 1 });
    await other.next('time');
    expect(other.all('hold-ending')).toEqual([]);
  });

  test('[N1] notices that no version of the protocol knows are reported, and end nothing', async () => {
    const user = uuidv7() as UserId;
    const client = await open(system.tokenOf({ user }));
    system.notify({ to: user, message: { type: 'no-such-notice' } as never });
    expect(system.defects).toHaveLength(1);
    client.say({ type: 'mine', op: op(), event: system.event });
    await client.next('mine');
  });

  test('[N1] a notice tells the owner that a hold has expired', async () => {
    const user = uuidv7() as UserId;
    const client = await open(system.tokenOf({ user }));
    await client.join(system.event);
    await client.next('snapshot');
    const hold = 'B'.repeat(22) as HoldId;
    system.store.change(0, [1], { kind: 'expire', holds: [{ hold, buyer: user }] });
    expect(await client.next('hold-ended')).toMatchObject({ hold, reason: 'expired', event: system.event });
  });

  test('[A5] signing out closes the sockets of that sign-in, and only those', async () => {
    const user = uuidv7() as UserId;
    const one = await open(system.tokenOf({ user, session: 'a' }));
    const two = await open(system.tokenOf({ user, session: 'b' }));
    system.gateway.closeUser(user, 'a');
    expect(reasonOf(await one.ended)).toBe('logged_out');
    two.say({ type: 'mine', op: op(), event: system.event });
    await two.next('mine');
    system.gateway.closeUser(user, null);
    expect(reasonOf(await two.ended)).toBe('logged_out');
  });
});

describe('the monitor stream', () => {
  test('[N2] the monitor stream is for the organizer and admins only', async () => {
    const stranger = await open(system.tokenOf({ role: 'organizer' }));
    stranger.say({ type: 'watch', op: op(), event: system.event });
    expect((await stranger.next('rejected')).code).toBe('forbidden');
    const admin = await open(system.tokenOf({ role: 'admin' }));
    admin.say({ type: 'watch', op: op(), event: system.event });
    await admin.next('stats');
  });

  test('[C6] a watch is answered under its op, before the first stats, which come at once; so is one more', async () => {
    const client = await open(system.tokenOf({ user: system.organizer, role: 'organizer' }));
    const said: { type: string; op?: string }[] = client.heard;
    for (let i = 0; i < 2; i++) {
      const from = said.length;
      const asked = op();
      client.say({ type: 'watch', op: asked, event: system.event });
      client.say({ type: 'sync-time', clientTime: i });
      await client.next('watching');
      await client.next('time');
      const answer = said.slice(from).findIndex(({ op }) => op === asked);
      expect(said[from + answer]).toEqual({ type: 'watching', op: asked, event: system.event });
      expect(said[from + answer + 1]).toMatchObject({ type: 'stats', event: system.event });
      if (i === 0) expect(answer).toBe(0);
    }
  });

  test('[N2] the monitor stream counts places, holds and sales, and goes on each second until it is ended', async () => {
    const client = await open(system.tokenOf({ user: system.organizer, role: 'organizer' }));
    client.say({ type: 'watch', op: op(), event: system.event });
    expect(await client.next('stats')).toMatchObject({
      free: 64,
      revenue: 12_300,
      currency: 'EUR',
      viewers: 0,
    });
    system.store.change(1, [1, 2, 3], { kind: 'hold' });
    system.store.change(2, [1], { kind: 'confirm' });
    await vi.waitFor(
      async () => {
        const stats = await client.next('stats');
        expect(stats).toMatchObject({ free: 61, held: 2, sold: 1, blocked: 0 });
        expect(stats.holdsPerSecond).toBeGreaterThan(0);
        expect(stats.salesPerSecond).toBeGreaterThan(0);
      },
      { timeout: 4_000 },
    );
    client.say({ type: 'unwatch', event: system.event });
    client.say({ type: 'sync-time', clientTime: 1 });
    await client.next('time');
    await expect(client.next('stats', 1_300)).rejects.toThrow('no stats');
  });
});

test('[D1] a diff of 3 places takes at most 24 bytes', async () => {
  const client = await open();
  await client.join(system.event);
  await client.next('snapshot');
  const sizes: number[] = [];
  client.socket.on('message', (data: Buffer) => sizes.push(data.length));
  system.store.change(1, [10, 11, 12]);
  await client.next('diff');
  expect(sizes[0]).toBeLessThanOrEqual(24);
});
