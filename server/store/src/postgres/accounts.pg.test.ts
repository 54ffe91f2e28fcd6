import { type User, type UserId, uuidv7 } from '@seatwire/protocol';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type TestDatabase, testDatabase } from '../testing/index.ts';
import { sampleUser } from '../testing/sample-sale.ts';
import {
  createUser,
  findCredentials,
  findUser,
  revokeRefreshFamily,
  rotateRefreshToken,
  saveRefreshToken,
} from './accounts.ts';
import { closeDatabase, type Database, openDatabase } from './database.ts';

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

const anna = (email: string): User => ({ id: uuidv7() as UserId, email, name: 'Anna', role: 'customer' });

describe('users', () => {
  test('are found by id and, in any case of letters, by e-mail address', async () => {
    const user = anna('Anna@Example.org');
    expect(await createUser(db, { ...user, passwordHash: 'hash' })).toEqual(user);
    expect(await findUser(db, user.id)).toEqual(user);
    expect(await findCredentials(db, 'anna@example.ORG')).toEqual({ user, passwordHash: 'hash' });
    expect(await findUser(db, uuidv7() as UserId)).toBeNull();
    expect(await findCredentials(db, 'nobody@example.org')).toBeNull();
  });

  test('of 20 who register one address at once, one gets it', async () => {
    const spelling = (i: number) => (i % 2 ? 'race@example.org' : 'RACE@example.org');
    const outcomes = await Promise.all(
      Array.from({ length: 20 }, (_, i) => createUser(db, { ...anna(spelling(i)), passwordHash: 'x' })),
    );
    expect(outcomes.filter((outcome) => outcome !== 'email_taken')).toHaveLength(1);
  });
});

describe('refresh tokens', () => {
  const token = (hash: string, inMs = 60_000) => ({ id: uuidv7(), hash, expiresAt: Date.now() + inMs });
  async function signIn(hash: string, inMs?: number) {
    const family = uuidv7();
    const user = await sampleUser(db);
    await saveRefreshToken(db, { ...token(hash, inMs), family, user });
    return { family, user };
  }
  const trade = (hash: string, next: string) => rotateRefreshToken(db, { hash, next: token(next) });

  test('rotate within their family', async () => {
    const { family, user } = await signIn('a1');
    expect(await trade('a1', 'a2')).toMatchObject({ family, user: { id: user } });
    expect(await trade('a2', 'a3')).toMatchObject({ family, user: { id: user } });
  });

  test('S9 used twice revoke their family, the newest token too', async () => {
    await signIn('b1');
    await trade('b1', 'b2');
    expect(await trade('b1', 'b3')).toBe('reused');
    expect(await trade('b2', 'b4')).toBe('unknown');
    expect(await trade('b3', 'b4')).toBe('unknown');
  });

  test('S9 traded 100 times at once have one winner, and what it won is revoked', async () => {
    await signIn('c1');
    const outcomes = await Promise.all(Array.from({ length: 100 }, (_, i) => trade('c1', `c2-${i}`)));
    expect(outcomes.filter((outcome) => typeof outcome === 'object')).toHaveLength(1);
    expect(outcomes.filter((outcome) => outcome === 'reused')).toHaveLength(99);
    const winner = outcomes.findIndex((outcome) => typeof outcome === 'object');
    expect(await trade(`c2-${winner}`, 'c3')).toBe('unknown');
  });

  test('that expired, were never made, or were signed out are unknown', async () => {
    await signIn('d1', -1);
    expect(await trade('d1', 'd2')).toBe('unknown');
    expect(await trade('none', 'd2')).toBe('unknown');
    const signedIn = await signIn('e1');
    expect(await revokeRefreshFamily(db, 'e1')).toEqual(signedIn);
    expect(await revokeRefreshFamily(db, 'e1')).toEqual(signedIn);
    expect(await revokeRefreshFamily(db, 'none')).toBeNull();
    expect(await trade('e1', 'e2')).toBe('unknown');
  });

  test('of other families live on when one is revoked', async () => {
    await signIn('f1');
    await signIn('g1');
    await revokeRefreshFamily(db, 'f1');
    expect(await trade('g1', 'g2')).toMatchObject({ user: {} });
  });
});
