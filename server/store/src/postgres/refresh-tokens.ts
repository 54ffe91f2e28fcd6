/**
 * Sign-ins, as the ledger has them: a family of refresh tokens each, of which one is good at a time.
 *
 * A token is used once, but its answer may be lost on the way, and two tabs may use it in one moment. So a repeat gets the same
 * successor again: until that is used, for `LOST_ANSWER_MS`; and for `REPEAT_MS` also after it (then the newest of the family). A
 * later repeat means that two parties have the token, and revokes the family. A successor is made of the token presented and a
 * random salt. The ledger keeps hashes and salts, and workers delete a salt once no repeat may need it.
 */
import { type User, type UserId, userId } from '@seatwire/protocol';
import { sql } from 'slonik';
import { z } from 'zod';
import { userColumns, userRow } from './accounts.ts';
import type { Database } from './database.ts';

/** A repeat is answered for so long although the successor has been used. */
export const REPEAT_MS = 15_000;
/** A repeat is answered for so long while the successor has not been used: its answer may be lost. */
export const LOST_ANSWER_MS = 60_000;

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

export interface RefreshTrade {
  /** Of the token presented. */
  readonly hash: string;
  /** Makes `next` of the token presented. */
  readonly salt: string;
  readonly next: Omit<NewRefreshToken, 'family' | 'user'>;
}

export interface Traded {
  readonly user: User;
  readonly family: string;
  /** Applied one after another, they lead from the token presented to the one that is good now. */
  readonly salts: readonly string[];
}

/** A sign-in that was signed out. */
export interface RevokedFamily {
  readonly user: UserId;
  readonly family: string;
  /** Epoch ms, by the ledger's clock. */
  readonly revokedAt: number;
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
 * Trades an unused token for `next`, or repeats what an earlier trade of it came to. `reused`: too late for a repeat, and the whole
 * family is revoked from now on. `unknown`: no such token, or it has expired, or its family is revoked.
 */
export async function rotateRefreshToken(
  db: Database,
  trade: RefreshTrade,
): Promise<Traded | 'unknown' | 'reused'> {
  return db.transaction(async (tx) => {
    // The family is the lock: what follows sees all that earlier calls on it did.
    const family = await tx.maybeOne(sql.type(familyRow)`
      select f.id, f.user_id, f.revoked_at is not null as revoked from refresh_families f
      where f.id = (select family_id from refresh_tokens where hash = ${trade.hash}) for update`);
    if (!family || family.revoked) return 'unknown';
    const token = await tx.one(sql.type(tokenRow)`
      select ${msSince('used_at')} as used_ms_ago, expires_at <= now() as expired from refresh_tokens where hash = ${trade.hash}`);
    const traded = async (salts: readonly string[]): Promise<Traded> => ({
      user: await tx.one(
        sql.type(userRow)`select ${userColumns} from users u where u.id = ${family.user_id}`,
      ),
      family: family.id,
      salts,
    });
    if (token.used_ms_ago !== null) {
      const salts = await repeat(tx, trade.hash, token.used_ms_ago);
      if (salts) return traded(salts);
      await tx.query(
        sql.unsafe`update refresh_families set revoked_at = clock_timestamp() where id = ${family.id}`,
      );
      return 'reused';
    }
    if (token.expired) return 'unknown';
    await tx.query(sql.unsafe`
      with next as (
        insert into refresh_tokens (id, family_id, hash, expires_at)
        values (${trade.next.id}, ${family.id}, ${trade.next.hash}, ${at(trade.next.expiresAt)})
      )
      update refresh_tokens set used_at = clock_timestamp(), successor = ${trade.next.id}, salt = ${trade.salt}
      where hash = ${trade.hash}`);
    return traded([trade.salt]);
  });
}

/** Salts that no repeat may need now. A salt and a used token give the good token, so salts are deleted soon. */
export async function forgetRefreshSalts(db: Database): Promise<void> {
  await db.query(sql.unsafe`
    update refresh_tokens set salt = null
    where salt is not null and used_at < clock_timestamp() - ${LOST_ANSWER_MS} * interval '1 millisecond'`);
}

/** The way from a used token to the good one, null when it is too late for that. */
async function repeat(
  tx: Pick<Database, 'any'>,
  hash: string,
  usedMsAgo: number,
): Promise<readonly string[] | null> {
  if (usedMsAgo > LOST_ANSWER_MS) return null;
  const chain = await tx.any(sql.type(linkRow)`
    with recursive chain as (
      select successor, salt, 0 as step from refresh_tokens where hash = ${hash}
      union all
      select t.successor, t.salt, c.step + 1 from chain c join refresh_tokens t on t.id = c.successor
    )
    select salt from chain where successor is not null order by step`);
  if (chain.length > 1 && usedMsAgo > REPEAT_MS) return null;
  const salts = chain.flatMap(({ salt }) => salt ?? []);
  return salts.length > 0 && salts.length === chain.length ? salts : null;
}

/** Signs out: every token of the family this one belongs to is void. Returns which family and whose it was, null when it is unknown. */
export async function revokeRefreshFamily(
  db: Database,
  hash: string,
): Promise<{ readonly user: UserId; readonly family: string } | null> {
  return db.maybeOne(sql.type(z.object({ user: userId, family: z.string() }))`
    update refresh_families set revoked_at = coalesce(revoked_at, clock_timestamp())
    where id = (select family_id from refresh_tokens where hash = ${hash})
    returning user_id as "user", id as family`);
}

/** The ledger's clock, epoch ms. */
export async function ledgerTime(db: Database): Promise<number> {
  return db.oneFirst(
    sql.type(
      z.object({ ms: z.number() }),
    )`select (extract(epoch from clock_timestamp()) * 1000)::float8 as ms`,
  );
}

/** Sign-outs since `from`, epoch ms of the ledger's clock, in the order they happened: `most` a call, from behind `after` on. */
export async function revokedFamilies(
  db: Database,
  o: { readonly from: number; readonly after: string | null; readonly most: number },
): Promise<{ readonly families: readonly RevokedFamily[]; readonly next: string | null }> {
  const [time, family] = o.after?.split(' ') ?? [String(Math.floor(o.from * 1000)), NO_FAMILY];
  const rows = await db.any(sql.type(revokedRow)`
    select user_id as "user", id as family, (extract(epoch from revoked_at) * 1000)::float8 as revoked_ms,
      (extract(epoch from revoked_at) * 1000000)::bigint::text as revoked_us
    from refresh_families
    where revoked_at is not null
      and (revoked_at, id) > ('epoch'::timestamptz + ${time!}::bigint * interval '1 microsecond', ${family!}::uuid)
    order by revoked_at, id limit ${o.most}`);
  const last = rows.length === o.most ? rows.at(-1) : undefined;
  return {
    families: rows.map(({ user, family, revoked_ms: revokedAt }) => ({ user, family, revokedAt })),
    next: last ? `${last.revoked_us} ${last.family}` : null,
  };
}

const NO_FAMILY = '00000000-0000-0000-0000-000000000000';

const familyRow = z.object({ id: z.string(), user_id: userId, revoked: z.boolean() });
const tokenRow = z.object({ used_ms_ago: z.number().nullable(), expired: z.boolean() });
const linkRow = z.object({ salt: z.string().nullable() });
const revokedRow = z.object({
  user: userId,
  family: z.string(),
  revoked_ms: z.number(),
  revoked_us: z.string(),
});

const at = (epochMs: number) => sql.timestamp(new Date(epochMs));
const msSince = (column: string) =>
  sql.fragment`(extract(epoch from clock_timestamp() - ${sql.identifier([column])}) * 1000)::float8`;
