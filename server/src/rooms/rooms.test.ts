import type { SaleEvent } from '@seatwire/domain';
import { type EventId, isRefusal, refused, uuidv7 } from '@seatwire/protocol';
import type { Presence } from '@seatwire/store';
import { Registry } from 'prom-client';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { roomsOptions } from '../testing/options.ts';
import type { Audience, RoomMessage } from './audience.ts';
import { roomsMetrics } from './metrics.ts';
import type { RoomsOptions } from './options.ts';
import type { PresenceBus } from './presence.ts';
import type { Room } from './room.ts';
import { Rooms } from './rooms.ts';
import { ScriptedStore } from './testing/scripted-store.ts';

/** Counts as `size` sockets, and keeps what it was told. */
class Listeners implements Audience {
  readonly heard: RoomMessage[] = [];
  readonly size: number;
  constructor(size = 1) {
    this.size = size;
  }
  publish(message: RoomMessage): void {
    this.heard.push(message);
  }
  of<T extends RoomMessage['type']>(type: T) {
    return this.heard.filter((message) => message.type === type) as Extract<RoomMessage, { type: T }>[];
  }
}

class LoopBus implements PresenceBus {
  readonly sent: (readonly Presence[])[] = [];
  hear: (counts: readonly Presence[]) => void = () => undefined;
  async publish(counts: readonly Presence[]): Promise<void> {
    this.sent.push(counts);
  }
  listen(heard: (counts: readonly Presence[]) => void): () => void {
    this.hear = heard;
    return () => undefined;
  }
}

let rooms: Rooms;
let store: ScriptedStore;
let bus: LoopBus;
const requestRebuild = vi.fn();

function start(options: Partial<RoomsOptions> = {}, known = true): void {
  bus = new LoopBus();
  rooms = new Rooms({
    store,
    catalogue: { find: async () => (known ? ({} as SaleEvent) : null) },
    presence: bus,
    revenue: async () => ({ revenue: 100, currency: 'EUR' }),
    server: 'here',
    requestRebuild,
    metrics: roomsMetrics(new Registry()),
    options: roomsOptions(options),
  });
  rooms.start();
}

async function enter(event: EventId = store.event): Promise<Room> {
  const room = await rooms.enter(event);
  if (isRefusal(room)) throw new Error(room.code);
  return room;
}

beforeEach(() => {
  vi.useFakeTimers();
  store = new ScriptedStore(32);
  requestRebuild.mockClear();
});
afterEach(async () => {
  await rooms.stop();
  vi.useRealTimers();
});

describe('entering a room', () => {
  test('entering a room is refused for an unknown event, without asking Redis', async () => {
    start({}, false);
    expect(await rooms.enter(store.event)).toEqual(refused('unknown_event'));
    expect(store.calls.subscribe).toBe(0);
  });

  test('entering a room asks for a rebuild when the event has no state, and succeeds once it is back', async () => {
    start();
    store.missing = true;
    expect(await rooms.enter(store.event)).toEqual(refused('event_rebuilding'));
    expect(requestRebuild).toHaveBeenCalledWith(store.event);
    store.missing = false;
    await enter();
  });

  test('entering a room is refused while the store is down, and leaves nothing behind', async () => {
    start();
    store.down = true;
    expect(await rooms.enter(store.event)).toEqual(refused('unavailable'));
    store.down = false;
    await enter();
    expect(store.subscribers).toBe(1);
  });

  test('entering a room has a deadline; the room that comes too late is closed', async () => {
    start({ loadMs: 1_000 });
    let go = () => {};
    store.hold = new Promise((resolve) => {
      go = resolve;
    });
    const entering = rooms.enter(store.event);
    await vi.advanceTimersByTimeAsync(1_000);
    expect(await entering).toEqual(refused('unavailable'));
    go();
    await vi.advanceTimersByTimeAsync(1);
    expect([store.subscribers, rooms.size]).toEqual([0, 0]);
  });

  test('a room loads once for all who come together, and not again while the room lives', async () => {
    start();
    const entered = await Promise.all(Array.from({ length: 100 }, () => enter()));
    expect(new Set(entered).size).toBe(1);
    expect(store.calls).toMatchObject({ subscribe: 1, snapshot: 1 });
  });

  test.each(['a change', 'a rebuild'])(
    'entering a room survives %s heard while it loads, and shows what it did',
    async (what) => {
      start();
      let go = () => {};
      store.hold = new Promise((resolve) => {
        go = resolve;
      });
      const entering = enter();
      await vi.advanceTimersByTimeAsync(1);
      if (what === 'a change') store.change(1, [3]);
      else store.rebuild();
      go();
      const room = await entering;
      await vi.advanceTimersByTimeAsync(100);
      expect([room.replica.epoch, room.replica.version]).toEqual([store.epoch, store.version]);
      expect(room.replica.map.get(3)).toBe(store.codes[3]);
    },
  );

  test('the number of rooms is bounded', async () => {
    start({ maxRooms: 1 });
    await enter();
    expect(await rooms.enter(uuidv7() as EventId)).toEqual(refused('overloaded'));
  });
});

describe('a room', () => {
  test('a room is kept warm for a while after its last viewer left, and then closed', async () => {
    start({ keepWarmMs: 5_000 });
    const room = await enter();
    const audience = new Listeners();
    room.attach(audience);
    await vi.advanceTimersByTimeAsync(10_000);
    room.detach(audience);
    await vi.advanceTimersByTimeAsync(4_000);
    expect(rooms.size).toBe(1);
    await vi.advanceTimersByTimeAsync(3_000);
    expect([rooms.size, store.subscribers]).toEqual([0, 0]);
  });

  test('a room tells viewers of all servers when their number changes, and forgets a server that fell silent', async () => {
    start();
    const room = await enter();
    const audience = new Listeners(2);
    room.attach(audience);
    bus.hear([{ server: 'there', event: store.event, viewers: 3 }]);
    bus.hear([{ server: 'here', event: store.event, viewers: 99 }]);
    await vi.advanceTimersByTimeAsync(3_000);
    expect(audience.of('presence').map((message) => message.viewers)).toEqual([5]);
    await vi.advanceTimersByTimeAsync(2_000);
    expect(audience.of('presence').map((message) => message.viewers)).toEqual([5, 2]);
    expect(bus.sent.at(-1)).toEqual([{ server: 'here', event: store.event, viewers: 2 }]);
    room.detach(audience);
    await vi.advanceTimersByTimeAsync(3_000);
    expect(bus.sent.at(-1)).toEqual([{ server: 'here', event: store.event, viewers: 0 }]);
  });

  test('a room heals as a diff what the feed could not tell', async () => {
    start();
    const room = await enter();
    const audience = new Listeners();
    room.attach(audience);
    store.change(1, [4], { lost: true });
    store.loseTheThread();
    await vi.advanceTimersByTimeAsync(3_000);
    expect(audience.of('diff').map((message) => [message.to - message.span, message.to])).toEqual([[0, 1]]);
  });

  test('a room resyncs everybody when its map is found to be wrong', async () => {
    start({ proveMs: 2_000 });
    const room = await enter();
    const audience = new Listeners();
    room.attach(audience);
    room.replica.map.set(7, 2);
    await vi.advanceTimersByTimeAsync(3_000);
    expect(audience.of('snapshot')).toHaveLength(1);
    expect(room.replica.map.get(7)).toBe(0);
  });

  test('a room conflates: many changes in a tick are one diff, whose last state wins', async () => {
    start();
    const room = await enter();
    const audience = new Listeners();
    room.attach(audience);
    store.change(1, [0]);
    await vi.advanceTimersByTimeAsync(1);
    for (let n = 0; n < 50; n++) store.change(n % 2 === 0 ? 1 : 2, [n % 32]);
    await vi.advanceTimersByTimeAsync(20);
    expect(audience.of('diff').map((message) => message.span)).toEqual([1, 50]);
  });

  test('a room answers a stampede with one object, so that it is encoded once', async () => {
    start();
    const room = await enter();
    expect(room.answer(null, null)).toBe(room.answer(null, null));
  });

  test('a room prefers a snapshot when too much has changed for a diff to be smaller', async () => {
    start();
    const room = await enter();
    store.change(1, [1]);
    await vi.advanceTimersByTimeAsync(30);
    expect(room.answer(room.replica.epoch, 0).type).toBe('resumed');
    store.change(
      1,
      Array.from({ length: 20 }, (_, place) => place),
    );
    await vi.advanceTimersByTimeAsync(30);
    expect(room.answer(room.replica.epoch, 0).type).toBe('snapshot');
  });
});
