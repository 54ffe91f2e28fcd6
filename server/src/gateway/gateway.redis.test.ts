/** The gateway over a real Redis: the seat store's feed, presence between servers, and socket.io's adapter. */
import {
  type Epoch,
  type EventId,
  type HoldId,
  type OpId,
  randomToken,
  type UserId,
  uuidv7,
} from '@seatwire/protocol';
import { openRedis, openSeatStore, type RedisClient, type RedisSeatStore } from '@seatwire/store';
import { testRedisUrl } from '@seatwire/store/testing';
import { createAdapter } from '@socket.io/redis-adapter';
import { Server } from 'socket.io';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';
import { redisPresence } from '../rooms/presence.redis.ts';
import { SocketIoClient } from './testing/socket-io-client.ts';
import { type System, startSystem } from './testing/system.ts';
import { MapFollower, op, WireClient } from './testing/wire-client.ts';

const PLACES = 200;
const connections: RedisClient[] = [];
let seats: RedisSeatStore;
let commands: RedisClient;

const connect = async (role: 'commands' | 'pubsub'): Promise<RedisClient> => {
  const connection = await openRedis(testRedisUrl(), role);
  connections.push(connection);
  return connection;
};
beforeAll(async () => {
  seats = await openSeatStore({ url: testRedisUrl() });
  commands = await connect('commands');
});
afterAll(async () => {
  await seats.close();
  for (const connection of connections) connection.disconnect();
});

async function putOnSale(event: EventId, replaces: Epoch | null = null): Promise<Epoch> {
  const epoch = randomToken() as Epoch;
  const rules = {
    saleOpensAt: 0,
    saleClosesAt: Date.now() + 3_600_000,
    maxPerHold: 10,
    maxPerBuyer: PLACES,
    holdMs: 60_000,
    maxHoldMs: 120_000,
    payingMs: 60_000,
    currency: 'EUR',
    priceRevision: 1,
    noOrphans: false,
  };
  const plan = { places: PLACES, runStarts: [0], rules, sold: [], blocked: [], fence: 0 };
  expect(await seats.rebuild(event, plan, epoch, replaces)).toBe(true);
  return epoch;
}

async function hold(event: EventId, places: readonly number[]): Promise<{ hold: HoldId; buyer: UserId }> {
  const buyer = uuidv7() as UserId;
  const granted = await seats.hold({
    event,
    buyer,
    op: op() as OpId,
    hold: randomToken() as HoldId,
    priceRevision: 1,
    want: { kind: 'places', places, prices: places.map(() => 100) },
  });
  if (!granted.ok) throw new Error(granted.code);
  return { hold: granted.hold, buyer };
}

let event: EventId;
let epoch: Epoch;
const systems: System[] = [];
beforeEach(async () => {
  event = uuidv7() as EventId;
  epoch = await putOnSale(event);
});
afterEach(async () => {
  await Promise.all(systems.splice(0).map((system) => system.stop()));
});

async function server(name: string): Promise<System> {
  const subscriber = await connect('pubsub');
  const system = await startSystem({
    server: name,
    real: {
      store: seats,
      event,
      presence: redisPresence({ commands, subscriber }, (error) => expect.unreachable(String(error))),
      socketIoRedis: { publisher: commands, subscriber },
    },
  });
  systems.push(system);
  return system;
}

async function follow(system: System): Promise<{ client: WireClient; follower: MapFollower }> {
  const client = await WireClient.open(system.url);
  const follower = new MapFollower();
  client.socket.on('message', () => follower.hear(client.heard.at(-1)!));
  client.join(event);
  await client.next('snapshot');
  return { client, follower };
}

async function agree(...followers: MapFollower[]): Promise<void> {
  await vi.waitFor(async () => {
    const truth = await seats.snapshot(event);
    for (const follower of followers) {
      expect([follower.epoch, follower.version]).toEqual([truth!.epoch, truth!.version]);
      expect(truth!.codes.every((code, place) => follower.map?.get(place) === code)).toBe(true);
    }
  });
}

describe('over a real Redis', () => {
  test("[RE20] sockets that join while holds come and go end with the store's map, on both servers", async () => {
    const [one, two] = [await server('one'), await server('two')];
    const joining: Promise<{ client: WireClient; follower: MapFollower }>[] = [];
    for (let n = 0; n < 40; n++) {
      const held = await hold(event, [n * 4, n * 4 + 1]);
      if (n % 3 === 0) await seats.release({ event, op: op() as OpId, ...held });
      joining.push(follow(n % 2 === 0 ? one : two));
    }
    const all = await Promise.all(joining);
    await hold(event, [199]);
    await agree(...all.map(({ follower }) => follower));
    for (const { follower } of all) expect(follower.resyncs).toBe(0);
    await Promise.all(all.map(({ client }) => client.close()));
  });

  test('[RE4] a rebuilt event gives every socket the new epoch', async () => {
    const system = await server('one');
    const { client, follower } = await follow(system);
    await hold(event, [1]);
    await agree(follower);
    const next = await putOnSale(event, epoch);
    await vi.waitFor(() => expect(follower.epoch).toBe(next));
    await hold(event, [2]);
    await agree(follower);
    await client.close();
  });

  test('over a real Redis a server counts the viewers of all servers, and forgets those who left', async () => {
    const [one, two] = [await server('one'), await server('two')];
    const here = await follow(one);
    const there = [await follow(two), await follow(two)];
    await vi.waitFor(() => expect(here.client.all('presence').at(-1)?.viewers).toBe(3), { timeout: 5_000 });
    await Promise.all(there.map(({ client }) => client.close()));
    await vi.waitFor(() => expect(here.client.all('presence').at(-1)?.viewers).toBe(1), { timeout: 5_000 });
    await here.client.close();
  });
});

describe('socket.io with its Redis adapter', () => {
  test('[S4] a socket.io client with the Redis adapter hears each change once, and can be reached from another server', async () => {
    const system = await server('one');
    const user = uuidv7() as UserId;
    const client = await SocketIoClient.open(system.port, { auth: { token: system.tokenOf({ user }) } });
    await client.join(event);
    await hold(event, [1, 2]);
    await vi.waitFor(() => expect(client.all('diff')).toHaveLength(1));
    await hold(event, [3]);
    await vi.waitFor(() => expect(client.all('diff')).toHaveLength(2));
    const [first, second] = client.all('diff');
    expect(second!.from).toBe(first!.to);

    // Another server, as far as Redis can tell; what it does to its own sockets does not concern this one.
    const elsewhere = new Server({ adapter: createAdapter(commands, await connect('pubsub')) });
    const gone = new Promise((resolve) => client.socket.once('disconnect', resolve));
    await vi.waitFor(async () => {
      elsewhere.in(`user:${user}`).disconnectSockets(true);
      expect(await Promise.race([gone, new Promise((resolve) => setTimeout(resolve, 100))])).toBeDefined();
    });
  });

  test('[CB13] [A7] a message to a user over socket.io reaches the sockets of that user now, not of the one before', async () => {
    const system = await server('one');
    const [former, user] = [uuidv7() as UserId, uuidv7() as UserId];
    const client = await SocketIoClient.open(system.port, {
      auth: { token: system.tokenOf({ user: former }) },
    });
    await client.ask('authenticate', { token: system.tokenOf({ user }) });
    const elsewhere = new Server({ adapter: createAdapter(commands, await connect('pubsub')) });
    await vi.waitFor(() => {
      elsewhere.to(`user:${former}`).emit('for the former');
      elsewhere.to(`user:${user}`).emit('for the user');
      expect(client.all('for the user').length).toBeGreaterThan(0);
    });
    expect(client.all('for the former')).toEqual([]);
  });
});
