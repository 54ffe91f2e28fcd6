import { afterEach, expect, test, vi } from 'vitest';
import { type System, startSystem } from './testing/system.ts';
import { op, reasonOf, WireClient } from './testing/wire-client.ts';

let system: System;
afterEach(() => system.stop());

test('[F5] draining tells each client when to come back, spread out, finishes what is under way, and closes', async () => {
  system = await startSystem({ gateway: { reconnectWithinMs: 1_000 } });
  const clients = await Promise.all(
    Array.from({ length: 20 }, () => WireClient.open(system.url, system.tokenOf())),
  );
  const [busy] = clients;
  let go = () => {};
  system.domain.gate = new Promise((resolve) => {
    go = resolve;
  });
  busy!.say({ type: 'hold', op: op(), event: system.event, places: [1] });
  await vi.waitFor(() => expect(system.domain.running).toBe(1));

  const drained = system.gateway.drain(5_000);
  const told = await Promise.all(clients.map((client) => client.next('reconnect')));
  expect(new Set(told.map((message) => message.afterMs)).size).toBeGreaterThan(10);
  expect(Math.max(...told.map((message) => message.afterMs))).toBeLessThan(1_000);
  for (const client of clients.slice(1)) expect(reasonOf(await client.ended)).toBe('going_away');

  busy!.say({ type: 'hold', op: op(), event: system.event, places: [2] });
  expect((await busy!.next('rejected')).code).toBe('unavailable');
  await expect(WireClient.connect(system.url)).rejects.toThrow();
  go();
  await busy!.next('held');
  expect(reasonOf(await busy!.ended)).toBe('going_away');
  await drained;
  expect(system.gateway.sockets).toBe(0);
});

test('[F5] draining does not wait for ever', async () => {
  system = await startSystem();
  const client = await WireClient.open(system.url, system.tokenOf());
  system.domain.gate = new Promise(() => {});
  client.say({ type: 'hold', op: op(), event: system.event, places: [1] });
  await vi.waitFor(() => expect(system.domain.running).toBe(1));
  await system.gateway.drain(200);
  expect(reasonOf(await client.ended)).toBe('going_away');
});

test('[F5] a drained process that nobody is connected to is done at once', async () => {
  system = await startSystem();
  await system.gateway.drain(60_000);
});
