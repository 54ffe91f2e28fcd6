import { type Chart, type ChartId, chart } from '@seatwire/protocol';
import { sql } from 'slonik';
import { z } from 'zod';
import type { Database } from './database.ts';

/** `exists`: a chart of this id is there already, and stays as it is, since charts never change. */
export async function createChart(db: Database, document: Chart): Promise<'created' | 'exists'> {
  const created = await db.maybeOne(sql.type(z.object({ id: z.string() }))`
    insert into charts (id, name, places, document)
    values (${document.id}, ${document.name}, ${document.places}, ${sql.jsonb(document)})
    on conflict (id) do nothing
    returning id`);
  return created ? 'created' : 'exists';
}

/** Parses the whole document (a few ms for 50k places), which never changes: callers may keep it. */
export async function findChart(db: Database, id: ChartId): Promise<Chart | null> {
  return db.maybeOneFirst(
    sql.type(z.object({ document: chart }))`select document from charts where id = ${id}`,
  );
}
