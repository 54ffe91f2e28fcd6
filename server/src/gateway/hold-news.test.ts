/** Who is told what of a hold, message by message: the order of things is the test's. */
import { type HoldId, type OpId, randomToken, refused, type UserId, uuidv7 } from '@seatwire/protocol';
import { Unavailable } from '@seatwire/store';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { aHold, type System, startSystem } from './testing/system.ts';
import { op, WireClient } from './testing/wire-client.ts';

let system: System;
let user: UserId;
const clients: WireClient[] = [];

beforeEach(async () => {
  system = await startSystem();
  user = uuidv7() as UserId;
  system.domain.live = async (_, hold) => found(hold, 1);
});
afterEach(async () => {
  await Promise.all(clients.splice(0).map((client) => client.close()));
  await system.stop();
});

/** A session of the buyer, in the room. */
async function session(): Promise<WireClient> {
  const client = await WireClient.open(system.url, system.tokenOf({ user }));
  clients.push(client);
  await client.join(system.event);
  await client.next('snapshot');
  return client;
}

const newHold = () => randomToken() as HoldId;
const found = (hold: HoldId, expiresAt: number) => ({ ok: true, ...aHold({ hold, expiresAt }) }) as const;
const made = (hold: HoldId) => system.store.change(1, [1], { kind: 'hold', holds: [{ hold, buyer: user }] });
const ended = (kind: 'release' | 'confirm' | 'expire', hold: HoldId) =>
  system.store.change(kind === 'confirm' ? 2 : 0, [1], { kind, holds: [{ hold, buyer: user }] });
const touched = (hold: HoldId, by: OpId) =>
  system.notify({ to: user, touched: { event: system.event, hold }, op: by });
/** Everything said to the session so far has arrived. */
async function settled(client: WireClient): Promise<void> {
  client.say({ type: 'sync-time', clientTime: 1 });
  await client.next('time');
}
function gate(): { readonly closed: Promise<void>; open(): void } {
  let open: () => void = () => undefined;
  const closed = new Promise<void>((resolve) => {
    open = resolve;
  });
  return { closed, open };
}

describe('a session is not told of its own hold', () => {
  test.each(['before', 'after'] as const)(
    '[CD5] a session that heard of %s its answer is not told of its own hold, and the other session is',
    async (when) => {
      const [own, other] = [await session(), await session()];
      const hold = newHold();
      const answered = gate();
      system.domain.holds.hold = async () => {
        if (when === 'before') await answered.closed;
        return found(hold, 1);
      };
      own.say({ type: 'hold', op: op(), event: system.event, places: [1] });
      if (when === 'after') await own.next('held');
      else await settled(own);
      made(hold);
      expect(await other.next('hold-changed')).toMatchObject({ hold, places: [1] });
      answered.open();
      if (when === 'before') await own.next('held');
      await settled(own);
      expect(own.all('hold-changed')).toEqual([]);
    },
  );

  test('[CD5] a session is not told of its own release and sale, however they meet their answers; another session is', async () => {
    const [own, other] = [await session(), await session()];
    const [released, sold] = [newHold(), newHold()];
    own.say({ type: 'release', op: op(), event: system.event, hold: released });
    await own.next('released');
    ended('release', released);
    const answered = gate();
    system.domain.gate = answered.closed;
    own.say({ type: 'pay', op: op(), event: system.event, hold: sold, method: 'card' });
    await settled(own);
    ended('confirm', sold);
    expect(await other.next('hold-ended')).toMatchObject({ hold: released, reason: 'released' });
    expect(await other.next('hold-ended')).toMatchObject({ hold: sold, reason: 'sold' });
    answered.open();
    await own.next('accepted');
    await settled(own);
    expect(own.all('hold-ended')).toEqual([]);
  });

  test('[CD5] a session is not told of what its own command changed, while it is under way and after', async () => {
    const [own, other] = [await session(), await session()];
    const hold = newHold();
    const [first, second] = [op(), op()];
    own.say({ type: 'extend', op: first, event: system.event, hold });
    await own.next('extended');
    touched(hold, first);
    await other.next('hold-changed');
    const answered = gate();
    system.domain.gate = answered.closed;
    own.say({ type: 'checkout', op: second, event: system.event, hold });
    await settled(own);
    touched(hold, second);
    await other.next('hold-changed');
    answered.open();
    await own.next('checked-out');
    await settled(own);
    expect(own.all('hold-changed')).toEqual([]);
  });
});

describe('a session is told', () => {
  test('[CD4] a session is told of its own hold, if it was refused an answer and the hold was made all the same', async () => {
    const own = await session();
    const hold = newHold();
    const failed = gate();
    system.domain.holds.hold = async () => {
      await failed.closed;
      throw new Unavailable('redis', 'no answer in time');
    };
    own.say({ type: 'hold', op: op(), event: system.event, places: [1] });
    await settled(own);
    made(hold);
    failed.open();
    expect((await own.next('rejected')).code).toBe('unavailable');
    expect(await own.next('hold-changed')).toMatchObject({ hold });
  });

  test.each([
    ['pay', 'payment_declined', 'before its answer'],
    ['pay', 'payment_declined', 'after its answer'],
    ['checkout', 'unavailable', 'before its answer'],
    ['checkout', 'unavailable', 'after its answer'],
    ['extend', 'unavailable', 'after its answer'],
  ] as const)(
    '[N1] a session is told of what its own %s changed that was refused %s, heard of %s',
    async (type, code, when) => {
      const own = await session();
      const hold = newHold();
      const answered = gate();
      const refusing = async () => {
        await answered.closed;
        return refused(code);
      };
      system.domain.sales.pay = refusing;
      system.domain.sales.checkout = refusing;
      system.domain.holds.extend = refusing;
      const asked = op();
      const command = { op: asked, event: system.event, hold };
      own.say(type === 'pay' ? { type, ...command, method: 'card' } : { type, ...command });
      await settled(own);
      if (when === 'before its answer') touched(hold, asked);
      answered.open();
      await own.next('rejected');
      if (when === 'after its answer') touched(hold, asked);
      expect(await own.next('hold-changed')).toMatchObject({ hold });
    },
  );

  test('[CB8] a session is told of an end that another session of the buyer beat it to', async () => {
    const own = await session();
    const hold = newHold();
    system.domain.sales.pay = async () => refused('hold_expired');
    own.say({ type: 'pay', op: op(), event: system.event, hold, method: 'card' });
    ended('release', hold);
    expect(await own.next('hold-ended')).toMatchObject({ hold, reason: 'released' });
  });

  test('[CB11] a session is told of holds in the rooms it is in only', async () => {
    const elsewhere = await WireClient.open(system.url, system.tokenOf({ user }));
    clients.push(elsewhere);
    const inside = await session();
    const hold = newHold();
    made(hold);
    await inside.next('hold-changed');
    touched(hold, op());
    await inside.next('hold-changed');
    await settled(elsewhere);
    expect(elsewhere.all('hold-changed')).toEqual([]);
  });

  test('[CB11] a session is told of no other buyer’s hold', async () => {
    const client = await session();
    system.store.change(1, [1], { kind: 'hold', holds: [{ hold: newHold(), buyer: uuidv7() as UserId }] });
    await client.next('diff');
    await settled(client);
    expect(client.all('hold-changed')).toEqual([]);
  });
});

describe('what is late', () => {
  test('[CB5] a look that ends after the hold did is not told', async () => {
    const client = await session();
    const hold = newHold();
    const read = gate();
    system.domain.live = async () => {
      await read.closed;
      return found(hold, 1);
    };
    made(hold);
    ended('expire', hold);
    await client.next('hold-ended');
    read.open();
    await settled(client);
    await settled(client);
    expect(client.all('hold-changed')).toEqual([]);
  });

  test('[CB5] the control: a look that ends before the hold does is told, and then the end', async () => {
    const client = await session();
    const hold = newHold();
    made(hold);
    await client.next('hold-changed');
    ended('expire', hold);
    await client.next('hold-ended');
  });

  test('[CB11] of two changes told late the last one says what the store says after both', async () => {
    const client = await session();
    const hold = newHold();
    const read = gate();
    let looks = 0;
    system.domain.live = async () => {
      const look = ++looks;
      if (look === 1) await read.closed;
      return found(hold, look);
    };
    touched(hold, op());
    touched(hold, op());
    read.open();
    expect((await client.next('hold-changed')).expiresAt).toBe(1);
    expect((await client.next('hold-changed')).expiresAt).toBe(2);
  });
});

test('[CB9] a rebuild tells the sessions in the room which of their holds it ended', async () => {
  const [one, two] = [await session(), await session()];
  const hold = newHold();
  system.store.rebuild({ holds: [{ hold, buyer: user }] });
  for (const client of [one, two]) {
    expect(await client.next('hold-ended')).toEqual({
      type: 'hold-ended',
      event: system.event,
      hold,
      reason: 'rebuilt',
    });
  }
});
