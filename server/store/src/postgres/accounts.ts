import { ROLES, type User, type UserId, userId } from '@seatwire/protocol';
import { sql } from 'slonik';
import { z } from 'zod';
import type { Database } from './database.ts';

export interface NewUser extends User {
  readonly passwordHash: string;
}

/** One token of a family. `hash` is of the token, which is never stored; `expiresAt` in epoch ms. */
export interface NewRefreshToken {
  /** UUIDv7. */
  readonly id: string;
  /** UUIDv7 of the sign-in it descends from. */
  readonly family: string;
  readonly user: UserId;
  readonly hash: string;
  readonly expiresAt: number;
}

const userRow = z.object({ id: userId, email: z.string(), name: z.string(), role: z.enum(ROLES) });
const userColumns = sql.fragment`u.id, u.email, u.name, u.role`;

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

/** Starts a family, or adds a token to the one it names. */
export async function saveRefreshToken(db: Database, token: NewRefreshToken): Promise<void> {
  await db.query(sql.unsafe`
    with family as (
      insert into refresh_families (id, user_id) values (${token.family}, ${token.user}) on conflict (id) do nothing
    )
    insert into refresh_tokens (id, family_id, hash, expires_at)
    values (${token.id}, ${token.family}, ${token.hash}, ${at(token.expiresAt)})`);
}

/**
 * Trades an unused token for `next`. `reused`: the token had been traded before, so somebody else may have it, and its whole
 * family is revoked from now on. `unknown`: no such token, or it has expired, or its family is revoked. Of any number of calls
 * at once with one token, one gets the user, and the others, being reuses, revoke what it got.
 */
export async function rotateRefreshToken(
  db: Database,
  trade: { readonly hash: string; readonly next: Omit<NewRefreshToken, 'family' | 'user'> },
): Promise<{ readonly user: User; readonly family: string } | 'unknown' | 'reused'> {
  return db.transaction(async (tx) => {
    // The family is the lock: what follows sees all that earlier calls on it did.
    const family = await tx.maybeOne(sql.type(familyRow)`
      select f.id, f.user_id, f.revoked_at is not null as revoked from refresh_families f
      where f.id = (select family_id from refresh_tokens where hash = ${trade.hash}) for update`);
    if (!family) return 'unknown';
    const token = await tx.one(sql.type(tokenRow)`
      select used_at is not null as used, expires_at <= now() as expired from refresh_tokens where hash = ${trade.hash}`);
    if (token.used) {
      await tx.query(sql.unsafe`
        update refresh_families set revoked_at = now() where id = ${family.id} and revoked_at is null`);
      return 'reused';
    }
    if (family.revoked || token.expired) return 'unknown';
    const user = await tx.one(sql.type(userRow)`
      with used as (update refresh_tokens set used_at = now() where hash = ${trade.hash}),
        next as (
          insert into refresh_tokens (id, family_id, hash, expires_at)
          values (${trade.next.id}, ${family.id}, ${trade.next.hash}, ${at(trade.next.expiresAt)})
        )
      select ${userColumns} from users u where u.id = ${family.user_id}`);
    return { user, family: family.id };
  });
}

/** Signs out: every token of the family this one belongs to is void. Returns which family and whose it was, null when it is unknown. */
export async function revokeRefreshFamily(
  db: Database,
  hash: string,
): Promise<{ readonly user: UserId; readonly family: string } | null> {
  return db.maybeOne(sql.type(z.object({ user: userId, family: z.string() }))`
    update refresh_families set revoked_at = coalesce(revoked_at, now())
    where id = (select family_id from refresh_tokens where hash = ${hash})
    returning user_id as "user", id as family`);
}

const familyRow = z.object({ id: z.string(), user_id: userId, revoked: z.boolean() });
const tokenRow = z.object({ used: z.boolean(), expired: z.boolean() });

const at = (epochMs: number) => sql.timestamp(new Date(epochMs));
