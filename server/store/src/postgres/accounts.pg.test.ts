import { type User, type UserId, uuidv7 } from '@seatwire/protocol';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type TestDatabase, testDatabase } from '../testing/index.ts';
import { createUser, findCredentials, findUser, replacePasswordHash } from './accounts.ts';
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
  test('users are found by id and, in any case of letters, by e-mail address', async () => {
    const user = anna('Anna@Example.org');
    expect(await createUser(db, { ...user, passwordHash: 'hash' })).toEqual(user);
    expect(await findUser(db, user.id)).toEqual(user);
    expect(await findCredentials(db, 'anna@example.ORG')).toEqual({ user, passwordHash: 'hash' });
    expect(await findUser(db, uuidv7() as UserId)).toBeNull();
    expect(await findCredentials(db, 'nobody@example.org')).toBeNull();
  });

  test('of 20 users who register one address at once, one gets it', async () => {
    const spelling = (i: number) => (i % 2 ? 'race@example.org' : 'RACE@example.org');
    const outcomes = await Promise.all(
      Array.from({ length: 20 }, (_, i) => createUser(db, { ...anna(spelling(i)), passwordHash: 'x' })),
    );
    expect(outcomes.filter((outcome) => outcome !== 'email_taken')).toHaveLength(1);
  });

  test('[CB34] users get another password hash, unless another one was set meanwhile', async () => {
    const user = anna('rehash@example.org');
    await createUser(db, { ...user, passwordHash: 'old' });
    const hash = async () => (await findCredentials(db, user.email))?.passwordHash;
    await replacePasswordHash(db, user.id, { from: 'old', to: 'new' });
    expect(await hash()).toBe('new');
    await replacePasswordHash(db, user.id, { from: 'old', to: 'late' });
    expect(await hash()).toBe('new');
  });
});
