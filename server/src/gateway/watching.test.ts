/** Who looks at an event, and the organizer who watches it. */
import { randomToken, type UserId, uuidv7 } from '@seatwire/protocol';
import { describe, expect, test, vi } from 'vitest';
import { nativeClients } from './testing/native-clients.ts';
import { op, type WireClient } from './testing/wire-client.ts';

const here = nativeClients();

describe('who is looking', () => {
  /** What the newest socket in the room, one of its own, is told. */
  const looking = async (...others: Promise<WireClient>[]) => {
    for (const other of others) await (await other).join(here.system.event);
    const last = await here.open();
    await last.join(here.system.event);
    return (await last.next('snapshot')).viewers;
  };
  const visitor = (name: string) => here.open(null, `?visitor=${name}`);
  /** What it said before is done. */
  const done = async (client: WireClient) => {
    client.say({ type: 'sync-time', clientTime: 1 });
    await client.next('time');
  };

  test('[J8] [CD22] two windows of an account are one person, and so are two of a browser', async () => {
    const user = uuidv7() as UserId;
    const mine = () => here.open(here.system.tokenOf({ user }));
    expect(await looking(mine(), mine())).toBe(1);
    const name = randomToken();
    // The one who was told is there now, too.
    expect(await looking(visitor(name), visitor(name), visitor(randomToken()))).toBe(2 + 2);
  });

  test('[J8] [CD22] the control: what gives no name, or a strange one, is one of its own', async () => {
    expect(await looking(here.open(), here.open(), visitor('x'), visitor('x'))).toBe(4);
  });

  test('[J8] [CD22] of two windows of a browser each goes its own way', async () => {
    const name = randomToken();
    const [a, b] = [await visitor(name), await visitor(name)];
    for (const one of [a, b]) await one.join(here.system.event);
    b.say({ type: 'authenticate', op: op(), token: here.system.tokenOf({ user: uuidv7() as UserId }) });
    await b.next('authenticated');
    expect(await looking()).toBe(2);
    a.say({ type: 'leave', event: here.system.event });
    await done(a);
    expect(await looking()).toBe(2);
  });

  test('[J8] [CD22] a monitor is no visitor, until it stops watching', async () => {
    const monitor = await here.open(here.system.tokenOf({ user: here.system.organizer, role: 'organizer' }));
    await monitor.join(here.system.event);
    monitor.say({ type: 'watch', op: op(), event: here.system.event });
    await monitor.next('stats');
    await vi.waitFor(async () => expect((await monitor.next('stats')).viewers).toBe(0), { timeout: 4_000 });
    monitor.say({ type: 'unwatch', event: here.system.event });
    await done(monitor);
    expect(await looking()).toBe(1);
  });
});

describe('the monitor stream', () => {
  test('[N2] the monitor stream is for the organizer and admins only', async () => {
    const stranger = await here.open(here.system.tokenOf({ role: 'organizer' }));
    stranger.say({ type: 'watch', op: op(), event: here.system.event });
    expect((await stranger.next('rejected')).code).toBe('forbidden');
    const admin = await here.open(here.system.tokenOf({ role: 'admin' }));
    admin.say({ type: 'watch', op: op(), event: here.system.event });
    await admin.next('stats');
  });

  test('[C6] a watch is answered under its op, before the first stats, which come at once; so is one more', async () => {
    const client = await here.open(here.system.tokenOf({ user: here.system.organizer, role: 'organizer' }));
    const said: { type: string; op?: string }[] = client.heard;
    for (let i = 0; i < 2; i++) {
      const from = said.length;
      const asked = op();
      client.say({ type: 'watch', op: asked, event: here.system.event });
      client.say({ type: 'sync-time', clientTime: i });
      await client.next('watching');
      await client.next('time');
      const answer = said.slice(from).findIndex(({ op }) => op === asked);
      expect(said[from + answer]).toEqual({ type: 'watching', op: asked, event: here.system.event });
      expect(said[from + answer + 1]).toMatchObject({ type: 'stats', event: here.system.event });
      if (i === 0) expect(answer).toBe(0);
    }
  });

  test('[N2] the monitor stream counts places, holds and sales, and goes on each second until it is ended', async () => {
    const client = await here.open(here.system.tokenOf({ user: here.system.organizer, role: 'organizer' }));
    client.say({ type: 'watch', op: op(), event: here.system.event });
    expect(await client.next('stats')).toMatchObject({
      free: 64,
      revenue: 12_300,
      currency: 'EUR',
      viewers: 0,
    });
    here.system.store.change(1, [1, 2, 3], { kind: 'hold' });
    here.system.store.change(2, [1], { kind: 'confirm' });
    await vi.waitFor(
      async () => {
        const stats = await client.next('stats');
        expect(stats).toMatchObject({ free: 61, held: 2, sold: 1, blocked: 0 });
        expect(stats.holdsPerSecond).toBeGreaterThan(0);
        expect(stats.salesPerSecond).toBeGreaterThan(0);
      },
      { timeout: 4_000 },
    );
    client.say({ type: 'unwatch', event: here.system.event });
    client.say({ type: 'sync-time', clientTime: 1 });
    await client.next('time');
    await expect(client.next('stats', 1_300)).rejects.toThrow('no stats');
  });
});
