/** Outbox entries that can never be flushed. They keep all they carried; nothing trims them but a person. */
import type { Cluster, Redis } from 'ioredis';
import { DEAD_LETTERS } from './keys.ts';

export interface DeadLetter {
  readonly partition: number;
  /** Its id in the partition's outbox. */
  readonly entry: string;
  readonly reason: string;
  /** The entry, as JSON where it could be read. */
  readonly content: string;
}

/** At least once: written before the entry is acked. */
export async function buryDeadLetter(redis: Redis | Cluster, letter: DeadLetter): Promise<void> {
  const { partition, entry, reason, content } = letter;
  await redis.xadd(
    DEAD_LETTERS,
    '*',
    'partition',
    partition,
    'entry',
    entry,
    'reason',
    reason,
    'content',
    content,
  );
}

/** The oldest first. */
export async function deadLetters(redis: Redis | Cluster, limit: number): Promise<readonly DeadLetter[]> {
  const rows = await redis.xrange(DEAD_LETTERS, '-', '+', 'COUNT', limit);
  return rows.map(([, fields]) => {
    const field = (name: string): string => fields[fields.indexOf(name) + 1] ?? '';
    return {
      partition: Number(field('partition')),
      entry: field('entry'),
      reason: field('reason'),
      content: field('content'),
    };
  });
}

export async function countDeadLetters(redis: Redis | Cluster): Promise<number> {
  return redis.xlen(DEAD_LETTERS);
}
