import { beforeEach, describe, expect, test } from 'vitest';
import { type FakeSocket, FakeWorld, settled } from '../testing/fake-world.ts';
import { type EventId, type HoldId, type OpId, randomToken, type UserId, uuidv7 } from '../words/ids.ts';
import { SeatwireClient } from './client.ts';
import type { Late } from './commands.ts';

const event = uuidv7() as EventId;
const [ann, bob] = [uuidv7() as UserId, uuidv7() as UserId];

let world: FakeWorld;
let client: SeatwireClient;
let socket: FakeSocket;
let token: string | null;

beforeEach(async () => {
  world = new FakeWorld();
  token = null;
  const { WebSocket, now, random, after } = world;
  client = new SeatwireClient({
    url: 'ws://test/ws',
    WebSocket,
    now,
    random,
    after,
    token: async () => token,
  });
  client.start();
  socket = await world.welcome();
});

const signedIn = (user: UserId) => ({
  user,
  role: 'customer' as const,
  expiresAt: world.serverTime + 600_000,
});
const authenticated = (user: UserId) =>
  socket.say({ type: 'authenticated', op: socket.last('authenticate').op, ...signedIn(user) });
const held = (op: OpId, places = [1]) =>
  socket.say({
    type: 'held',
    op,
    event,
    hold: randomToken() as HoldId,
    fence: 1,
    places,
    prices: places.map(() => 100),
    amount: 100 * places.length,
    currency: 'EUR',
    expiresAt: world.serverTime + 60_000,
  });
const order = () => socket.heard.map(({ type }) => type).filter((type) => type !== 'sync-time');

describe('commands and who gives them', () => {
  test('[C8] [CB1] commands given while a sign-in is unanswered are sent after it, in order', async () => {
    void client.authenticate('jwt');
    void client.mine(event);
    const holding = client.hold(event, [1]);
    expect(order()).toEqual(['hello', 'authenticate']);
    authenticated(ann);
    expect(order()).toEqual(['hello', 'authenticate', 'mine', 'hold']);
    held(socket.last('hold').op);
    expect((await holding).ok).toBe(true);
  });

  test('[C8] [CB1] commands given behind a sign-in keep their order when it is refused, or never answered', async () => {
    void client.authenticate('bad');
    const first = client.mine(event);
    const { op } = socket.last('authenticate');
    socket.say({ type: 'rejected', op, code: 'bad_token', places: null, message: 'No.' });
    expect(order()).toEqual(['hello', 'authenticate', 'mine']);
    socket.say({ type: 'mine', op: socket.last('mine').op, event, holds: [], orders: [] });
    await first;
    void client.authenticate('lost');
    // The answer to nothing else is late: time passes, the line lives.
    await world.advance(5_000);
    void client.mine(event);
    for (let s = 0; s < 10; s++) {
      await world.advance(1_000);
      socket.say({ type: 'time', clientTime: world.now(), serverTime: world.serverTime });
    }
    expect(socket.all('mine')).toHaveLength(2);
  });

  test('[C8] [CB1] a sign-in that is given a second time is waited for too', async () => {
    void client.authenticate('jwt1');
    const { op } = socket.last('authenticate');
    void client.authenticate('jwt2');
    void client.hold(event, [1]);
    socket.say({ type: 'authenticated', op, ...signedIn(ann) });
    expect(socket.all('hold')).toHaveLength(0);
    authenticated(ann);
    expect(socket.all('hold')).toHaveLength(1);
  });

  test('[C8] [CB1] after a lost line the sign-in goes first again, and each command once', async () => {
    void client.authenticate('jwt');
    void client.hold(event, [1]);
    socket.end(1006);
    await world.advance(500);
    socket = await world.welcome();
    expect(order()).toEqual(['hello', 'authenticate']);
    authenticated(ann);
    expect(order()).toEqual(['hello', 'authenticate', 'hold']);
  });

  test('[CB2] a command of a user from before the line was lost is not sent by a session without a user', async () => {
    void client.authenticate('jwt');
    authenticated(ann);
    const paying = client.pay(event, randomToken() as HoldId, 'tok_ok');
    socket.end(1006);
    await world.advance(500);
    // The one who knows the token does not answer, so the next session begins without.
    socket = await world.welcome();
    expect(order()).not.toContain('pay');
    void client.authenticate('jwt');
    authenticated(ann);
    const { op, hold } = socket.last('pay');
    socket.say({ type: 'accepted', op, event, hold, order: uuidv7() as never });
    expect((await paying).ok).toBe(true);
  });

  test("[CB2] one can wait for the session to be a user's, and is told if it does not become so", async () => {
    const waiting = client.authenticated(ann, 10_000);
    const inVain = client.authenticated(bob, 10_000);
    void client.authenticate('jwt');
    await settled();
    expect(client.identity?.user).toBeNull();
    authenticated(ann);
    expect(await waiting).toBe(true);
    expect(client.identity?.user).toBe(ann);
    expect(await client.authenticated(ann)).toBe(true);
    const before = world.timers;
    await world.advance(10_000);
    expect(await inVain).toBe(false);
    expect(world.timers).toBeLessThan(before);
    socket.end(1006);
    expect(client.identity).toBeNull();
  });

  test("[CB13] the answer to a former user's command is not given to the next user", async () => {
    void client.authenticate('jwt-ann');
    authenticated(ann);
    const holding = client.hold(event, [1]);
    const { op } = socket.last('hold');
    void client.authenticate('jwt-bob');
    const next = client.mine(event);
    authenticated(bob);
    expect(await holding).toMatchObject({ ok: false, code: 'unauthenticated' });
    const late: Late[] = [];
    client.on('late', (one) => late.push(one));
    held(op);
    expect(late).toEqual([]);
    expect(await client.again(op)).toMatchObject({ ok: false, code: 'bad_request' });
    socket.say({ type: 'mine', op: socket.last('mine').op, event, holds: [], orders: [] });
    expect((await next).ok).toBe(true);
  });

  test('[CB13] a sign-out ends the session at once: the next is anonymous, keeps the rooms, and gets none of what was asked', async () => {
    void client.authenticate('jwt-ann');
    authenticated(ann);
    const notices: string[] = [];
    client.on('hold-ended', ({ hold }) => notices.push(hold));
    void client.join(event);
    const holding = client.hold(event, [1]);
    const former = socket;
    client.startOver();
    expect(await holding).toMatchObject({ ok: false, code: 'unauthenticated' });
    expect(former.closedByClient).toBe(true);
    former.say({ type: 'hold-ended', event, hold: randomToken() as HoldId, reason: 'released' });
    expect(notices).toEqual([]);
    await world.advance(0);
    socket = await world.welcome();
    expect(order()).toEqual(['hello', 'join']);
    expect(socket.last('hello').token).toBeNull();
    expect(client.identity?.user).toBeNull();
  });

  test('[CB13] starting over while a back-off waits, or before the start, is no dead end', async () => {
    socket.end(1006);
    client.startOver();
    await settled();
    expect(world.sockets).toHaveLength(2);
    socket = await world.welcome();
    client.stop();
    client.startOver();
    expect(client.state).toBe('stopped');
    client.start();
    await world.welcome();
    expect(client.state).toBe('open');
  });

  test('[CB24] a token that the server says has ended is not offered again, whatever our clock says', async () => {
    const asked: (string | null)[] = [];
    const { WebSocket, now, random, after } = world;
    const sleepy = new SeatwireClient({
      url: 'ws://test/ws',
      WebSocket,
      now,
      random,
      after,
      token: async (refused) => {
        asked.push(refused);
        return refused === null ? 'old' : 'new';
      },
    });
    sleepy.start();
    socket = await world.welcome(signedIn(ann));
    void sleepy.hold(event, [1]);
    const { op } = socket.last('hold');
    socket.say({ type: 'rejected', op, code: 'token_expired', places: null, message: 'Ended.' });
    await settled();
    expect(asked).toEqual([null, 'old']);
    authenticated(ann);
    await settled();
    expect(socket.all('hold').map((hold) => hold.op)).toEqual([op, op]);
  });
});

describe('late answers', () => {
  const answerClocks = async (seconds: number) => {
    for (let s = 0; s < seconds; s++) {
      await world.advance(1_000);
      socket.say({ type: 'time', clientTime: world.now(), serverTime: world.serverTime });
    }
  };

  test('[CD4] a hold that comes after its deadline is told as late, once', async () => {
    const late: Late[] = [];
    client.on('late', (one) => late.push(one));
    const holding = client.hold(event, [4, 5]);
    const { op } = socket.last('hold');
    await answerClocks(15);
    expect(await holding).toMatchObject({ ok: false, code: 'unavailable', op });
    held(op, [4, 5]);
    held(op, [4, 5]);
    expect(late).toHaveLength(1);
    expect(late[0]).toMatchObject({
      command: { type: 'hold', op, places: [4, 5] },
      answer: { ok: true, type: 'held', places: [4, 5] },
    });
  });

  test('[CD4] an unknown outcome is asked for again under its op', async () => {
    const holding = client.hold(event, [4]);
    const { op } = socket.last('hold');
    socket.say({ type: 'rejected', op, code: 'unavailable', places: null, message: 'Busy.' });
    expect(await holding).toMatchObject({ ok: false, code: 'unavailable' });
    const again = client.again(op);
    expect(socket.all('hold').map((hold) => hold.op)).toEqual([op, op]);
    held(op, [4]);
    expect(await again).toMatchObject({ ok: true, type: 'held' });
    expect(await client.again(op)).toMatchObject({ ok: false, code: 'bad_request' });
  });

  test("[CD4] a late sign-in counts: the session is that user's", async () => {
    const signing = client.authenticate('jwt');
    await answerClocks(15);
    expect((await signing).ok).toBe(false);
    authenticated(ann);
    expect(client.identity?.user).toBe(ann);
  });

  test('[CD4] the number of late answers remembered is bounded', async () => {
    const ops: OpId[] = [];
    for (let i = 0; i < 65; i++) {
      const holding = client.hold(event, [i]);
      const { op } = socket.last('hold');
      ops.push(op);
      socket.say({ type: 'rejected', op, code: 'unavailable', places: null, message: 'Busy.' });
      await holding;
    }
    expect(await client.again(ops[0]!)).toMatchObject({ code: 'bad_request' });
    void client.again(ops[1]!);
    expect(socket.last('hold').op).toBe(ops[1]);
  });
});
