import { type UserId, uuidv7 } from '@seatwire/protocol';
import { afterEach, describe, expect, test, vi } from 'vitest';
import type { GatewayOptions } from './options.ts';
import { type System, startSystem } from './testing/system.ts';
import { op, reasonOf, WireClient } from './testing/wire-client.ts';

let system: System;
const start = async (gateway: Partial<GatewayOptions>): Promise<System> => {
  system = await startSystem({ gateway });
  return system;
};
afterEach(() => system.stop());

const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

/** The domain answers nothing until the returned function is called. */
function shutGate(): () => void {
  let open = () => {};
  system.domain.gate = new Promise((resolve) => {
    open = resolve;
  });
  return open;
}

describe('rates', () => {
  test('[L2] messages over the rate are refused one by one, and taken again after a moment', async () => {
    await start({ rate: { perSecond: 5, burst: 10 }, abuse: 1000 });
    const client = await WireClient.open(system.url, system.tokenOf());
    for (let i = 0; i < 20; i++) client.say({ type: 'mine', op: op(), event: system.event });
    await vi.waitFor(() => expect(client.all('mine').length + client.all('rejected').length).toBe(20));
    expect(client.all('mine').length).toBeGreaterThanOrEqual(9);
    expect(client.all('mine').length).toBeLessThan(15);
    expect(new Set(client.all('rejected').map((r) => r.code))).toEqual(new Set(['rate_limited']));
    await pause(500);
    client.say({ type: 'mine', op: op(), event: system.event });
    await vi.waitFor(() => expect(client.heard.at(-1)?.type).toBe('mine'));
  });

  test('[L2] a flood ends the session', async () => {
    await start({ rate: { perSecond: 10, burst: 10 }, abuse: 50 });
    const client = await WireClient.open(system.url);
    for (let i = 0; i < 200; i++) client.say({ type: 'sync-time', clientTime: i });
    expect(reasonOf(await client.ended)).toBe('rate_abuse');
  });
});

describe('commands under way', () => {
  test('[L3] commands under way are bounded per socket; those over are refused at once', async () => {
    await start({ maxPending: 4 });
    const open = shutGate();
    const client = await WireClient.open(system.url, system.tokenOf());
    for (let i = 0; i < 6; i++) client.say({ type: 'hold', op: op(), event: system.event, places: [i] });
    await client.next('rejected');
    expect((await client.next('rejected')).code).toBe('rate_limited');
    expect(system.domain.peak).toBe(4);
    open();
    for (let i = 0; i < 4; i++) await client.next('held');
  });

  test('[L3] commands under way are bounded per user, over all sockets', async () => {
    await start({ maxPendingPerUser: 5 });
    const open = shutGate();
    const user = uuidv7() as UserId;
    const sockets = await Promise.all(
      [1, 2, 3].map(() => WireClient.open(system.url, system.tokenOf({ user }))),
    );
    for (const socket of sockets) {
      for (let i = 0; i < 3; i++) socket.say({ type: 'hold', op: op(), event: system.event, places: [i] });
    }
    const refusals = () => sockets.flatMap((socket) => socket.all('rejected')).length;
    await vi.waitFor(() => expect(refusals()).toBe(4));
    expect(system.domain.peak).toBe(5);
    open();
    await vi.waitFor(() => expect(sockets.flatMap((socket) => socket.all('held')).length).toBe(5));
    const [first] = sockets;
    first!.say({ type: 'hold', op: op(), event: system.event, places: [1] });
    await first!.next('held');
  });

  test('[L3] commands under way are answered `unavailable` when their time is up, once', async () => {
    await start({ commandMs: 300 });
    const open = shutGate();
    const client = await WireClient.open(system.url, system.tokenOf());
    const asked = op();
    client.say({ type: 'hold', op: asked, event: system.event, places: [1] });
    expect(await client.next('rejected')).toMatchObject({ op: asked, code: 'unavailable' });
    open();
    client.say({ type: 'sync-time', clientTime: 1 });
    await client.next('time');
    expect(client.all('held')).toEqual([]);
  });
});

describe('sockets', () => {
  test('[H7] sockets are bounded per process', async () => {
    await start({ maxSockets: 2 });
    await WireClient.open(system.url);
    await WireClient.open(system.url);
    const third = await WireClient.connect(system.url);
    expect(reasonOf(await third.ended)).toBe('overloaded');
  });

  test('[L4] sockets that are in no room and say nothing are closed', async () => {
    await start({ idleMs: 500 });
    const idle = await WireClient.open(system.url);
    const joined = await WireClient.open(system.url);
    joined.join(system.event);
    expect(reasonOf(await idle.ended)).toBe('idle');
    joined.say({ type: 'sync-time', clientTime: 1 });
    await joined.next('time');
  });

  test('[H5] sockets that do not answer pings are cut', async () => {
    await start({ heartbeatMs: 4_000 });
    const dead = await WireClient.open(system.url);
    dead.pause();
    await vi.waitFor(() => expect(system.gateway.sockets).toBe(0), { timeout: 20_000, interval: 100 });
    dead.socket.terminate();
  }, 25_000);
});
