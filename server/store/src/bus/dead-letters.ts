/** What can never be carried out: outbox entries and jobs. They keep all they carried; nothing trims them but a person. */
import type { Cluster, Redis } from 'ioredis';
import { z } from 'zod';
import { orUnavailable } from '../redis/unavailable.ts';
import { DEAD_LETTERS } from './keys.ts';

const deadLetter = z.object({
  /** Where it lay: the outbox of a partition, or a queue of jobs. */
  source: z.string(),
  /** Its id there. */
  entry: z.string(),
  reason: z.string(),
  /** The entry, as JSON where it could be read. */
  content: z.string(),
});
export type DeadLetter = z.output<typeof deadLetter>;

/** At least once: written before the entry is acked. */
export async function buryDeadLetter(redis: Redis | Cluster, letter: DeadLetter): Promise<void> {
  await orUnavailable(redis.xadd(DEAD_LETTERS, '*', ...Object.entries(letter).flat()));
}

/** The oldest first. */
export async function deadLetters(redis: Redis | Cluster, limit: number): Promise<readonly DeadLetter[]> {
  const rows = await orUnavailable(redis.xrange(DEAD_LETTERS, '-', '+', 'COUNT', limit));
  return rows.map(([, fields]) => deadLetter.parse(pairs(fields)));
}

export async function countDeadLetters(redis: Redis | Cluster): Promise<number> {
  return orUnavailable(redis.xlen(DEAD_LETTERS));
}

/** An older program wrote the partition's number and no source. */
function pairs(fields: readonly string[]): Record<string, string> {
  const found: Record<string, string> = {};
  for (let i = 0; i + 1 < fields.length; i += 2) found[fields[i]!] = fields[i + 1]!;
  return { source: `outbox of partition ${found.partition}`, ...found };
}
