/** `worker rebuild <event>`: flushes what is waiting itself, so that it works with no other worker running. */
import type { EventId } from '@seatwire/protocol';
import type { Logger } from 'pino';
import type { WorkerConfig } from '../config.ts';
import { flushOfStores } from '../flush/flush-of-stores.ts';
import { createMetrics } from '../metrics.ts';
import { type Rebuilt, rebuild } from '../seats/rebuild.ts';
import { openStores } from '../stores.ts';

export async function rebuildCommand(
  config: WorkerConfig,
  log: Logger,
  event: EventId,
  signal: AbortSignal,
): Promise<Rebuilt> {
  const metrics = createMetrics();
  const stores = await openStores(config, (err) => log.warn({ err }, 'payment queue: Redis does not answer'));
  const flush = flushOfStores(
    stores,
    { ...config, consumer: `${config.consumer}-rebuild` },
    { metrics, log },
  );
  try {
    await flush.start();
    return await rebuild({ ...stores, metrics, log }, event, 'always', signal);
  } finally {
    await flush.stop();
    await stores.close();
  }
}
