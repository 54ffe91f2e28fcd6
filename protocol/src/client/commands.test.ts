import { beforeEach, describe, expect, test } from 'vitest';
import type { DownOf } from '../messages/down.ts';
import { type FakeSocket, FakeWorld, settled } from '../testing/fake-world.ts';
import { CLOSES } from '../wire/close.ts';
import {
  type EventId,
  type HoldId,
  type OpId,
  type OrderId,
  randomToken,
  type UserId,
  uuidv7,
} from '../words/ids.ts';
import { SeatwireClient } from './client.ts';

const event = uuidv7() as EventId;
const hold = randomToken() as HoldId;
const order = uuidv7() as OrderId;
const user = uuidv7() as UserId;

let world: FakeWorld;
let client: SeatwireClient;
let socket: FakeSocket;
let tokens: (string | null)[];

beforeEach(async () => {
  world = new FakeWorld();
  tokens = ['jwt1'];
  const { WebSocket, now, random, after } = world;
  const token = async () => (tokens.length > 1 ? tokens.shift()! : tokens[0]!);
  client = new SeatwireClient({ url: 'ws://test/ws', WebSocket, now, random, after, token });
  client.start();
  socket = await world.welcome({ user, role: 'customer' });
});

const held = (op: OpId): DownOf<'held'> => ({
  type: 'held',
  op,
  event,
  hold,
  fence: 1,
  places: [1, 2],
  prices: [100, 100],
  amount: 200,
  currency: 'EUR',
  expiresAt: world.serverTime + 60_000,
});
const rejected = (op: OpId, code: DownOf<'rejected'>['code']): DownOf<'rejected'> => ({
  type: 'rejected',
  op,
  code,
  places: [2],
  message: 'No.',
});

async function reconnect(): Promise<void> {
  socket.end(1006);
  await world.advance(500);
  socket = await world.welcome({ user, role: 'customer' });
}

describe('outcomes', () => {
  test('[C1] each command is answered by its own kind, as a value', async () => {
    const { serverTime } = world;
    const common = { event, hold };
    const holding = client.hold(event, [1, 2]);
    socket.say(held(socket.last('hold').op));
    expect(await holding).toMatchObject({ ok: true, hold, amount: 200 });
    const best = client.holdBest(event, { count: 2, area: '101' });
    expect(socket.last('hold-best')).toMatchObject({ count: 2, area: '101', category: null, together: true });
    socket.say(held(socket.last('hold-best').op));
    expect((await best).ok).toBe(true);
    const extending = client.extend(event, hold);
    socket.say({ type: 'extended', op: socket.last('extend').op, ...common, expiresAt: serverTime });
    expect(await extending).toMatchObject({ ok: true, expiresAt: serverTime });
    const checking = client.checkout(event, hold);
    const { op } = socket.last('checkout');
    socket.say({
      type: 'checked-out',
      op,
      ...common,
      order,
      amount: 200,
      currency: 'EUR',
      expiresAt: serverTime,
    });
    expect(await checking).toMatchObject({ ok: true, order });
    const paying = client.pay(event, hold, 'card_ok');
    socket.say({ type: 'accepted', op: socket.last('pay').op, ...common, order });
    expect(await paying).toMatchObject({ ok: true, order });
    const releasing = client.release(event, hold);
    socket.say({ type: 'released', op: socket.last('release').op, ...common });
    expect((await releasing).ok).toBe(true);
    const mine = client.mine(event);
    socket.say({ type: 'mine', op: socket.last('mine').op, event, holds: [], orders: [] });
    expect(await mine).toMatchObject({ ok: true, holds: [], orders: [] });
  });

  test('[C2] a refusal says why, which places, and whether to try again', async () => {
    const holding = client.hold(event, [1, 2]);
    const { op } = socket.last('hold');
    socket.say(rejected(op, 'place_taken'));
    expect(await holding).toEqual({
      ok: false,
      op,
      code: 'place_taken',
      retryable: false,
      places: [2],
      message: 'No.',
    });
  });

  test('[C2] answers may come in any order', async () => {
    const [first, second] = [client.hold(event, [1]), client.hold(event, [2])];
    const [a, b] = socket.all('hold');
    socket.say(held(b!.op));
    socket.say(rejected(a!.op, 'place_taken'));
    expect((await first).ok).toBe(false);
    expect((await second).ok).toBe(true);
  });

  test('a command that would break the protocol is refused by the client itself', async () => {
    expect(await client.hold(event, [])).toMatchObject({ ok: false, code: 'bad_request' });
    expect(await client.hold(event, [1.5])).toMatchObject({ ok: false, code: 'bad_request' });
    expect(socket.all('hold')).toHaveLength(0);
  });
});

describe('lost sessions', () => {
  test('[C3] after a lost session unanswered commands are sent again under their op, in order, and answered ones are not', async () => {
    const answered = client.hold(event, [1]);
    socket.say(held(socket.last('hold').op));
    await answered;
    const holding = client.hold(event, [2]);
    const paying = client.pay(event, hold, 'card_ok');
    const ops = [socket.last('hold').op, socket.last('pay').op];
    await reconnect();
    const again = socket.heard.filter((m) => m.type === 'hold' || m.type === 'pay');
    expect(again.map((m) => m.op)).toEqual(ops);
    socket.say(held(ops[0]!));
    socket.say({ type: 'accepted', op: ops[1]!, event, hold, order });
    expect([(await holding).ok, (await paying).ok]).toEqual([true, true]);
  });

  test('[C3] a command given while there is no session is sent once, when there is one', async () => {
    socket.end(1006);
    const holding = client.hold(event, [1]);
    await world.advance(500);
    socket = await world.welcome({ user, role: 'customer' });
    expect(socket.all('hold')).toHaveLength(1);
    socket.say(held(socket.last('hold').op));
    expect((await holding).ok).toBe(true);
  });

  test('[C3] a command given by a listener of the welcome is sent once', async () => {
    client.on('identity', () => void client.mine(event));
    client.on('state', ({ state }) => {
      if (state === 'open') void client.hold(event, [1]);
    });
    await reconnect();
    expect(socket.all('mine')).toHaveLength(1);
    expect(socket.all('hold')).toHaveLength(1);
  });

  test('[F5] a command that a draining server did not take is given to the next, under the same op', async () => {
    const [begun, refused] = [client.hold(event, [1]), client.hold(event, [2])];
    const [a, b] = socket.all('hold').map((message) => message.op);
    socket.say({ type: 'reconnect', afterMs: 1_000 });
    socket.say(rejected(b!, 'unavailable'));
    socket.say(held(a!));
    const late = client.hold(event, [3]);
    expect(socket.all('hold')).toHaveLength(2);
    expect((await begun).ok).toBe(true);
    socket.end(CLOSES.going_away.code);
    await world.advance(1_000);
    socket = await world.welcome({ user, role: 'customer' });
    expect(socket.all('hold').map(({ places }) => places)).toEqual([[2], [3]]);
    expect(socket.all('hold')[0]!.op).toBe(b);
    for (const { op } of socket.all('hold')) socket.say(held(op));
    expect([(await refused).ok, (await late).ok]).toEqual([true, true]);
  });

  test('[C4] a deadline means unknown: the refusal names the op, under which it may be asked again', async () => {
    const holding = client.hold(event, [1]);
    const { op } = socket.last('hold');
    await world.advance(9_000);
    socket.say({ type: 'time', clientTime: world.now(), serverTime: world.serverTime });
    await world.advance(6_000);
    expect(await holding).toMatchObject({ ok: false, code: 'unavailable', op, retryable: true });
    socket.say(held(op));
    const asked = client.hold(event, [1], { op });
    expect(socket.last('hold').op).toBe(op);
    socket.say(held(op));
    expect((await asked).ok).toBe(true);
  });

  test('[C4] stopping settles all that waits, and keeps no timer', async () => {
    const waiting = [client.hold(event, [1]), client.join(event), client.watch(event)];
    client.stop();
    for (const result of await Promise.all(waiting))
      expect(result).toMatchObject({ ok: false, code: 'unavailable' });
    expect(await client.hold(event, [1])).toMatchObject({ ok: false, code: 'unavailable' });
    expect(world.timers).toBe(0);
  });

  test('[C4] a session ended for good settles all that waits', async () => {
    const waiting = client.hold(event, [1]);
    socket.end(CLOSES.logged_out.code);
    expect(await waiting).toMatchObject({ ok: false, code: 'unavailable' });
    expect(world.timers).toBe(0);
  });

  test('[L5] at most 64 commands wait; the next is refused at once', async () => {
    const waiting = Array.from({ length: 64 }, (_, i) => client.hold(event, [i]));
    expect(await client.hold(event, [64])).toMatchObject({ ok: false, code: 'overloaded' });
    client.stop();
    await Promise.all(waiting);
  });

  test('answered commands leave nothing behind', async () => {
    const before = world.timers;
    for (let i = 0; i < 200; i++) {
      const holding = client.hold(event, [i]);
      socket.say(i % 2 ? held(socket.last('hold').op) : rejected(socket.last('hold').op, 'place_taken'));
      await holding;
    }
    expect(world.timers).toBe(before);
  });
});

describe('an expired token', () => {
  test('[A4] an expired token is renewed, and the command sent again under its op', async () => {
    tokens = ['jwt2'];
    const holding = client.hold(event, [1]);
    const { op } = socket.last('hold');
    socket.say(rejected(op, 'token_expired'));
    await settled();
    expect(socket.last('authenticate').token).toBe('jwt2');
    expect(socket.all('hold')).toHaveLength(1);
    const renewal = socket.last('authenticate').op;
    socket.say({
      type: 'authenticated',
      op: renewal,
      user,
      role: 'customer',
      expiresAt: world.serverTime + 6e5,
    });
    await settled();
    expect(socket.all('hold').map((message) => message.op)).toEqual([op, op]);
    socket.say(held(op));
    expect((await holding).ok).toBe(true);
  });

  test('[A4] many commands refused together share one renewal', async () => {
    tokens = ['jwt2'];
    const holding = [client.hold(event, [1]), client.hold(event, [2])];
    for (const { op } of socket.all('hold')) socket.say(rejected(op, 'token_expired'));
    await settled();
    expect(socket.all('authenticate')).toHaveLength(1);
    client.stop();
    await Promise.all(holding);
  });

  test('[A4] the caller is told when there is no other, or when it does not help', async () => {
    const first = client.hold(event, [1]);
    socket.say(rejected(socket.last('hold').op, 'token_expired'));
    expect(await first).toMatchObject({ ok: false, code: 'token_expired' });
    tokens = ['jwt2'];
    const second = client.hold(event, [2]);
    const { op } = socket.last('hold');
    socket.say(rejected(op, 'token_expired'));
    await settled();
    const renewal = socket.last('authenticate').op;
    socket.say({
      type: 'authenticated',
      op: renewal,
      user,
      role: 'customer',
      expiresAt: world.serverTime + 6e5,
    });
    await settled();
    socket.say(rejected(op, 'token_expired'));
    expect(await second).toMatchObject({ ok: false, code: 'token_expired' });
  });
});

describe('notices and the monitor', () => {
  test('[N1] private notices are heard', async () => {
    const heard: string[] = [];
    client.on('order', (m) => heard.push(`${m.order} ${m.status}`));
    client.on('hold-ending', () => heard.push('ending'));
    const off = client.on('hold-ended', (m) => heard.push(m.reason));
    socket.say({ type: 'order', event, order, status: 'confirmed', places: [1], reason: null });
    socket.say({ type: 'hold-ending', event, hold, expiresAt: world.serverTime });
    socket.say({ type: 'hold-ended', event, hold, reason: 'expired' });
    off();
    socket.say({ type: 'hold-ended', event, hold, reason: 'rebuilt' });
    expect(heard).toEqual([`${order} confirmed`, 'ending', 'expired']);
  });

  test('[C6] a watch is answered under its op, and by no stats of a stream that was begun before', async () => {
    const watching = client.watch(event);
    let answered = false;
    void watching.then(() => {
      answered = true;
    });
    const numbers = { viewers: 1, free: 1, held: 0, sold: 0, blocked: 0, revenue: 0, currency: 'EUR' };
    const rates = { holdsPerSecond: 0, salesPerSecond: 0 };
    socket.say({ type: 'stats', event, at: world.serverTime, ...numbers, ...rates });
    await settled();
    expect(answered).toBe(false);
    const { op } = socket.last('watch');
    socket.say({ type: 'watching', op, event });
    expect(await watching).toMatchObject({ ok: true, type: 'watching', op, event });
  });

  test('[N2] a monitor stream is asked for again on the next session, until unwatch', async () => {
    const watching = client.watch(event);
    const numbers = {
      viewers: 1,
      free: 1,
      held: 0,
      sold: 0,
      blocked: 0,
      holdsPerSecond: 0.5,
      salesPerSecond: 0,
      revenue: 0,
    };
    const heard: number[] = [];
    client.on('stats', ({ free }) => heard.push(free));
    socket.say({ type: 'watching', op: socket.last('watch').op, event });
    socket.say({ type: 'stats', event, at: world.serverTime, currency: 'EUR', ...numbers });
    expect((await watching).ok).toBe(true);
    expect(heard).toEqual([1]);
    await reconnect();
    expect(socket.all('watch')).toHaveLength(1);
    const again = client.watch(event);
    client.unwatch(event);
    expect((await again).ok).toBe(false);
    await reconnect();
    expect(socket.all('watch')).toHaveLength(0);
  });
});
