/** Keeps the gauges of what waits: for the flush, and for a person. */
import { countDeadLetters, type Outbox, type RedisClient } from '@seatwire/store';
import type { Metrics } from './metrics.ts';

export interface BacklogParts {
  readonly outbox: Outbox;
  readonly redis: RedisClient;
  readonly partitions: number;
  readonly metrics: Metrics;
}

export async function measureBacklog({ outbox, redis, partitions, metrics }: BacklogParts): Promise<void> {
  const all = Array.from({ length: partitions }, (_, partition) => partition);
  const waiting = await Promise.all(all.map((partition) => outbox.backlog(partition)));
  const oldest = await Promise.all(all.map((partition) => outbox.oldest(partition)));
  const since = oldest.filter((at) => at !== null);
  metrics.buried.set(await countDeadLetters(redis));
  metrics.backlog.set(waiting.reduce((sum, count) => sum + count, 0));
  metrics.oldest.set(since.length === 0 ? 0 : Math.max(0, Date.now() - Math.min(...since)) / 1000);
}
