import { beforeEach, describe, expect, test } from 'vitest';
import { type FakeSocket, FakeWorld, settled } from '../testing/fake-world.ts';
import { CLOSES } from '../wire/close.ts';
import { type UserId, uuidv7 } from '../words/ids.ts';
import { SeatwireClient } from './client.ts';

let world: FakeWorld;
let client: SeatwireClient;
let socket: FakeSocket;
let quiet: boolean[];

beforeEach(async () => {
  world = new FakeWorld();
  world.luck = 0.999;
  const { WebSocket, random, after } = world;
  client = new SeatwireClient({ url: 'ws://test/ws', WebSocket, now: () => world.now(), random, after });
  quiet = [];
  client.on('quiet', (now) => quiet.push(now.quiet));
  client.start();
  socket = await world.welcome();
});

const answer = () => {
  const { clientTime } = socket.last('sync-time');
  socket.say({ type: 'time', clientTime, serverTime: world.serverTime });
};

describe('waking', () => {
  test('[CB25] waking asks at once, gives up after 3 s of silence, and comes back without a wait', async () => {
    const asked = socket.all('sync-time').length;
    client.checkNow();
    expect(socket.all('sync-time')).toHaveLength(asked + 1);
    await world.advance(2_990);
    expect(client.state).toBe('open');
    await world.advance(20);
    expect(socket.closedByClient).toBe(true);
    expect(world.sockets).toHaveLength(2);
  });

  test('[CB25] a line that answers is kept, and asking often does not put the end off', async () => {
    client.checkNow();
    await world.advance(1_000);
    answer();
    await world.advance(8_000);
    expect(client.state).toBe('open');
    for (let i = 0; i < 6; i++) {
      client.checkNow();
      await world.advance(501);
    }
    expect(world.sockets).toHaveLength(2);
  });

  test('[CB25] waking without a line tries at once, and the doubling begins anew', async () => {
    for (let i = 0; i < 6; i++) {
      socket.end(1006);
      await world.advance(16_000);
      socket = world.socket;
    }
    socket.end(1006);
    const before = world.sockets.length;
    client.checkNow();
    await settled();
    expect(world.sockets).toHaveLength(before + 1);
    world.socket.end(1006);
    await world.advance(500);
    expect(world.sockets).toHaveLength(before + 2);
  });

  test('[CB25] a try that hangs since before the sleep is given up, a young one is not', async () => {
    socket.end(1006);
    await world.advance(500);
    expect(world.sockets).toHaveLength(2);
    client.checkNow();
    await settled();
    expect(world.sockets).toHaveLength(2);
    await world.advance(4_000);
    client.checkNow();
    await world.advance(0);
    expect(world.sockets).toHaveLength(3);
  });

  test('[CB25] a draining server is not returned to before it said', async () => {
    socket.say({ type: 'reconnect', afterMs: 3_000 });
    socket.end(CLOSES.going_away.code);
    client.checkNow();
    await world.advance(2_000);
    expect(world.sockets).toHaveLength(1);
    await world.advance(1_010);
    expect(world.sockets).toHaveLength(2);
  });

  test('[CD4] a network said to be gone puts the line in doubt at once, until something is heard', async () => {
    client.checkNow(true);
    expect([client.quiet, quiet]).toEqual([true, [true]]);
    answer();
    expect([client.quiet, quiet]).toEqual([false, [true, false]]);
  });
});

describe('silence before somebody who looks', () => {
  test('[CB25] silence before a person who looks is asked about after half, told after the whole, and given up after twice as long', async () => {
    client.silenceMs = 3_000;
    answer();
    const asked = socket.all('sync-time').length;
    await world.advance(1_510);
    expect(socket.all('sync-time')).toHaveLength(asked + 1);
    expect(quiet).toEqual([]);
    await world.advance(1_500);
    expect(quiet).toEqual([true]);
    expect(client.state).toBe('open');
    await world.advance(3_000);
    expect(socket.closedByClient).toBe(true);
    expect(client.quiet).toBe(false);
  });

  test('[CB25] a line that answers is never in doubt, and one that is heard again is believed', async () => {
    client.silenceMs = 3_000;
    for (let s = 0; s < 30; s++) {
      await world.advance(1_000);
      answer();
    }
    expect(quiet).toEqual([]);
    await world.advance(4_000);
    answer();
    expect(quiet).toEqual([true, false]);
    await world.advance(2_000);
    expect(client.state).toBe('open');
  });

  test('[CB25] a hidden tab asks as seldom as the server pings', async () => {
    client.silenceMs = 3_000;
    client.silenceMs = null;
    answer();
    const asked = socket.all('sync-time').length;
    await world.advance(9_900);
    expect(socket.all('sync-time')).toHaveLength(asked);
    expect(quiet).toEqual([]);
  });
});

describe('a clock that jumps', () => {
  test("[CB22] the server's time is right at the first answer after a sleep in which our clock stood still", async () => {
    for (let i = 0; i < 6; i++) {
      client.checkNow();
      await world.advance(20);
      answer();
    }
    expect(Math.abs(client.serverNow() - world.serverTime)).toBeLessThanOrEqual(20);
    world.serverAhead += 3_600_000;
    client.checkNow();
    await world.advance(20);
    answer();
    expect(Math.abs(client.serverNow() - world.serverTime)).toBeLessThanOrEqual(20);
  });

  test('[CB22] a token that ended in such a sleep is renewed at the first answer', async () => {
    let minted = 0;
    const { WebSocket, now, random, after } = world;
    const token = async () => `jwt${++minted}`;
    const sleepy = new SeatwireClient({ url: 'ws://test/ws', WebSocket, now, random, after, token });
    sleepy.start();
    const user = uuidv7() as UserId;
    socket = await world.welcome({ user, role: 'customer', expiresAt: world.serverTime + 600_000 });
    world.serverAhead += 700_000;
    sleepy.checkNow();
    answer();
    await world.advance(1_010);
    expect(socket.last('authenticate').token).toBe('jwt2');
  });

  test("[CB22] a client without a clock of its own does not care when the machine's clock is set", async () => {
    const { WebSocket, random, after } = world;
    const real = new SeatwireClient({ url: 'ws://test/ws', WebSocket, random, after });
    const { now } = Date;
    try {
      const before = real.serverNow();
      Date.now = () => now() + 3_600_000;
      expect(real.serverNow() - before).toBeLessThan(60_000);
    } finally {
      Date.now = now;
    }
  });
});
