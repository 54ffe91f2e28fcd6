import { type UserId, uuidv7 } from '@seatwire/protocol';
import { sql } from 'slonik';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { z } from 'zod';
import { type TestDatabase, testDatabase } from '../testing/index.ts';
import { sampleUser } from '../testing/sample-sale.ts';
import { closeDatabase, type Database, openDatabase } from './database.ts';
import {
  forgetRefreshSalts,
  LOST_ANSWER_MS,
  ledgerTime,
  REPEAT_MS,
  revokedFamilies,
  revokeRefreshFamily,
  rotateRefreshToken,
  saveRefreshToken,
} from './refresh-tokens.ts';

let database: TestDatabase;
let db: Database;
beforeAll(async () => {
  database = await testDatabase();
  db = await openDatabase(database.url);
});
afterAll(async () => {
  await closeDatabase(db);
  await database.drop();
});

const token = (hash: string, inMs = 60_000) => ({ id: uuidv7(), hash, expiresAt: Date.now() + inMs });
async function signIn(hash: string, inMs?: number): Promise<{ family: string; user: UserId }> {
  const family = uuidv7();
  const user = await sampleUser(db);
  await saveRefreshToken(db, { ...token(hash, inMs), family, user });
  return { family, user };
}
/** The salt names the successor, so that the tests can read the way. */
const trade = (hash: string, next: string) =>
  rotateRefreshToken(db, { hash, salt: `to ${next}`, next: token(next) });
const waited = (hash: string, ms: number) =>
  db.query(
    sql.unsafe`update refresh_tokens set used_at = used_at - ${ms} * interval '1 ms' where hash = ${hash}`,
  );
/** The family's tokens from the first on, each before its successor: ids made in one millisecond have no order. */
const tokensOf = (family: string) =>
  db.any(
    sql.type(z.object({ hash: z.string(), salt: z.string().nullable() }))`
      with recursive chain as (
        select t.id, t.hash, t.salt, t.successor, 0 as step from refresh_tokens t
        where t.family_id = ${family} and t.id not in (
          select successor from refresh_tokens where family_id = ${family} and successor is not null)
        union all
        select t.id, t.hash, t.salt, t.successor, c.step + 1 from chain c join refresh_tokens t on t.id = c.successor
      )
      select hash, salt from chain order by step`,
  );

describe('refresh tokens', () => {
  test('refresh tokens rotate within their family', async () => {
    const { family, user } = await signIn('a1');
    expect(await trade('a1', 'a2')).toMatchObject({ family, user: { id: user }, salts: ['to a2'] });
    expect(await trade('a2', 'a3')).toMatchObject({ family, user: { id: user }, salts: ['to a3'] });
  });

  test('[CB3] [SE9] refresh tokens used again while their successor is not used get that one again', async () => {
    const { family, user } = await signIn('b1');
    await trade('b1', 'b2');
    for (const ms of [0, REPEAT_MS, LOST_ANSWER_MS - REPEAT_MS - 5_000]) {
      await waited('b1', ms);
      expect(await trade('b1', 'b3')).toMatchObject({ family, user: { id: user }, salts: ['to b2'] });
    }
    expect((await tokensOf(family)).map(({ hash }) => hash)).toEqual(['b1', 'b2']);
    expect(await trade('b2', 'b4')).toMatchObject({ salts: ['to b4'] });
  });

  test('[CB3] [SE9] refresh tokens used again soon after their successor was used get the newest of the family', async () => {
    await signIn('h1');
    await trade('h1', 'h2');
    await trade('h2', 'h3');
    await trade('h3', 'h4');
    expect(await trade('h1', 'x')).toMatchObject({ salts: ['to h2', 'to h3', 'to h4'] });
    expect(await trade('h3', 'x')).toMatchObject({ salts: ['to h4'] });
  });

  test('[CB3] [SE9] refresh tokens used again late revoke their family, the newest token too', async () => {
    await signIn('i1');
    await trade('i1', 'i2');
    await waited('i1', LOST_ANSWER_MS + 1);
    expect(await trade('i1', 'i3')).toBe('reused');
    expect(await trade('i2', 'i4')).toBe('unknown');
    expect(await trade('i3', 'i4')).toBe('unknown');
  });

  test('[CB3] [SE9] refresh tokens used again after their successor was used and the grace is over revoke their family', async () => {
    await signIn('j1');
    await trade('j1', 'j2');
    await waited('j1', REPEAT_MS + 1);
    await trade('j2', 'j3');
    expect(await trade('j1', 'j4')).toBe('reused');
    expect(await trade('j3', 'j4')).toBe('unknown');
  });

  test('[CB3] [SE9] refresh tokens traded 100 times at once all get one successor, and the family lives', async () => {
    const { family } = await signIn('c1');
    const outcomes = await Promise.all(Array.from({ length: 100 }, (_, i) => trade('c1', `c2-${i}`)));
    const salts = new Set(outcomes.map((outcome) => JSON.stringify(Object(outcome).salts)));
    expect(salts.size).toBe(1);
    const [first, second, ...more] = await tokensOf(family);
    expect(more).toEqual([]);
    expect(first).toEqual({ hash: 'c1', salt: `to ${second!.hash}` });
    expect(await trade(second!.hash, 'c3')).toMatchObject({ family });
  });

  test('[CB3] [SE9] refresh tokens that can no longer be repeated lose their salt, whether or not their family goes on', async () => {
    const { family } = await signIn('k1');
    await trade('k1', 'k2');
    await trade('k2', 'k3');
    await trade('k3', 'k4');
    await waited('k1', LOST_ANSWER_MS + 1);
    await waited('k2', LOST_ANSWER_MS - 5_000);
    await forgetRefreshSalts(db);
    expect((await tokensOf(family)).map(({ salt }) => salt)).toEqual([null, 'to k3', 'to k4', null]);
    expect(await trade('k3', 'x')).toMatchObject({ salts: ['to k4'] });
  });

  test('refresh tokens that expired, were never made, or were signed out are unknown', async () => {
    await signIn('d1', -1);
    expect(await trade('d1', 'd2')).toBe('unknown');
    expect(await trade('none', 'd2')).toBe('unknown');
    const signedIn = await signIn('e1');
    await trade('e1', 'e2');
    expect(await revokeRefreshFamily(db, 'e1')).toEqual(signedIn);
    expect(await revokeRefreshFamily(db, 'e1')).toEqual(signedIn);
    expect(await revokeRefreshFamily(db, 'none')).toBeNull();
    expect(await trade('e1', 'e3')).toBe('unknown');
    expect(await trade('e2', 'e3')).toBe('unknown');
  });

  test('refresh tokens of other families live on when one is revoked', async () => {
    await signIn('f1');
    await signIn('g1');
    await revokeRefreshFamily(db, 'f1');
    expect(await trade('g1', 'g2')).toMatchObject({ user: {} });
  });
});

describe('sign-outs', () => {
  test('[CB29] sign-outs are read back in order, page by page, from a moment on', async () => {
    const from = await ledgerTime(db);
    const ended = [];
    for (const hash of ['m1', 'm2', 'm3']) {
      ended.push(await signIn(hash));
      await revokeRefreshFamily(db, hash);
    }
    await signIn('m4');
    const pages = [];
    for (let after: string | null = null; ; ) {
      const { families, next } = await revokedFamilies(db, { from, after, most: 2 });
      pages.push(families.map(({ user, family }) => ({ user, family })));
      if (next === null) break;
      after = next;
    }
    expect(pages).toEqual([ended.slice(0, 2), ended.slice(2)]);
    const until = await ledgerTime(db);
    expect((await revokedFamilies(db, { from: until, after: null, most: 2 })).families).toEqual([]);
    const [first] = (await revokedFamilies(db, { from, after: null, most: 1 })).families;
    expect(first!.revokedAt).toBeGreaterThanOrEqual(from);
    expect(first!.revokedAt).toBeLessThanOrEqual(until);
  });

  test('[CB29] sign-outs that happened in one microsecond are all read', async () => {
    const from = await ledgerTime(db);
    const families = [];
    for (const hash of ['n1', 'n2', 'n3']) families.push((await signIn(hash)).family);
    await db.query(sql.unsafe`
      update refresh_families set revoked_at = now() where id = any(${sql.array(families, 'uuid')})`);
    const read = [];
    for (let after: string | null = null; ; ) {
      const page = await revokedFamilies(db, { from, after, most: 1 });
      read.push(...page.families.map(({ family }) => family));
      if (page.next === null) break;
      after = page.next;
    }
    expect(read.sort()).toEqual(families.sort());
  });
});
