/** A frame a slow reader missed ends in a resync or a close, never in a silently wrong map. */
import { isRefusal, type MapCode } from '@seatwire/protocol';
import { afterEach, describe, expect, test, vi } from 'vitest';
import type { GatewayOptions } from './options.ts';
import { type System, startSystem } from './testing/system.ts';
import { MapFollower, op, reasonOf, WireClient } from './testing/wire-client.ts';

const PLACES = 50_000;
const ALL = Array.from({ length: PLACES }, (_, place) => place);

let system: System;
afterEach(() => system.stop());

const start = async (gateway: Partial<GatewayOptions>): Promise<void> => {
  system = await startSystem({ places: PLACES, gateway, rooms: { tickMs: 1 } });
};
const turn = () => new Promise((resolve) => setImmediate(resolve));

/** Changes the whole map, 50 KB a frame, until `enough`: loopback takes megabytes before it pushes back. */
async function pour(enough: () => Promise<boolean>): Promise<void> {
  for (let n = 0; n < 3_000; n++) {
    system.store.change(((n % 3) + 1) as MapCode, ALL);
    await new Promise((resolve) => setTimeout(resolve, 1));
    if (n % 10 === 0 && (await enough())) return;
  }
  throw new Error('the socket never pushed back');
}

async function total(name: string): Promise<number> {
  const metric = await system.registry.getSingleMetric(name)?.get();
  return metric?.values.reduce((sum, { value }) => sum + value, 0) ?? 0;
}
const overruns = () => total('seatwire_socket_overruns_total');

async function join(): Promise<{ client: WireClient; follower: MapFollower }> {
  const client = await WireClient.open(system.url);
  const follower = new MapFollower();
  client.socket.on('message', () => follower.hear(client.heard.at(-1)!));
  client.join(system.event);
  await client.next('snapshot');
  return { client, follower };
}

const equalToTheStore = (follower: MapFollower) =>
  vi.waitFor(
    () => {
      expect(follower.version).toBe(system.store.version);
      expect(ALL.every((place) => follower.map?.get(place) === system.store.codes[place])).toBe(true);
    },
    { timeout: 10_000, interval: 50 },
  );

describe('a slow reader', () => {
  test('[D8] a slow reader is taken off its room, and gets a fresh snapshot once it has drained; others notice nothing', async () => {
    await start({ maxBackpressure: 128 * 1024 });
    const slow = await join();
    const quick = await join();
    slow.client.pause();
    await pour(async () => (await overruns()) > 0);
    system.store.change(0, [1, 2, 3]);
    slow.client.resume();
    await equalToTheStore(slow.follower);
    expect(slow.follower.resyncs).toBeGreaterThanOrEqual(1);
    // It is back in the room: the next change comes as a diff.
    system.store.change(2, [9]);
    await equalToTheStore(slow.follower);
    await equalToTheStore(quick.follower);
    expect(quick.follower.resyncs).toBe(0);
    await Promise.all([slow.client.close(), quick.client.close()]);
  }, 60_000);

  test('[D8] a slow reader that stays behind is closed, and its memory is given back', async () => {
    await start({ maxBackpressure: 128 * 1024, slowMs: 500 });
    const slow = await join();
    slow.client.pause();
    await pour(async () => (await overruns()) > 0);
    await vi.waitFor(() => expect(system.gateway.sockets).toBe(0), { timeout: 5_000 });
    expect(await total('seatwire_session_closes_total')).toBe(1);
    slow.client.socket.terminate();
  }, 60_000);

  test('[D8] a slow reader whose answer does not fit is closed: a lost answer is never silent', async () => {
    await start({ maxBackpressure: 128 * 1024, slowMs: 60_000 });
    const slow = await join();
    slow.client.pause();
    // The kernel may make room between the overrun and the question, and then the answer fits after all: overrun it again and ask anew.
    const closed = async () => {
      const before = await overruns();
      await pour(async () => system.gateway.sockets === 0 || (await overruns()) > before);
      slow.client.say({ type: 'sync-time', clientTime: 1 });
      return vi.waitUntil(() => system.gateway.sockets === 0, { timeout: 1_000 }).catch(() => false);
    };
    let gone = false;
    for (let attempt = 0; attempt < 20 && !gone; attempt++) gone = await closed();
    expect(gone).toBe(true);
    slow.client.socket.terminate();
  }, 60_000);
});

describe('a large room', () => {
  test('[D2] a large room of 450 sockets hears every frame in order, in turns, and all maps agree', async () => {
    system = await startSystem({ places: 1_000, rooms: { tickMs: 1 } });
    const followers = await Promise.all(Array.from({ length: 450 }, () => join()));
    for (let n = 0; n < 200; n++) {
      system.store.change(((n % 3) + 1) as MapCode, [n, n + 1, (n * 7) % 1_000]);
      if (n % 3 === 0) await turn();
    }
    await vi.waitFor(
      () => {
        for (const { follower } of followers) expect(follower.version).toBe(200);
      },
      { timeout: 10_000 },
    );
    const room = await system.rooms.enter(system.event);
    if (isRefusal(room)) throw new Error(room.code);
    const { checksum } = room.replica.map;
    for (const { follower } of followers) {
      expect(follower.map?.checksum).toBe(checksum);
      expect(follower.resyncs).toBe(0);
    }
    await Promise.all(followers.map(({ client }) => client.close()));
    await vi.waitFor(() => expect(system.gateway.sockets).toBe(0));
  }, 60_000);

  test("[RE18] clients that come, go and resume in the middle of it all end with the server's map", async () => {
    system = await startSystem({ places: 500, rooms: { tickMs: 2 } });
    let over = false;
    const one = async (seed: number): Promise<MapFollower> => {
      const follower = new MapFollower();
      for (let life = 0; life < 6; life++) {
        const client = await WireClient.open(system.url);
        client.socket.on('message', () => follower.hear(client.heard.at(-1)!));
        client.join(
          system.event,
          follower.epoch ? { epoch: follower.epoch, version: follower.version } : null,
        );
        await new Promise((resolve) => setTimeout(resolve, 20 + ((seed * 37 + life * 11) % 60)));
        if (life === 5) {
          await vi.waitFor(() => expect(over && follower.version).toBe(system.store.version), {
            timeout: 10_000,
          });
        }
        await client.close();
      }
      return follower;
    };
    const lives = Array.from({ length: 60 }, (_, seed) => one(seed));
    for (let n = 0; n < 400; n++) {
      system.store.change((n % 4) as MapCode, [(n * 13) % 500, (n * 29) % 500], { lost: n % 50 === 49 });
      await new Promise((resolve) => setTimeout(resolve, 1));
    }
    system.store.change(2, [0]);
    over = true;
    for (const follower of await Promise.all(lives)) {
      expect(Array.from({ length: 500 }, (_, place) => follower.map?.get(place))).toEqual([
        ...system.store.codes,
      ]);
    }
  }, 60_000);
});

test('a message in the same turn as a close is not answered', async () => {
  system = await startSystem();
  const client = await WireClient.open(system.url);
  client.sayBytes('text');
  client.say({ type: 'join', op: op(), event: system.event, epoch: null, version: null });
  expect(reasonOf(await client.ended)).toBe('bad_frame');
  expect(client.all('snapshot')).toEqual([]);
});
