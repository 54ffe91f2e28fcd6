import { beforeEach, describe, expect, test } from 'vitest';
import { encodeChanges } from '../map/changes.ts';
import { SeatMap } from '../map/seat-map.ts';
import type { DownOf } from '../messages/down.ts';
import { type FakeSocket, FakeWorld, settled } from '../testing/fake-world.ts';
import { type Epoch, type EventId, randomToken, uuidv7 } from '../words/ids.ts';
import type { MapCode } from '../words/seat.ts';
import { SeatwireClient } from './client.ts';

const PLACES = 100;
const event = uuidv7() as EventId;
const epoch = randomToken() as Epoch;

let world: FakeWorld;
let client: SeatwireClient;
let socket: FakeSocket;
/** The server's map, and its version. */
let map: SeatMap;
let version: number;
let heard: string[];

beforeEach(async () => {
  world = new FakeWorld();
  const { WebSocket, now, random, after } = world;
  client = new SeatwireClient({ url: 'ws://test/ws', WebSocket, now, random, after });
  map = new SeatMap(PLACES);
  version = 0;
  heard = [];
  client.on('map', ({ room }) => heard.push(`map ${room.version}`));
  client.on('changes', ({ room, places }) => heard.push(`changes ${room.version} ${places}`));
  client.on('rejoined', ({ how }) => heard.push(`rejoined ${how}`));
  client.on('room-lost', ({ refusal }) => heard.push(`lost ${refusal.code}`));
  client.start();
  socket = await world.welcome();
});

/** One transition on the server, unheard by anybody. */
function change(place: number, code: MapCode): Uint8Array {
  map.set(place, code);
  version++;
  return encodeChanges([place], () => code);
}

const snapshot = (over: Partial<DownOf<'snapshot'>> = {}): DownOf<'snapshot'> => ({
  type: 'snapshot',
  event,
  room: 7,
  epoch,
  version,
  places: PLACES,
  map: map.pack(),
  viewers: 1,
  serverTime: world.serverTime,
  ...over,
});
const diff = (changes: Uint8Array, span = 1): DownOf<'diff'> => ({
  type: 'diff',
  room: 7,
  to: version,
  span,
  changes,
});
const beacon = (): DownOf<'beacon'> => ({ type: 'beacon', room: 7, version, checksum: map.checksum });

async function joined() {
  const joining = client.join(event);
  socket.say(snapshot());
  const result = await opened(joining);
  heard.length = 0;
  return result;
}
async function opened(joining: ReturnType<SeatwireClient['join']>) {
  const result = await joining;
  if (!result.ok) throw new Error(result.code);
  return result.room;
}

describe('join', () => {
  test('[J1] a join asks with nulls first, and shows the snapshot', async () => {
    change(3, 2);
    const joining = client.join(event);
    expect(socket.last('join')).toMatchObject({ event, epoch: null, version: null });
    socket.say(snapshot());
    const room = await opened(joining);
    expect(room.map.get(3)).toBe(2);
    expect(room).toMatchObject({ event, epoch, version: 1, viewers: 1 });
    expect(heard).toEqual(['map 1']);
  });

  test('[J1] a wish made before the session is open is told after welcome', async () => {
    const { WebSocket, now, random, after } = world;
    const early = new SeatwireClient({ url: 'ws://test/ws', WebSocket, now, random, after });
    const joining = early.join(event);
    early.start();
    socket = await world.welcome();
    expect(socket.all('join')).toHaveLength(1);
    socket.say(snapshot());
    expect((await joining).ok).toBe(true);
  });

  test('a refused join is a value, and the room is not asked for again', async () => {
    const joining = client.join(event);
    const { op } = socket.last('join');
    socket.say({ type: 'rejected', op, code: 'unknown_event', places: null, message: 'No such event.' });
    expect(await joining).toMatchObject({ ok: false, code: 'unknown_event' });
    expect(heard).toEqual(['lost unknown_event']);
    await world.advance(5_000);
    expect(socket.all('join')).toHaveLength(1);
    expect(client.room(event)).toBeNull();
  });

  test('a join refused for the moment is asked again', async () => {
    const joining = client.join(event);
    const { op } = socket.last('join');
    socket.say({ type: 'rejected', op, code: 'event_rebuilding', places: null, message: '' });
    await world.advance(2_000);
    expect(socket.all('join')).toHaveLength(2);
    socket.say(snapshot());
    expect((await joining).ok).toBe(true);
  });

  test('an event id that is none is refused here: said to the server, it would cost the session', async () => {
    expect(await client.join('nonsense' as EventId)).toMatchObject({ ok: false, code: 'bad_request' });
    expect(socket.all('join')).toHaveLength(0);
  });

  test('a deadline ends the waiting, not the wish', async () => {
    const joining = client.join(event);
    await world.advance(9_000);
    socket.say({ type: 'time', clientTime: world.now(), serverTime: world.serverTime });
    await world.advance(6_000);
    expect(await joining).toMatchObject({ ok: false, code: 'unavailable', retryable: true });
    socket.say(snapshot());
    expect(client.room(event)?.version).toBe(0);
  });

  test('after leave the client hears nothing of the room and keeps nothing of it', async () => {
    await joined();
    client.leave(event);
    expect(socket.last('leave')).toEqual({ type: 'leave', event });
    socket.say(diff(change(1, 1)));
    socket.say(snapshot());
    expect(heard).toEqual([]);
    expect(client.room(event)).toBeNull();
  });
});

describe('diffs', () => {
  test('[D2] diffs are applied in turn', async () => {
    const room = await joined();
    socket.say(diff(change(1, 1)));
    socket.say(diff(change(2, 2)));
    expect(heard).toEqual(['changes 1 1', 'changes 2 2']);
    expect(room.map.checksum).toBe(map.checksum);
  });

  test('[D3] one that ends at or before our version is ignored', async () => {
    const old = diff(change(1, 1));
    change(1, 0);
    await joined();
    socket.say(old);
    expect(heard).toEqual([]);
    expect(socket.all('join')).toHaveLength(1);
  });

  test('[D3] one that starts before our version brings us to its end', async () => {
    change(1, 1);
    const room = await joined();
    change(1, 0);
    change(2, 1);
    socket.say(
      diff(
        encodeChanges([1, 2], (place) => map.get(place)),
        3,
      ),
    );
    expect(room.version).toBe(3);
    expect(room.map.checksum).toBe(map.checksum);
  });

  test('[D4] a gap is met by a join with the position we have, once', async () => {
    change(5, 1);
    const room = await joined();
    await world.advance(2_000);
    change(1, 1);
    socket.say(diff(change(2, 1)));
    socket.say(diff(change(3, 1)));
    expect(room.version).toBe(1);
    expect(socket.all('join')).toHaveLength(2);
    expect(socket.last('join')).toMatchObject({ epoch, version: 1 });
    const changes = encodeChanges([1, 2, 3], () => 1);
    const { serverTime } = world;
    socket.say({ type: 'resumed', event, room: 7, epoch, from: 1, to: 4, changes, viewers: 2, serverTime });
    expect(heard).toEqual(['changes 4 1,2,3', 'rejoined resumed']);
    expect(room.map.checksum).toBe(map.checksum);
    expect(room.viewers).toBe(2);
  });

  test('[D5] malformed changes are not trusted: a snapshot is asked for', async () => {
    await joined();
    await world.advance(2_000);
    version++;
    socket.say(diff(Uint8Array.of(0x80)));
    expect(socket.last('join')).toMatchObject({ epoch: null, version: null });
  });
});

describe('beacons', () => {
  test('[D6] an equal version and checksum is agreement', async () => {
    await joined();
    socket.say(diff(change(1, 1)));
    socket.say(beacon());
    await world.advance(5_000);
    expect(socket.all('join')).toHaveLength(1);
  });

  test('[D6] a checksum that differs at an equal version asks for a snapshot', async () => {
    const room = await joined();
    await world.advance(2_000);
    map.set(9, 2);
    socket.say(beacon());
    expect(socket.last('join')).toMatchObject({ epoch: null, version: null });
    // What comes before the snapshot is of no use to a map that is not trusted.
    socket.say(diff(change(1, 1)));
    socket.say(snapshot());
    expect(heard).toEqual(['map 1', 'rejoined snapshot']);
    expect(room.map.checksum).toBe(map.checksum);
  });

  test('[D7] a beacon ahead of us is waited on for 2 s, then resumed from', async () => {
    await joined();
    const changes = change(1, 1);
    socket.say(beacon());
    await world.advance(1_900);
    expect(socket.all('join')).toHaveLength(1);
    await world.advance(200);
    expect(socket.last('join')).toMatchObject({ epoch, version: 0 });
    expect(socket.all('join')).toHaveLength(2);
    socket.say(diff(changes));
    expect(heard).toEqual(['changes 1 1']);
  });

  test('[D7] a diff that comes in time calls the resync off', async () => {
    await joined();
    const changes = change(1, 1);
    socket.say(beacon());
    await world.advance(1_000);
    socket.say(diff(changes));
    await world.advance(5_000);
    expect(socket.all('join')).toHaveLength(1);
  });

  test('a server gone wrong is asked at most once a second', async () => {
    await joined();
    for (let i = 0; i < 100; i++) {
      socket.say({ ...beacon(), checksum: 1 });
      socket.say(snapshot());
      await world.advance(50);
    }
    expect(socket.all('join').length).toBeLessThanOrEqual(7);
  });
});

describe('resume', () => {
  async function reconnect(): Promise<void> {
    socket.end(1006);
    await world.advance(1_000);
    socket = await world.welcome();
  }

  test('[J3] after a lost session the room is joined from the version the client has, and gets a new number', async () => {
    const room = await joined();
    await reconnect();
    expect(socket.last('join')).toMatchObject({ epoch, version: 0 });
    const changes = change(4, 1);
    const { serverTime } = world;
    socket.say({ type: 'resumed', event, room: 9, epoch, from: 0, to: 1, changes, viewers: 3, serverTime });
    socket.say({ ...diff(change(5, 2)), room: 9 });
    socket.say({ ...diff(change(6, 2)), room: 7 });
    expect(heard).toEqual(['changes 1 4', 'rejoined resumed', 'changes 2 5']);
    expect(room.map.get(5)).toBe(2);
  });

  test('[J3] the map stays to be shown while the session is lost', async () => {
    change(3, 2);
    const room = await joined();
    socket.end(1006);
    await settled();
    expect(client.room(event)).toBe(room);
    expect(room.map.get(3)).toBe(2);
  });

  test('[J4] a resume that does not start where we are, or is of another epoch, is not applied', async () => {
    for (const wrong of [{ from: 5 }, { epoch: randomToken() as Epoch }]) {
      await joined();
      await reconnect();
      await world.advance(2_000);
      const changes = encodeChanges([4], () => 1);
      const { serverTime } = world;
      const right = {
        type: 'resumed',
        event,
        room: 9,
        epoch,
        from: 0,
        to: 6,
        changes,
        viewers: 3,
        serverTime,
      } as const;
      socket.say({ ...right, ...wrong });
      expect(socket.last('join')).toMatchObject({ epoch: null, version: null });
      expect(client.room(event)!.map.get(4)).toBe(0);
      client.leave(event);
    }
  });

  test('[J5] a snapshot pushed under a new epoch replaces the map, though its version is lower', async () => {
    change(1, 1);
    const room = await joined();
    const rebuilt = randomToken() as Epoch;
    map = new SeatMap(PLACES);
    version = 0;
    socket.say(snapshot({ epoch: rebuilt }));
    expect(room).toMatchObject({ epoch: rebuilt, version: 0 });
    expect(room.map.count(0)).toBe(PLACES);
    expect(heard).toEqual(['map 0', 'rejoined snapshot']);
  });

  test('[J6] a snapshot that does not fit its number of places is not shown', async () => {
    await joined();
    await world.advance(2_000);
    socket.say(snapshot({ places: PLACES + 8 }));
    expect(heard).toEqual([]);
    expect(socket.last('join')).toMatchObject({ epoch: null, version: null });
  });
});
