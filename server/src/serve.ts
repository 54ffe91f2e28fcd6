/** One serving process: stores, domain, rooms, gateway, HTTP, as a list of services in the order they start. */
import { hostname } from 'node:os';
import { Health, type Probe, type Stage, service, startServices } from '@seatwire/program';
import { refused } from '@seatwire/protocol';
import { listEvents, probeLedger, probeWrites } from '@seatwire/store';
import type { Logger } from 'pino';
import { developmentKey, importSigningKey, type SigningKey } from './accounts/signing-key.ts';
import { BUILT_WEB_PAGE, type Config } from './config.ts';
import { buildDomain, type Domain } from './domain.ts';
import { Memory } from './events/memory.ts';
import { Gateway } from './gateway/app.ts';
import { gatewayMetrics } from './gateway/metrics.ts';
import { originPolicy } from './gateway/origin.ts';
import { type ServerMetrics, serverMetrics } from './http/metrics.ts';
import { type HttpOptions, registerHttp } from './http/server.ts';
import { StaticFiles } from './http/static-files.ts';
import { MissedOrders } from './notices/missed-orders.ts';
import { gatewayOptions, originsOf, roomsOptions } from './process-options.ts';
import { RateLimit } from './rate-limit.ts';
import { roomsMetrics } from './rooms/metrics.ts';
import { redisPresence } from './rooms/presence.redis.ts';
import { Rooms } from './rooms/rooms.ts';
import { openStores, type Stores } from './stores.ts';

export interface ServerProcess {
  readonly port: number;
  /** Finishes what is under way, tells clients to reconnect, then closes everything. */
  stop(): Promise<void>;
}

/** Snapshots over REST may be this old. */
const SNAPSHOT_FRESH_MS = 250;
const MOST_SNAPSHOTS = 200;

/** Listens once this resolves. Throws what hinders it: `Unavailable`, `PortTaken`. */
export async function serve(config: Config, log: Logger): Promise<ServerProcess> {
  let { port } = config;
  const listening = (settled: number): void => {
    port = settled;
  };
  const stop = await startServices(servicesOf(config, log, listening));
  return { port, stop };
}

/** What others stand on comes first; they drain and stop in reverse. */
async function* servicesOf(
  config: Config,
  log: Logger,
  listening: (port: number) => void,
): AsyncGenerator<Stage> {
  const name = `${hostname()}-${process.pid}`;
  const key = await signingKey(config);
  const stores = await openStores(config, log);
  yield service('stores', { stop: () => stores.close() });

  const metrics = serverMetrics(name);
  const domain = buildDomain(config, stores, key, countersOf(metrics), log);
  const { signOuts, notices, endings, provider } = domain;
  yield service('payment provider', { stop: () => provider.close() });

  const rooms = new Rooms({
    store: stores.seats,
    catalogue: domain.catalogue,
    presence: redisPresence({ commands: stores.seats.redis, subscriber: stores.bus }, (error) =>
      log.warn({ err: error }, 'presence'),
    ),
    revenue: (event) => domain.sales.revenue(event),
    server: name,
    requestRebuild: (event) =>
      void domain
        .requestRebuild(event)
        .catch((error) => log.warn({ err: error, event }, 'ask for a rebuild')),
    metrics: roomsMetrics(metrics.registry),
    options: roomsOptions(config),
  });
  const health = new Health({ probes: probesOf(config, stores), log });
  const http = httpOptions(config, stores, domain, metrics, health, log);
  const gateway = new Gateway({
    options: gatewayOptions(config),
    metrics: gatewayMetrics(metrics.registry),
    rooms,
    tokens: domain.tokens,
    catalogue: domain.catalogue,
    domain,
    notices,
    socketIoRedis: stores.socketIo,
    routes: (app) => registerHttp(app, http),
    defect: (error, during) => log.error({ err: error, during }, 'a defect'),
  });
  const missed = new MissedOrders({
    db: stores.db,
    bus: stores.bus,
    users: () => gateway.users(),
    tell: (notice) => gateway.notify(notice),
    failed: (error, what) => log.warn({ err: error }, what),
  });
  yield [
    service('sign-outs', {
      start: () => signOuts.start((user, signIn) => gateway.closeUser(user, signIn)),
      stop: () => signOuts.stop(),
    }),
    service('notices', { start: () => notices.start(), stop: () => notices.stop() }),
    service('missed orders', { start: async () => missed.start(), stop: async () => missed.stop() }),
  ];
  yield service('hold endings', { start: async () => endings.start(), stop: () => endings.stop() });
  yield service('rooms', { start: async () => rooms.start(), stop: () => rooms.stop() });
  yield service('gateway', {
    start: async () => listening(await gateway.start()),
    drain: () => gateway.drain(config.drainMs),
    stop: () => gateway.stop(),
  });
  yield health;
}

async function signingKey(config: Config): Promise<SigningKey> {
  return config.signingKey ? importSigningKey(config.signingKey) : developmentKey(config.dataDir);
}

function countersOf({ holds, sales }: ServerMetrics) {
  return {
    holds: (command: string, outcome: string) => holds.inc({ command, outcome }),
    sales: (command: string, outcome: string) => sales.inc({ command, outcome }),
  };
}

function probesOf(config: Config, { seats, db, documents }: Stores): readonly Probe[] {
  return [
    { name: 'redis', required: true, ask: () => probeWrites(seats.redis, config.partitions) },
    { name: 'postgres', required: true, ask: () => probeLedger(db) },
    { name: 'mongo', required: false, ask: async () => (await documents.ready()) || Promise.reject() },
  ];
}

function httpOptions(
  config: Config,
  stores: Stores,
  domain: Domain,
  metrics: ServerMetrics,
  health: Health,
  log: Logger,
): HttpOptions {
  const { seats, db } = stores;
  const snapshots = new Memory({
    load: (event: Parameters<typeof seats.snapshot>[0]) => seats.snapshot(event),
    freshMs: SNAPSHOT_FRESH_MS,
    most: MOST_SNAPSHOTS,
  });
  return {
    operated: { health, registry: metrics.registry },
    requestSeconds: metrics.requestSeconds,
    page: new StaticFiles(config.webRoot ?? BUILT_WEB_PAGE),
    maxBodyBytes: config.maxBodyBytes,
    deadlineMs: Math.max(config.requestTimeoutMs, 3 * config.paymentTimeoutMs),
    trustProxy: config.trustProxy,
    tokens: domain.tokens,
    allowsOrigin: originPolicy(originsOf(config), true),
    requests: new RateLimit({ perSecond: config.requestsPerSecond, burst: 4 * config.requestsPerSecond }),
    accounts: {
      accounts: domain.accounts,
      jwks: domain.tokens.jwks,
      refreshTokenSeconds: config.refreshTokenDays * 24 * 3600,
      secureCookies: config.environment === 'production',
    },
    events: {
      catalogue: domain.catalogue,
      list: (wanted) => listEvents(db, wanted),
      snapshot: async (event) =>
        (await snapshots.get(event)) ?? domain.calls.refusal(event, refused('event_rebuilding')),
    },
    holds: domain.holds,
    orders: { sales: domain.sales, orders: domain.orders, methods: () => domain.provider.methods() },
    demoAccounts: config.demo ? config.demoAccounts : [],
    failed: (error, request) => log.error({ err: error, ...request }, 'a request failed'),
  };
}
