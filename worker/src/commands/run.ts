/** The worker itself: opens the stores, starts the services, and ends them in reverse. */
import { type Operations, operations, type Service, startServices } from '@seatwire/program';
import { migrate, probeLedger, probeWrites } from '@seatwire/store';
import type { Logger } from 'pino';
import { backlogGauges } from '../backlog.ts';
import type { WorkerConfig } from '../config.ts';
import { flushOfStores } from '../flush/flush-of-stores.ts';
import { createMetrics, type Metrics, measureProcess } from '../metrics.ts';
import { missingEvents, rebuildRequests } from '../seats/rebuilds.ts';
import { reconcileService } from '../seats/reconcile-service.ts';
import { sweep } from '../seats/sweep.ts';
import { openStores, type Stores } from '../stores.ts';
import { paymentWorker } from '../tasks/payment-worker.ts';
import { paymentsDueService } from '../tasks/payments-due.ts';

const DUE_MS = 5_000;
/** A job queued by the flush has run by then, unless there is trouble. */
const DUE_GRACE_MS = 10_000;
const MISSING_MS = 2_000;

export interface RunningWorker {
  /** Of /healthz, /readyz and /metrics. */
  readonly port: number;
  /** Finishes what is in hand and closes everything. */
  readonly stop: () => Promise<void>;
}

/** Throws, with everything closed again, when a store does not answer or the port is taken. */
export async function run(config: WorkerConfig, log: Logger): Promise<RunningWorker> {
  await migrate(config.databaseUrl);
  const metrics = createMetrics();
  measureProcess(metrics);
  const stores = await openStores(config, (err) => log.warn({ err }, 'payment queue: Redis does not answer'));
  try {
    const http = operationsOf(config, stores, metrics, log);
    const end = await startServices([http, ...(await compose(config, stores, metrics, log))]);
    return {
      port: http.port,
      async stop() {
        await end();
        await stores.close();
      },
    };
  } catch (error) {
    await stores.close();
    throw error;
  }
}

function operationsOf(
  config: WorkerConfig,
  { db, redis }: Stores,
  metrics: Metrics,
  log: Logger,
): Operations {
  return operations({
    host: config.host,
    port: config.port,
    dependencies: {
      redis: () => probeWrites(redis, config.partitions),
      postgres: () => probeLedger(db),
    },
    registry: metrics.registry,
    log,
  });
}

async function compose(
  config: WorkerConfig,
  stores: Stores,
  metrics: Metrics,
  log: Logger,
): Promise<Service[]> {
  const { db, redis, seats, provider, queue } = stores;
  const { consumer: holder, partitions } = config;
  const observed = { metrics, log };
  const shared = { db, redis, seats, holder, ...observed };
  const rebuilds = { ...shared, blocking: await stores.connect('blocking'), everyMs: MISSING_MS };
  return [
    flushOfStores(stores, config, observed),
    paymentWorker({
      db,
      provider,
      connection: await stores.connect('jobs'),
      concurrency: config.paymentConcurrency,
      ...observed,
    }),
    paymentsDueService({ ...shared, queue, everyMs: DUE_MS, graceMs: DUE_GRACE_MS }),
    sweep({ ...shared, everyMs: config.sweepMs }),
    missingEvents(rebuilds),
    rebuildRequests(rebuilds),
    reconcileService({ ...shared, provider: null, everyMs: config.reconcileMs }),
    backlogGauges({ outbox: seats.outbox, redis, partitions, ...observed }),
  ];
}
