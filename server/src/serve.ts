/** One serving process: stores, domain, rooms, gateway, HTTP, as a list of services in the order they start. */
import { hostname } from 'node:os';
import { developmentKey, importSigningKey, type SigningKey } from '@seatwire/domain';
import { Health, type Probe, type Stage, service, startServices, type Vital } from '@seatwire/program';
import { listenToNews, probeLedger, probeWrites, stuckLines } from '@seatwire/store';
import type { Logger } from 'pino';
import { BUILT_WEB_PAGE, type Config } from './config.ts';
import { buildDomain, type Domain } from './domain.ts';
import { Gateway } from './gateway/app.ts';
import { gatewayMetrics } from './gateway/metrics.ts';
import { originPolicy } from './gateway/origin.ts';
import { type ServerMetrics, serverMetrics } from './http/metrics.ts';
import { apiParts } from './http/parts.ts';
import { restLimits } from './http/rates.ts';
import { type HttpOptions, registerHttp } from './http/server.ts';
import { StaticFiles } from './http/static-files.ts';
import { MissedOrders } from './missed-orders.ts';
import { gatewayOptions, originsOf, roomsOptions } from './process-options.ts';
import { refusalGuard } from './refusal-guard.ts';
import { roomsMetrics } from './rooms/metrics.ts';
import { redisPresence } from './rooms/presence.redis.ts';
import { Rooms } from './rooms/rooms.ts';
import { openStores, type Stores } from './stores.ts';

export interface ServerProcess {
  readonly port: number;
  /** Finishes what is under way, tells clients to reconnect, then closes everything. */
  stop(): Promise<void>;
}

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
  const { signOuts, expiryWatch, provider } = domain;
  yield service('payment provider', { stop: () => provider.close() });

  const rooms = new Rooms({
    store: stores.seats,
    catalogue: domain.catalogue,
    presence: redisPresence({ commands: stores.redis, subscriber: stores.bus }, (error) =>
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
  const health = new Health({ probes: probesOf(config, stores), vitals: vitalsOf(stores), log });
  const http = httpOptions(config, stores, domain, metrics, health, log);
  const gateway = new Gateway({
    options: gatewayOptions(config),
    metrics: gatewayMetrics(metrics.registry),
    rooms,
    tokens: domain.tokens,
    catalogue: domain.catalogue,
    domain,
    socketIoRedis: stores.socketIo,
    routes: (app) => registerHttp(app, http),
    guard: guardOf(config, log),
    defect: (error, during) => log.error({ err: error, during }, 'a defect'),
  });
  const missed = new MissedOrders({
    db: stores.db,
    bus: stores.bus,
    users: () => gateway.users(),
    tell: (message) => gateway.notify(message),
    failed: (error, what) => log.warn({ err: error }, what),
  });
  let stopHearing = async (): Promise<void> => undefined;
  const unreadable = (error: unknown) => log.warn({ err: error }, 'a private message could not be read');
  yield [
    service('sign-outs', {
      start: () => signOuts.start((user, signIn) => gateway.closeUser(user, signIn)),
      stop: () => signOuts.stop(),
    }),
    service('private messages', {
      start: async () => {
        stopHearing = await listenToNews(stores.bus, (news) => gateway.notify(news), unreadable);
      },
      stop: () => stopHearing(),
    }),
    service('missed orders', { start: async () => missed.start(), stop: async () => missed.stop() }),
  ];
  yield service('hold expiry watch', {
    start: async () => expiryWatch.start(),
    stop: () => expiryWatch.stop(),
  });
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

function probesOf(config: Config, { redis, db, documents }: Stores): readonly Probe[] {
  return [
    { name: 'redis', required: true, ask: () => probeWrites(redis, config.partitions) },
    // Maps and holds go on without it; sign-in, payments and what is new to this process wait.
    { name: 'postgres', required: 'at first', ask: () => probeLedger(db) },
    { name: 'mongo', required: false, ask: async () => (await documents.ready()) || Promise.reject() },
  ];
}

/** A refusal that its row does not declare is a defect: of the release in production, of the change anywhere else. */
function guardOf({ environment }: Config, log: Logger) {
  return refusalGuard(
    environment === 'production' ? (err) => log.error({ err }, 'an undeclared refusal') : null,
  );
}

function vitalsOf({ redis, bus, socketIo }: Stores): readonly Vital[] {
  const lines = { commands: redis, bus, ...socketIo };
  return [{ name: 'lines', ask: () => stuckLines(lines).join() || null }];
}

function httpOptions(
  config: Config,
  stores: Stores,
  domain: Domain,
  metrics: ServerMetrics,
  health: Health,
  log: Logger,
): HttpOptions {
  return {
    operated: { health, registry: metrics.registry },
    requestSeconds: metrics.requestSeconds,
    page: new StaticFiles(config.webRoot ?? BUILT_WEB_PAGE),
    maxBodyBytes: config.maxBodyBytes,
    deadlineMs: Math.max(config.requestTimeoutMs, 3 * config.paymentTimeoutMs),
    trustProxy: config.trustProxy,
    tokens: domain.tokens,
    allowsOrigin: originPolicy(originsOf(config), true),
    limits: restLimits(config),
    parts: apiParts(config, stores, domain),
    guard: guardOf(config, log),
    failed: (error, request) => log.error({ err: error, ...request }, 'a request failed'),
  };
}
