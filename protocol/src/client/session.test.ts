import { describe, expect, test } from 'vitest';
import { FakeWorld, settled } from '../testing/fake-world.ts';
import { CLOSES } from '../wire/close.ts';
import { SeatwireClient } from './client.ts';
import type { SeatwireClientOptions } from './options.ts';
import { SESSION_EVENTS, SESSION_STATES, SESSION_TABLE, type SessionState } from './session-state.ts';

function client(world: FakeWorld, options: Partial<SeatwireClientOptions> = {}) {
  const made = new SeatwireClient({
    url: 'ws://test/ws',
    WebSocket: world.WebSocket,
    now: world.now,
    random: world.random,
    after: world.after,
    ...options,
  });
  const states: SessionState[] = [];
  made.on('state', ({ state }) => states.push(state));
  return { client: made, states };
}

/** How long, in ms, until another socket is opened. */
async function untilNextSocket(world: FakeWorld): Promise<number> {
  const before = world.sockets.length;
  const start = world.now();
  while (world.sockets.length === before) await world.advance(10);
  return world.now() - start;
}

describe('the table', () => {
  test('every state answers every event, and only start leads out of stopped', () => {
    for (const state of SESSION_STATES) {
      for (const event of SESSION_EVENTS) expect(SESSION_STATES).toContain(SESSION_TABLE[state][event]);
    }
    expect(SESSION_EVENTS.filter((event) => SESSION_TABLE.stopped[event] !== 'stopped')).toEqual(['start']);
  });
});

describe('handshake', () => {
  test('[H1] the handshake asks for the subprotocol, says hello first, and is open after welcome', async () => {
    const world = new FakeWorld();
    const { client: c, states } = client(world, { token: async () => 'jwt', name: 'tester' });
    c.start();
    await world.welcome({ role: 'customer' });
    expect(world.socket.url).toBe('ws://test/ws');
    expect(world.socket.protocols).toBe('seatwire.v1.msgpack');
    expect(world.socket.binaryType).toBe('arraybuffer');
    expect(world.socket.heard[0]).toEqual({ type: 'hello', protocol: 1, token: 'jwt', client: 'tester' });
    expect(states).toEqual(['connecting', 'greeting', 'open']);
  });

  test('a server that does not welcome in 10 s is left', async () => {
    const world = new FakeWorld();
    const { client: c, states } = client(world);
    c.start();
    await settled();
    world.socket.accept();
    await world.advance(10_000);
    expect(states).toEqual(['connecting', 'greeting', 'waiting']);
    expect(world.socket.closedByClient).toBe(true);
  });

  test('bytes that are no message end the session, not the client', async () => {
    const world = new FakeWorld();
    const { client: c, states } = client(world);
    c.start();
    const socket = await world.welcome();
    socket.sayBytes(Uint8Array.of(0xc1));
    expect(states.at(-1)).toBe('waiting');
    expect(socket.closedByClient).toBe(true);
  });

  test('frames from an abandoned socket are not heard', async () => {
    const world = new FakeWorld();
    const { client: c, states } = client(world);
    c.start();
    const first = await world.welcome();
    first.end(1006);
    await untilNextSocket(world);
    await world.welcome();
    first.end(CLOSES.bad_message.code);
    first.say({ type: 'reconnect', afterMs: 0 });
    await world.advance(0);
    expect(states.at(-1)).toBe('open');
  });
});

describe('coming back', () => {
  test('[F1] a client that comes back waits anywhere from 0 to a ceiling that doubles from 0.5 s to 15 s', async () => {
    for (const luck of [0, 0.5, 0.999]) {
      const world = new FakeWorld();
      world.luck = luck;
      const { client: c } = client(world);
      c.start();
      await settled();
      for (const ceiling of [500, 1000, 2000, 4000, 8000, 15_000, 15_000]) {
        world.socket.end(1006);
        const waited = await untilNextSocket(world);
        expect(waited).toBeGreaterThanOrEqual(luck * ceiling);
        expect(waited).toBeLessThanOrEqual(luck * ceiling + 10);
      }
    }
  });

  test('a session that lasted starts the doubling anew, one thrown out at once does not', async () => {
    const world = new FakeWorld();
    world.luck = 0.999;
    const { client: c } = client(world);
    c.start();
    for (const ceiling of [500, 1000, 2000]) {
      (await world.welcome()).end(CLOSES.overloaded.code);
      expect(await untilNextSocket(world)).toBeGreaterThan(ceiling * 0.9);
    }
    const socket = await world.welcome();
    await world.advance(5_000);
    socket.end(1006);
    expect(await untilNextSocket(world)).toBeLessThanOrEqual(510);
  });

  test.each(Object.entries(CLOSES).filter(([, { code }]) => code >= 4500 && code !== CLOSES.bad_token.code))(
    '[F1] does not come back after %s',
    async (reason, { code }) => {
      const world = new FakeWorld();
      const { client: c } = client(world, { token: async () => 'jwt' });
      c.start();
      (await world.welcome()).end(code);
      await world.advance(120_000);
      expect(c.state).toBe('stopped');
      expect(c.lastClose).toEqual({ code, reason });
      expect(world.sockets).toHaveLength(1);
      expect(world.timers).toBe(0);
    },
  );

  test('[F5] a draining server is left when it said, and returned to then, not by back-off', async () => {
    const world = new FakeWorld();
    world.luck = 0.999;
    const { client: c } = client(world);
    c.start();
    const socket = await world.welcome();
    socket.say({ type: 'reconnect', afterMs: 3_000 });
    await world.advance(1_000);
    expect(c.state).toBe('open');
    socket.end(CLOSES.going_away.code);
    expect(await untilNextSocket(world)).toBe(2_000);
  });

  test('[F5] a draining server that forgets to close is left all the same', async () => {
    const world = new FakeWorld();
    const { client: c } = client(world);
    c.start();
    const socket = await world.welcome();
    socket.say({ type: 'reconnect', afterMs: 3_000 });
    await world.advance(3_010);
    expect(socket.closedByClient).toBe(true);
    expect(world.sockets).toHaveLength(2);
  });

  test('[H5] silence is asked about after one heartbeat, and given up after two', async () => {
    const world = new FakeWorld();
    const { client: c } = client(world);
    c.start();
    const socket = await world.welcome({ heartbeatMs: 10_000 });
    const asked = socket.all('sync-time').length;
    await world.advance(9_000);
    expect(socket.all('sync-time')).toHaveLength(asked);
    await world.advance(2_000);
    expect(socket.all('sync-time')).toHaveLength(asked + 1);
    socket.say({ type: 'time', clientTime: world.now(), serverTime: world.serverTime });
    await world.advance(12_000);
    expect(c.state).toBe('open');
    await world.advance(10_000);
    expect(socket.closedByClient).toBe(true);
    expect(c.lastClose?.reason).toBe('network');
  });

  test('stop ends everything, and start begins again', async () => {
    const world = new FakeWorld();
    const { client: c } = client(world);
    c.start();
    const socket = await world.welcome();
    c.stop();
    expect(socket.closedByClient).toBe(true);
    expect(c.lastClose).toBeNull();
    expect(world.timers).toBe(0);
    await world.advance(60_000);
    expect(world.sockets).toHaveLength(1);
    c.start();
    await world.welcome();
    expect(c.state).toBe('open');
  });
});

describe('tokens', () => {
  test('[A3] a new token is authenticated in band 30 s before the old one ends', async () => {
    const world = new FakeWorld();
    world.serverAhead = 3_600_000;
    let minted = 0;
    const { client: c } = client(world, { token: async () => `jwt${++minted}` });
    c.start();
    const socket = await world.welcome({ role: 'customer', expiresAt: world.serverTime + 600_000 });
    await quietly(world, 569_000);
    expect(socket.all('authenticate')).toHaveLength(0);
    await quietly(world, 2_000);
    expect(socket.last('authenticate').token).toBe('jwt2');
    const { op } = socket.last('authenticate');
    const user = '01890000-0000-7000-8000-000000000000' as never;
    socket.say({ type: 'authenticated', op, user, role: 'customer', expiresAt: world.serverTime + 600_000 });
    await quietly(world, 571_000);
    expect(socket.last('authenticate').token).toBe('jwt3');
    expect(world.sockets).toHaveLength(1);
  });

  test('[A3] a provider that has no newer token yet is asked again until the old one ends', async () => {
    const world = new FakeWorld();
    let calls = 0;
    const { client: c } = client(world, { token: async () => (++calls < 4 ? 'jwt1' : 'jwt2') });
    c.start();
    const socket = await world.welcome({ role: 'customer', expiresAt: world.serverTime + 60_000 });
    await quietly(world, 39_000);
    expect([calls, socket.all('authenticate').length]).toEqual([3, 0]);
    await quietly(world, 3_000);
    expect(socket.last('authenticate').token).toBe('jwt2');
  });

  test('[A3] a provider that never has one is not asked for ever', async () => {
    const world = new FakeWorld();
    let calls = 0;
    const token = async () => {
      calls++;
      return 'jwt1';
    };
    const { client: c } = client(world, { token });
    c.start();
    await world.welcome({ role: 'customer', expiresAt: world.serverTime + 60_000 });
    await quietly(world, 600_000);
    expect(calls).toBeLessThanOrEqual(8);
    expect(c.state).toBe('open');
  });

  test('[A2] a refused token is not said twice: the provider is asked for another', async () => {
    const world = new FakeWorld();
    const asked: (string | null)[] = [];
    const { client: c } = client(world, {
      token: async (refused) => {
        asked.push(refused);
        return refused === null ? 'old' : 'new';
      },
    });
    c.start();
    await settled();
    world.socket.accept();
    world.socket.end(CLOSES.bad_token.code);
    await untilNextSocket(world);
    await world.welcome();
    expect(asked).toEqual([null, 'old']);
    expect(world.socket.last('hello').token).toBe('new');
    expect(c.state).toBe('open');
  });

  test('[A2] the client stops when it can get no other token', async () => {
    const world = new FakeWorld();
    const { client: c } = client(world, { token: async () => 'old' });
    c.start();
    await settled();
    world.socket.accept();
    world.socket.end(CLOSES.bad_token.code);
    await world.advance(60_000);
    expect(c.state).toBe('stopped');
    expect(c.lastClose?.reason).toBe('bad_token');
    expect(world.sockets).toHaveLength(1);
  });

  test('a provider that fails or hangs is asked again later', async () => {
    const world = new FakeWorld();
    let calls = 0;
    const { client: c } = client(world, {
      token: () => {
        calls++;
        if (calls === 1) return Promise.reject(new Error('offline'));
        return calls === 2 ? new Promise(() => {}) : Promise.resolve('jwt');
      },
    });
    c.start();
    await world.advance(12_000);
    await world.welcome();
    expect(calls).toBe(3);
    expect(c.state).toBe('open');
  });
});

describe('the clock', () => {
  test("[H6] the client's clock takes the median of a few round trips, so one slow trip does not move it", async () => {
    const world = new FakeWorld();
    world.serverAhead = -7_200_000;
    const { client: c } = client(world);
    c.start();
    const socket = await world.welcome();
    for (const delay of [20, 3_000]) {
      const { clientTime } = socket.last('sync-time');
      await world.advance(delay);
      socket.say({ type: 'time', clientTime, serverTime: world.serverTime });
    }
    expect(Math.abs(c.serverNow() - world.serverTime)).toBeLessThanOrEqual(20);
    expect(socket.all('sync-time')).toHaveLength(2);
  });
});

/** Lets time pass with a server that answers probes. */
async function quietly(world: FakeWorld, ms: number): Promise<void> {
  for (let passed = 0; passed < ms; passed += 1_000) {
    await world.advance(1_000);
    world.socket.say({ type: 'time', clientTime: world.now(), serverTime: world.serverTime });
  }
}
