import { type Chart, type ChartId, chart, line, optionalLine } from '@seatwire/protocol';
import { sql } from 'slonik';
import { z } from 'zod';
import type { Database } from './database.ts';

/**
 * `exists`: a chart of this id is there already, and is left as it is, since charts never change. `bad_text`: a name in it is blank,
 * or a name or label holds invisible characters, or that Postgres has no room for.
 */
export type ChartCreation = 'created' | 'exists' | 'bad_text';

export async function createChart(db: Database, document: Chart): Promise<ChartCreation> {
  if (!sound(document)) return 'bad_text';
  const created = await db.maybeOne(sql.type(z.object({ id: z.string() }))`
    insert into charts (id, name, places, document)
    values (${document.id}, ${document.name}, ${document.places}, ${sql.jsonb(document)})
    on conflict (id) do nothing
    returning id`);
  return created ? 'created' : 'exists';
}

/** The longest is a chart's name. */
const NAME = line(128);
const LABEL = optionalLine(128);

/** Rows and stages need no label; all else is named. */
function sound({ name, categories, sections, stage }: Chart): boolean {
  const names = [
    name,
    ...categories.flatMap((category) => [category.key, category.name]),
    ...sections.flatMap(({ id, name, category }) => [id, name, category]),
  ];
  const labels = [stage.label, ...sections.flatMap(({ runs }) => runs.map((run) => run.label))];
  return (
    names.every((text) => NAME.safeParse(text).success) &&
    labels.every((text) => LABEL.safeParse(text).success)
  );
}

/** Parses the whole document (a few ms for 50k places), which never changes: callers may keep it. */
export async function findChart(db: Database, id: ChartId): Promise<Chart | null> {
  return db.maybeOneFirst(
    sql.type(z.object({ document: chart }))`select document from charts where id = ${id}`,
  );
}
