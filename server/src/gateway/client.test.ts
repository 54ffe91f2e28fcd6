/** The protocol package's own client against the gateway: restarts, resyncs and renewals end with the server's map and one answer. */
import { type UserId, uuidv7 } from '@seatwire/protocol';
import { SeatwireClient } from '@seatwire/protocol/client';
import { afterEach, expect, test, vi } from 'vitest';
import { WebSocket } from 'ws';
import { NO_PRESENCE_BUS } from '../rooms/presence.ts';
import { ScriptedStore } from '../rooms/testing/scripted-store.ts';
import { type System, startSystem } from './testing/system.ts';

const stops: (() => Promise<void> | void)[] = [];
afterEach(async () => {
  for (const stop of stops.splice(0).reverse()) await stop();
});

async function start(store: ScriptedStore, port = 0): Promise<System> {
  const real = { store, event: store.event, presence: NO_PRESENCE_BUS, socketIoRedis: null };
  const system = await startSystem({ real, gateway: { port, reconnectWithinMs: 50 } });
  stops.push(() => system.stop());
  return system;
}

function startClient(system: System, token: () => Promise<string | null> = async () => null): SeatwireClient {
  const client = new SeatwireClient({ url: system.url, token, WebSocket: WebSocket as never });
  client.start();
  stops.push(() => client.stop());
  return client;
}

test('[J3] a client resumes where it was after the server was replaced, and its commands find their answer', async () => {
  const store = new ScriptedStore(100);
  const first = await start(store);
  const user = uuidv7() as UserId;
  let system = first;
  const client = startClient(first, async () => system.tokenOf({ user }));
  const joined = await client.join(store.event);
  if (!joined.ok) throw new Error(joined.code);
  store.change(1, [1, 2]);
  await vi.waitFor(() => expect(joined.room.version).toBe(1));
  const how: string[] = [];
  client.on('rejoined', (rejoined) => how.push(rejoined.how));

  await first.gateway.drain(0);
  await first.stop();
  const held = client.hold(store.event, [7]);
  store.change(1, [3]);
  system = await start(store, first.port);
  expect(await held).toMatchObject({ ok: true, places: [7] });
  store.change(2, [1]);
  await vi.waitFor(() => expect([joined.room.version, joined.room.map.get(1)]).toEqual([3, 2]));
  expect(how).toEqual(['resumed']);
}, 20_000);

test('[J5] a client follows through lost messages, a rebuild and a store that goes away for a while', async () => {
  const store = new ScriptedStore(100);
  const system = await start(store);
  const client = startClient(system);
  const joined = await client.join(store.event);
  if (!joined.ok) throw new Error(joined.code);
  for (let n = 0; n < 60; n++) {
    if (n === 20) store.rebuild();
    if (n === 40) store.down = true;
    store.change(((n % 3) + 1) as 1 | 2 | 3, [n], { lost: n % 7 === 3 });
    if (n === 45) store.down = false;
    await new Promise((resolve) => setTimeout(resolve, 2));
  }
  store.change(1, [99]);
  await vi.waitFor(
    () => {
      expect([joined.room.epoch, joined.room.version]).toEqual([store.epoch, store.version]);
      expect(Array.from({ length: 100 }, (_, place) => joined.room.map.get(place))).toEqual([...store.codes]);
    },
    { timeout: 10_000 },
  );
}, 20_000);

test('[A4] a client renews its token in band before it ends', async () => {
  const store = new ScriptedStore(10);
  const system = await start(store);
  const user = uuidv7() as UserId;
  let asked = 0;
  const client = startClient(system, async () => {
    asked++;
    return system.tokenOf({ user, expiresAt: Date.now() + (asked === 1 ? 1_500 : 600_000) });
  });
  await client.join(store.event);
  await vi.waitFor(() => expect(asked).toBeGreaterThanOrEqual(2), { timeout: 5_000 });
  await new Promise((resolve) => setTimeout(resolve, 1_600));
  expect(await client.hold(store.event, [1])).toMatchObject({ ok: true });
  expect(await system.registry.getSingleMetric('seatwire_session_closes_total')?.get()).toMatchObject({
    values: [],
  });
}, 20_000);
