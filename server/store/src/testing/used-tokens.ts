/** Refresh tokens as the ledger keeps them, for tests that cannot wait. */
import { sql } from 'slonik';
import type { Database } from '../postgres/database.ts';

/** As if all that were used had been used `ms` earlier. */
export async function usedEarlier(db: Database, ms: number): Promise<void> {
  await db.query(sql.unsafe`update refresh_tokens set used_at = used_at - ${ms} * interval '1 ms'`);
}

/** All that is stored of them. */
export async function storedRefreshTokens(db: Database): Promise<string> {
  return JSON.stringify(await db.any(sql.unsafe`select * from refresh_tokens`));
}
