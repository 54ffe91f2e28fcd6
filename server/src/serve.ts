/** One serving process: stores, domain, rooms, gateway, HTTP; what it starts it also drains and stops, in the reverse order. */
import { hostname } from 'node:os';
import { developmentKey, importSigningKey, Memory, RateLimit, type SigningKey } from '@seatwire/domain';
import { refused } from '@seatwire/protocol';
import { listEvents, probeLedger, probeWrites } from '@seatwire/store';
import type { Logger } from 'pino';
import { BUILT_WEB_PAGE, type Config } from './config.ts';
import { buildDomain, type Domain } from './domain.ts';
import { Gateway } from './gateway/app.ts';
import { gatewayMetrics } from './gateway/metrics.ts';
import { GATEWAY_DEFAULTS } from './gateway/options.ts';
import { originPolicy } from './gateway/origin.ts';
import { type ServerMetrics, serverMetrics } from './http/metrics.ts';
import { type HttpOptions, registerHttp } from './http/server.ts';
import { StaticFiles } from './http/static-files.ts';
import { roomsMetrics } from './rooms/metrics.ts';
import { ROOMS_DEFAULTS } from './rooms/options.ts';
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

/** Listens once this resolves. Throws what hinders it: `StoreUnavailable`, `PortTaken`. */
export async function serve(config: Config, log: Logger): Promise<ServerProcess> {
  const name = `${hostname()}-${process.pid}`;
  const key = await signingKey(config);
  const stores = await openStores(config, log);
  const metrics = serverMetrics(name);
  const domain = buildDomain(config, stores, key, countersOf(metrics), log);
  let draining = false;

  const defect = (error: unknown, during: string) => log.error({ err: error, during }, 'a defect');
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
    options: { ...ROOMS_DEFAULTS, tickMs: config.tickMs },
  });
  const http = httpOptions(config, stores, domain, metrics, log, () => draining);
  const gateway = new Gateway({
    options: gatewayOptions(config),
    metrics: gatewayMetrics(metrics.registry),
    rooms,
    tokens: domain.tokens,
    catalogue: domain.catalogue,
    domain,
    notices: domain.notices,
    socketIoRedis: stores.socketIo,
    routes: (app) => registerHttp(app, http),
    defect,
  });

  await domain.signOuts.start((user, signIn) => gateway.closeUser(user, signIn));
  await domain.notices.start();
  domain.endings.start();
  rooms.start();

  const close = async (): Promise<void> => {
    await gateway.stop();
    await rooms.stop();
    await domain.endings.stop();
    await Promise.allSettled([domain.signOuts.stop(), domain.notices.stop()]);
    await domain.provider.close();
    await stores.close();
  };
  try {
    const port = await gateway.start();
    return {
      port,
      async stop() {
        draining = true;
        await gateway.drain(config.drainMs);
        await close();
      },
    };
  } catch (error) {
    await close();
    throw error;
  }
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

/** The page this server itself serves may always connect. */
const originsOf = (config: Config): readonly string[] => ['self', ...config.allowedOrigins];

function gatewayOptions(config: Config) {
  return {
    ...GATEWAY_DEFAULTS,
    host: config.host,
    port: config.port,
    sharePort: config.sharePort,
    allowedOrigins: originsOf(config),
    maxSockets: config.maxSockets,
    authMs: config.authTimeoutMs,
    heartbeatMs: config.heartbeatMs,
    maxBackpressure: config.maxBackpressureBytes,
    rate: { perSecond: config.messagesPerSecond, burst: config.messageBurst },
    maxPending: config.maxPendingCommands,
    maxPendingPerUser: 2 * config.maxPendingCommands,
    // A payment may take its whole deadline, and what is asked of the provider after it.
    commandMs: Math.max(GATEWAY_DEFAULTS.commandMs, 3 * config.paymentTimeoutMs),
  };
}

function httpOptions(
  config: Config,
  stores: Stores,
  domain: Domain,
  metrics: ServerMetrics,
  log: Logger,
  draining: () => boolean,
): HttpOptions {
  const { seats, db, documents } = stores;
  const snapshots = new Memory({
    load: (event: Parameters<typeof seats.snapshot>[0]) => seats.snapshot(event),
    freshMs: SNAPSHOT_FRESH_MS,
    most: MOST_SNAPSHOTS,
  });
  return {
    registry: metrics.registry,
    requestSeconds: metrics.requestSeconds,
    health: {
      probes: [
        { name: 'redis', required: true, ask: () => probeWrites(seats.redis, config.partitions) },
        { name: 'postgres', required: true, ask: () => probeLedger(db) },
        { name: 'mongo', required: false, ask: async () => (await documents.ready()) || Promise.reject() },
      ],
      draining,
      changed: (probe, state, err) =>
        state === 'ok'
          ? log.info({ probe }, 'does its part again')
          : log.warn({ probe, state, err }, 'does not do its part'),
    },
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
