import type { Principal } from '@seatwire/domain';
import { type EventId, type HoldId, type UserId, uuidv7 } from '@seatwire/protocol';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { SocketIoClient } from './testing/socket-io-client.ts';
import { type System, startSystem } from './testing/system.ts';
import { op, WireClient } from './testing/wire-client.ts';

let system: System;
/** Verifications wait for this. */
let verifying: Promise<void> | null = null;
/** Called with each token, before it is verified. */
let verified: string[] = [];
const clients: { close(): unknown }[] = [];

beforeEach(async () => {
  verifying = null;
  verified = [];
  system = await startSystem({
    gateway: { commandMs: 400 },
    beforeVerify: async (token) => {
      verified.push(token);
      await verifying;
    },
  });
});
afterEach(async () => {
  await Promise.all(clients.splice(0).map((client) => client.close()));
  await system.stop();
});

async function open(token: string | null = null): Promise<WireClient> {
  const client = await WireClient.open(system.url, token);
  clients.push(client);
  return client;
}
/** The tokens of `authenticate` are verified only when the returned function is called. */
function slowly(): () => void {
  let go = () => {};
  verifying = new Promise((resolve) => {
    go = resolve;
  });
  return go;
}
const fresh = (principal: Partial<Principal> = {}) => {
  const user = uuidv7() as UserId;
  return { user, token: system.tokenOf({ user, ...principal }) };
};
const authenticate = (client: WireClient, token: string) =>
  client.say({ type: 'authenticate', op: op(), token });
const hold = (client: WireClient, id = op()) => {
  client.say({ type: 'hold', op: id, event: system.event, places: [1] });
  return id;
};
const kinds = (client: WireClient) => client.heard.slice(1).map((message) => message.type);
/** All that was said before has been heard and answered. */
async function settled(client: WireClient): Promise<void> {
  client.say({ type: 'sync-time', clientTime: 1 });
  await client.next('time');
}

describe('what follows an authenticate', () => {
  test('[CB1] [A6] a command sent after an authenticate is kept, in order, until that is answered, and runs as the new user', async () => {
    const client = await open();
    const go = slowly();
    authenticate(client, fresh().token);
    hold(client);
    client.say({ type: 'mine', op: op(), event: system.event });
    client.say({ type: 'sync-time', clientTime: 1 });
    await vi.waitFor(() => expect(verified).toHaveLength(1));
    await new Promise((resolve) => setTimeout(resolve, 50));
    expect(kinds(client)).toEqual([]);
    go();
    await client.next('time');
    await vi.waitFor(() => expect(kinds(client)).toHaveLength(4));
    expect(kinds(client)[0]).toBe('authenticated');
    expect(kinds(client).sort()).toEqual(['authenticated', 'held', 'mine', 'time']);
  });

  test('[CB1] [A6] a command sent after an authenticate is kept on socket.io too', async () => {
    const client = await SocketIoClient.open(system.port);
    clients.push(client);
    const go = slowly();
    const signedIn = client.ask('authenticate', { token: fresh().token });
    const held = client.ask('hold', { event: system.event, places: [1] });
    await vi.waitFor(() => expect(verified).toHaveLength(1));
    go();
    expect(await signedIn).toMatchObject({ type: 'authenticated' });
    expect(await held).toMatchObject({ type: 'held' });
  });

  test("[CB1] [A6] a command sent after an authenticate runs under the session's former identity when the token is refused", async () => {
    const { user, token } = fresh();
    const [visitor, buyer] = [await open(), await open(token)];
    const seen: (string | null)[] = [];
    const mine = system.domain.sales.mine;
    system.domain.sales.mine = (buyer, event) => {
      seen.push(buyer);
      return mine(buyer, event);
    };
    const go = slowly();
    for (const client of [visitor, buyer]) {
      authenticate(client, 'nonsense');
      client.say({ type: 'mine', op: op(), event: system.event });
    }
    await vi.waitFor(() => expect(verified).toHaveLength(3));
    go();
    expect((await visitor.next('rejected')).code).toBe('bad_token');
    expect((await visitor.next('rejected')).code).toBe('unauthenticated');
    expect((await buyer.next('rejected')).code).toBe('bad_token');
    await buyer.next('mine');
    expect(seen).toEqual([user]);
  });

  test('[CB1] [A6] a second authenticate takes effect after the first, whichever is verified sooner', async () => {
    const client = await open();
    const [first, second] = [fresh(), fresh()];
    const go = slowly();
    authenticate(client, first.token);
    const asFirst = hold(client);
    await vi.waitFor(() => expect(verified).toEqual([first.token]));
    verifying = null;
    authenticate(client, second.token);
    const asSecond = hold(client);
    const by: [string, string | null][] = [];
    const grant = system.domain.holds.hold;
    system.domain.holds.hold = (buyer, asked) => {
      by.push([asked.op, buyer]);
      return grant(buyer, asked);
    };
    go();
    expect((await client.next('authenticated')).user).toBe(first.user);
    expect((await client.next('authenticated')).user).toBe(second.user);
    await vi.waitFor(() =>
      expect(by).toEqual([
        [asFirst, first.user],
        [asSecond, second.user],
      ]),
    );
  });

  test('[CB1] [A6] the number of commands kept behind an authenticate is bounded', async () => {
    const client = await open(fresh().token);
    const go = slowly();
    authenticate(client, fresh().token);
    for (let i = 0; i < 40; i++) client.say({ type: 'mine', op: op(), event: system.event });
    await vi.waitFor(() => expect(client.all('rejected')).toHaveLength(8));
    expect(client.all('rejected').every(({ code }) => code === 'rate_limited')).toBe(true);
    go();
    await vi.waitFor(() => expect(client.all('mine')).toHaveLength(32));
  });

  test('[CB1] [A6] a command sent after an authenticate runs as before when the verification takes too long, and the late one changes nothing', async () => {
    const { user, token } = fresh();
    const client = await open(token);
    const go = slowly();
    authenticate(client, fresh().token);
    hold(client);
    expect((await client.next('rejected')).code).toBe('unavailable');
    await client.next('held');
    go();
    await settled(client);
    const ended = 'C'.repeat(22) as HoldId;
    const notice = { type: 'hold-ending', event: system.event, hold: ended, expiresAt: 5 } as const;
    system.notify({ to: user, message: notice });
    await client.next('hold-ending');
    expect(client.all('authenticated')).toEqual([]);
  });

  test('[CB1] [F5] a command sent after an authenticate is refused for the next server when this one drains meanwhile', async () => {
    const client = await open();
    const go = slowly();
    authenticate(client, fresh().token);
    const kept = hold(client);
    await vi.waitFor(() => expect(verified).toHaveLength(1));
    const drained = system.gateway.drain(2_000);
    await client.next('reconnect');
    go();
    await client.next('authenticated');
    expect(await client.next('rejected')).toMatchObject({ op: kept, code: 'unavailable' });
    await drained;
  });
});

describe('a session that becomes another user’s', () => {
  test('[CB13] [A7] a session with a new user hears no answer to what the former user asked for', async () => {
    const client = await open(fresh().token);
    let go = () => {};
    system.domain.gate = new Promise((resolve) => {
      go = resolve;
    });
    const asked = hold(client);
    await vi.waitFor(() => expect(system.domain.running).toBe(1));
    authenticate(client, fresh().token);
    await client.next('authenticated');
    expect(kinds(client)).toEqual(['rejected', 'authenticated']);
    expect(client.all('rejected')).toMatchObject([{ op: asked, code: 'unavailable' }]);
    go();
    await vi.waitFor(() => expect(system.domain.running).toBe(0));
    await settled(client);
    expect(client.all('held')).toEqual([]);
  });

  test('[CB13] [A7] a session with a new token of the same user is still answered', async () => {
    const { user, token } = fresh();
    const client = await open(token);
    let go = () => {};
    system.domain.gate = new Promise((resolve) => {
      go = resolve;
    });
    hold(client);
    await vi.waitFor(() => expect(system.domain.running).toBe(1));
    authenticate(client, system.tokenOf({ user }));
    await client.next('authenticated');
    go();
    await client.next('held');
  });

  test('[CB13] [A7] a session with a new user hears no notice of the former user, and joins go on', async () => {
    const former = fresh();
    const client = await open(former.token);
    await client.join(system.event);
    authenticate(client, fresh().token);
    await client.next('authenticated');
    const hold = 'A'.repeat(22) as HoldId;
    const message = { type: 'hold-ending', event: system.event, hold, expiresAt: 5 } as const;
    system.notify({ to: former.user, message });
    system.store.change(1, [1]);
    await vi.waitFor(() => expect(client.all('diff')).toHaveLength(1));
    await settled(client);
    expect(client.all('hold-ending')).toEqual([]);
  });

  test('[CB13] [N2] a session with a new user gets no monitor stream that the former user asked for', async () => {
    const client = await open(system.tokenOf({ user: system.organizer, role: 'organizer' }));
    let go = () => {};
    const looking = new Promise<void>((resolve) => {
      go = resolve;
    });
    let asked = false;
    const find = system.catalogue.find;
    system.catalogue.find = async (event: EventId) => {
      asked = true;
      await looking;
      return find(event);
    };
    client.say({ type: 'watch', op: op(), event: system.event });
    await vi.waitFor(() => expect(asked).toBe(true));
    authenticate(client, fresh().token);
    await client.next('authenticated');
    go();
    await expect(client.next('stats', 1_500)).rejects.toThrow('no stats');
  });

  test('[CX15] [N1] a session hears no notices while its token is expired, and does again after the next', async () => {
    const { user, token } = fresh({ expiresAt: Date.now() + 200 });
    const client = await open(token);
    await new Promise((resolve) => setTimeout(resolve, 250));
    const hold = 'B'.repeat(22) as HoldId;
    const message = { type: 'hold-ending', event: system.event, hold, expiresAt: 5 } as const;
    system.notify({ to: user, message });
    await settled(client);
    expect(client.all('hold-ending')).toEqual([]);
    authenticate(client, system.tokenOf({ user }));
    await client.next('authenticated');
    system.notify({ to: user, message });
    await client.next('hold-ending');
  });
});
