import type { EventId, User, UserId } from '@seatwire/protocol';
import { SeatwireClient } from '@seatwire/protocol/client';
import { type FakeSocket, FakeWorld, settled } from '@seatwire/protocol/testing';
import { beforeEach, expect, test } from 'vitest';
import type { Account } from './account-keeper.ts';
import { followAccount, sessionReady, sessionUser } from './session-user.ts';
import { store } from './store.ts';

const event = '01980000-0000-7000-8000-0000000000e1' as EventId;
const person = (n: number): User => ({
  id: `01980000-0000-7000-8000-00000000000${n}` as UserId,
  email: `${n}@test.test`,
  name: `Buyer ${n}`,
  role: 'customer',
});
const [ann, bob] = [person(1), person(2)];

let world: FakeWorld;
let client: SeatwireClient;
let socket: FakeSocket;
const account = store<Account>({ kind: 'unknown' });
const tokens = store(0);
let token: string | null;

beforeEach(async () => {
  world = new FakeWorld();
  account.set({ kind: 'anonymous' });
  token = null;
  const accessToken = async () => token;
  const { WebSocket, now, random, after } = world;
  client = new SeatwireClient({ url: 'ws://test/ws', WebSocket, now, random, after, token: accessToken });
  followAccount(client, { account, tokens, tokenAtHand: () => token, accessToken });
  client.start();
  socket = await world.welcome();
});

function become(user: User | null): void {
  token = user && `token of ${user.id}`;
  account.set(user ? { kind: 'signed-in', user } : { kind: 'anonymous' });
}
const fields = (user: User) => ({
  user: user.id,
  role: user.role,
  expiresAt: world.serverTime + 600_000,
});
const authenticated = (user: User) =>
  socket.say({ type: 'authenticated', op: socket.last('authenticate').op, ...fields(user) });

test("[CD1] who waits for a sign-in waits for the connection's: nothing commanded in between overtakes it", async () => {
  const ready = sessionReady(account, 10_000);
  // There is nobody to be yet.
  expect(await ready).toBe('anonymous');
  become(ann);
  void client.mine(event);
  expect(socket.heard.map(({ type }) => type).filter((t) => t !== 'sync-time')).toEqual([
    'hello',
    'authenticate',
  ]);
  expect(sessionUser.get()).toBeNull();
  const waiting = sessionReady(account, 10_000);
  authenticated(ann);
  expect(await waiting).toBe('ready');
  expect(sessionUser.get()).toBe(ann.id);
  expect(socket.heard.at(-1)!.type).toBe('mine');
});

test("[CD1] a connection that does not become the user's is said to be late, and ready when it is back", async () => {
  become(ann);
  expect(await sessionReady(account, 5)).toBe('late');
  authenticated(ann);
  expect(await sessionReady(account, 5)).toBe('ready');
  socket.end(1006);
  expect(sessionUser.get()).toBeNull();
});

test('[CB13] a sign-out, or another user, ends the session of the first at once', async () => {
  become(ann);
  authenticated(ann);
  for (const next of [null, ann, bob]) {
    const former = socket;
    become(next);
    if (sessionUser.get() === null && former.closedByClient) {
      await world.advance(0);
      socket = await world.welcome(next ? fields(next) : {});
      expect(socket.last('hello').token).toBe(token);
    } else authenticated(next!);
    await settled();
    expect(sessionUser.get()).toBe(next?.id ?? null);
  }
});

test('[CB13] a session that turns out to be of the user who has just left is not used', async () => {
  become(ann);
  authenticated(ann);
  socket.end(1006);
  await world.advance(500);
  const opened = world.sockets.length;
  become(null);
  // It had said hello with the old token.
  socket = await world.welcome(fields(ann));
  expect([sessionUser.get(), socket.closedByClient]).toEqual([null, true]);
  await world.advance(0);
  expect(world.sockets).toHaveLength(opened + 1);
});

test('[CB2] a session that went on anonymously, for want of a token, is signed in as soon as there is one', async () => {
  account.set({ kind: 'unknown' });
  account.set({ kind: 'signed-in', user: ann });
  await settled();
  expect(socket.all('authenticate')).toHaveLength(0);
  token = 'late';
  tokens.set(tokens.get() + 1);
  expect(socket.last('authenticate').token).toBe('late');
});
