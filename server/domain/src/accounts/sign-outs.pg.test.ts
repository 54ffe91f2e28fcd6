import { randomToken, uuidv7 } from '@seatwire/protocol';
import {
  closeDatabase,
  type Database,
  openDatabase,
  openRedis,
  publishSignOut,
  type RedisClient,
  revokeRefreshFamily,
  saveRefreshToken,
} from '@seatwire/store';
import { sampleUser, type TestDatabase, testDatabase, testRedisUrl } from '@seatwire/store/testing';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { Revocations } from './revocations.ts';
import { SignOuts } from './sign-outs.ts';

let database: TestDatabase;
let db: Database;
let redis: RedisClient;
beforeAll(async () => {
  database = await testDatabase();
  db = await openDatabase(database.url);
  redis = await openRedis(testRedisUrl(), 'commands');
});
afterAll(async () => {
  redis.disconnect();
  await closeDatabase(db);
  await database.drop();
});

/** What one server knows. `lookMs` null: with the reading back off. */
async function server(lookMs: number | null, ledger = db) {
  const subscriber = await openRedis(testRedisUrl(), 'pubsub');
  const revocations = new Revocations(600_000);
  const closed: (string | null)[] = [];
  const failures: string[] = [];
  const failed = (_: unknown, what: string) => void failures.push(what);
  const options = { db: ledger, publisher: redis, subscriber, revocations, lifeMs: 600_000, lookMs, failed };
  const signOuts = new SignOuts(options);
  await signOuts.start((_user, signIn) => closed.push(signIn));
  return {
    subscriber,
    closed,
    failures,
    signOuts,
    knows: (family: string) => revocations.has(family),
    stop: async () => {
      subscriber.disconnect();
      await signOuts.stop().catch(() => undefined);
    },
  };
}

async function signIn() {
  const [family, hash] = [uuidv7(), randomToken()];
  const user = await sampleUser(db);
  await saveRefreshToken(db, { id: uuidv7(), family, user, hash, expiresAt: Date.now() + 60_000 });
  return { family, user, hash };
}
type SignedIn = Awaited<ReturnType<typeof signIn>>;

/** Signed out on some other server. */
async function signOut({ hash, user, family }: SignedIn): Promise<void> {
  await revokeRefreshFamily(db, hash);
  await publishSignOut(redis, { user, session: family });
}

/** The lines to the bus are down while `during` happens, and up again after. */
async function withoutBus(subscribers: RedisClient[], during: () => Promise<void>): Promise<void> {
  for (const line of subscribers) line.disconnect();
  await vi.waitFor(() => {
    for (const line of subscribers) expect(line.status).toBe('end');
  });
  await during();
  for (const line of subscribers) await line.connect();
}

describe('a sign-out', () => {
  test('[A5] a sign-out is heard by every server at once', async () => {
    const [one, two] = [await server(null), await server(null)];
    const out = await signIn();
    await revokeRefreshFamily(db, out.hash);
    await one.signOuts.announce({ user: out.user, session: out.family });
    expect([one.knows(out.family), one.closed]).toEqual([true, [out.family]]);
    await vi.waitFor(() => expect(two.closed).toEqual([out.family]));
    await Promise.all([one.stop(), two.stop()]);
  });

  test('[CX9] a sign-out while the line to the bus is down is read back when it comes up', async () => {
    const [reads, control] = [await server(600_000), await server(null)];
    const [lost, later] = [await signIn(), await signIn()];
    await withoutBus([reads.subscriber, control.subscriber], () => signOut(lost));
    await vi.waitFor(() => expect(reads.closed).toContain(lost.family));
    expect(reads.knows(lost.family)).toBe(true);
    // The control has its line again, and without the reading back never learns of the first.
    await signOut(later);
    await vi.waitFor(() => expect(control.closed).toContain(later.family));
    expect(control.closed).toEqual([later.family]);
    expect(control.knows(lost.family)).toBe(false);
    await Promise.all([reads.stop(), control.stop()]);
  });

  test('[CX9] a sign-out is read back every so often, though the line never comes up', async () => {
    const here = await server(50);
    const out = await signIn();
    here.subscriber.disconnect();
    await signOut(out);
    await vi.waitFor(() => expect(here.closed).toContain(out.family));
    await here.stop();
  });

  test('[CX9] a sign-out is told once, however often it is read', async () => {
    const here = await server(10);
    const [first, second] = [await signIn(), await signIn()];
    await revokeRefreshFamily(db, first.hash);
    await vi.waitFor(() => expect(here.closed).toContain(first.family));
    await revokeRefreshFamily(db, second.hash);
    await vi.waitFor(() => expect(here.closed).toContain(second.family));
    expect(here.closed).toHaveLength(new Set(here.closed).size);
    await here.stop();
  });

  test('[CB29] a sign-out from before the start is known when the server has started', async () => {
    const out = await signIn();
    await revokeRefreshFamily(db, out.hash);
    const [reads, control] = [await server(600_000), await server(null)];
    expect([reads.knows(out.family), control.knows(out.family)]).toEqual([true, false]);
    await Promise.all([reads.stop(), control.stop()]);
  });

  test('[CB29] a sign-out is known as soon as the ledger answers, when it did not at the start', async () => {
    const out = await signIn();
    await revokeRefreshFamily(db, out.hash);
    let away = true;
    const flaky = new Proxy(db, {
      get(target, name: keyof Database) {
        const member = target[name];
        if (typeof member !== 'function') return member;
        return (...args: never[]) =>
          away ? Promise.reject(new Error('away')) : (member as (...a: never[]) => unknown)(...args);
      },
    });
    const here = await server(20, flaky);
    expect(here.knows(out.family)).toBe(false);
    expect(here.failures).not.toEqual([]);
    away = false;
    await vi.waitFor(() => expect(here.knows(out.family)).toBe(true));
    await here.stop();
  });

  test('[CX9] a sign-out is over here although no other server can be told', async () => {
    const here = await server(null);
    const out = await signIn();
    const publisher = await openRedis(testRedisUrl(), 'commands');
    publisher.disconnect();
    const signOuts = new SignOuts({
      db,
      publisher,
      subscriber: here.subscriber,
      revocations: new Revocations(600_000),
      lifeMs: 600_000,
      lookMs: null,
      failed: (_, what) => void here.failures.push(what),
    });
    const closed: (string | null)[] = [];
    await signOuts.start((_user, session) => closed.push(session));
    await signOuts.announce({ user: out.user, session: out.family });
    expect([closed, here.failures]).toEqual([
      [out.family],
      ['other servers could not be told of a sign-out'],
    ]);
    await here.stop();
  });
});
