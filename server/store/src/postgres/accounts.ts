import { ROLES, type User, type UserId, userId } from '@seatwire/protocol';
import { sql } from 'slonik';
import { z } from 'zod';
import type { Database } from './database.ts';

export interface NewUser extends User {
  readonly passwordHash: string;
}

export const userRow = z.object({ id: userId, email: z.string(), name: z.string(), role: z.enum(ROLES) });
export const userColumns = sql.fragment`u.id, u.email, u.name, u.role`;

/** E-mail addresses are compared without regard to case. */
export async function createUser(db: Database, user: NewUser): Promise<User | 'email_taken'> {
  const created = await db.maybeOne(sql.type(userRow)`
    insert into users as u (id, email, name, role, password_hash)
    values (${user.id}, ${user.email}, ${user.name}, ${user.role}, ${user.passwordHash})
    on conflict (lower(email)) do nothing
    returning ${userColumns}`);
  return created ?? 'email_taken';
}

export async function findUser(db: Database, id: UserId): Promise<User | null> {
  return db.maybeOne(sql.type(userRow)`select ${userColumns} from users u where u.id = ${id}`);
}

export async function findCredentials(
  db: Database,
  email: string,
): Promise<{ readonly user: User; readonly passwordHash: string } | null> {
  const row = await db.maybeOne(sql.type(userRow.extend({ password_hash: z.string() }))`
    select ${userColumns}, u.password_hash from users u where lower(u.email) = lower(${email})`);
  if (!row) return null;
  const { password_hash: passwordHash, ...user } = row;
  return { user, passwordHash };
}

/** Does nothing when the hash is no longer `from`: another password was set meanwhile. */
export async function replacePasswordHash(
  db: Database,
  user: UserId,
  { from, to }: { readonly from: string; readonly to: string },
): Promise<void> {
  await db.query(sql.unsafe`
    update users set password_hash = ${to} where id = ${user} and password_hash = ${from}`);
}
