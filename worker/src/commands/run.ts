/** The worker itself, as a list of services in the order they start. */
import {
  Health,
  type Operations,
  operations,
  repeat,
  type Service,
  type Stage,
  service,
  startServices,
} from '@seatwire/program';
import { buryDeadLetter, migrate, probeLedger, probeWrites, stuckLines } from '@seatwire/store';
import type { Logger } from 'pino';
import type { WorkerConfig } from '../config.ts';
import { flushOfStores } from '../flush/flush-of-stores.ts';
import { jobRunner } from '../job-runner.ts';
import { jobs } from '../jobs/jobs.ts';
import { createMetrics, type Metrics, measureProcess } from '../metrics.ts';
import { schedule } from '../schedule.ts';
import { rebuildRequests } from '../seats/rebuilds.ts';
import { openStores, type Stores } from '../stores.ts';

export interface RunningWorker {
  /** Of /healthz, /readyz and /metrics. */
  readonly port: number;
  /** Finishes what is in hand and closes everything. */
  readonly stop: () => Promise<void>;
}

/** Throws, with everything closed again, when a store does not answer or the port is taken. */
export async function run(config: WorkerConfig, log: Logger): Promise<RunningWorker> {
  let port = config.port;
  const listening = (http: Operations): void => {
    port = http.port;
  };
  const stop = await startServices(servicesOf(config, log, listening));
  return { port, stop };
}

/** What others stand on comes first; they drain and stop in reverse, the last stage side by side. */
async function* servicesOf(
  config: WorkerConfig,
  log: Logger,
  listening: (http: Operations) => void,
): AsyncGenerator<Stage> {
  await migrate(config.databaseUrl);
  const metrics = createMetrics();
  measureProcess(metrics);
  const stores = await openStores(config, (err) => log.warn({ err }, 'payment queue: Redis does not answer'));
  yield service('stores', { stop: () => stores.close() });

  const { db, redis } = stores;
  const probes = [
    { name: 'redis', required: true, ask: () => probeWrites(redis, config.partitions) },
    { name: 'postgres', required: true, ask: () => probeLedger(db) },
  ];
  const vitals = [{ name: 'lines', ask: () => stuckLines(stores.lines).join() || null }];
  const health = new Health({ probes, vitals, log });
  const { host, port } = config;
  const http = operations({ host, port, health, registry: metrics.registry, log });
  yield http;
  listening(http);
  yield await workOf(config, stores, metrics, log);
  yield health;
}

async function workOf(
  config: WorkerConfig,
  stores: Stores,
  metrics: Metrics,
  log: Logger,
): Promise<Service[]> {
  const { db, redis, provider } = stores;
  const observed = { metrics, log };
  const shared = { ...stores, ...observed };
  return [
    flushOfStores(stores, config, observed),
    ...jobRunner({
      jobs,
      db,
      provider,
      connection: await stores.connect('jobs'),
      concurrency: { payments: config.paymentConcurrency },
      bury: (letter) => buryDeadLetter(redis, letter),
      ...observed,
    }),
    rebuildRequests({ ...shared, blocking: await stores.connect('blocking') }),
    ...schedule(config, shared).map((scheduled) => repeat({ ...scheduled, log })),
  ];
}
