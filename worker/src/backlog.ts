/** Keeps the gauges of what waits: for the flush, and for a person. */

import type { Service } from '@seatwire/program';
import { repeat } from '@seatwire/program';
import { countDeadLetters, type Outbox, type RedisClient } from '@seatwire/store';
import type { Logger } from 'pino';
import type { Metrics } from './metrics.ts';

export interface BacklogParts {
  readonly outbox: Outbox;
  readonly redis: RedisClient;
  readonly partitions: number;
  readonly metrics: Metrics;
  readonly log: Logger;
}

const EVERY_MS = 2_000;

export function backlogGauges({ outbox, redis, partitions, metrics, log }: BacklogParts): Service {
  const all = Array.from({ length: partitions }, (_, partition) => partition);
  return repeat({
    name: 'backlog',
    everyMs: EVERY_MS,
    log,
    async run() {
      const waiting = await Promise.all(all.map((partition) => outbox.backlog(partition)));
      const oldest = await Promise.all(all.map((partition) => outbox.oldest(partition)));
      const since = oldest.filter((at) => at !== null);
      metrics.buried.set(await countDeadLetters(redis));
      metrics.backlog.set(waiting.reduce((sum, count) => sum + count, 0));
      metrics.oldest.set(since.length === 0 ? 0 : Math.max(0, Date.now() - Math.min(...since)) / 1000);
    },
  });
}
