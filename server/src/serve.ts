/** One serving process: stores, domain, rooms, gateway, HTTP; what it starts it also drains and stops, in the reverse order. */
import { hostname } from 'node:os';
import { developmentKey, importSigningKey, type SigningKey } from '@seatwire/domain';
import { probeLedger, probeWrites } from '@seatwire/store';
import type { Logger } from 'pino';
import { BUILT_WEB_PAGE, type Config } from './config.ts';
import { buildDomain, type Domain } from './domain.ts';
import { Gateway } from './gateway/app.ts';
import { gatewayMetrics } from './gateway/metrics.ts';
import { GATEWAY_DEFAULTS } from './gateway/options.ts';
import { originPolicy } from './gateway/origin.ts';
import { type ServerMetrics, serverMetrics } from './http/metrics.ts';
import { apiParts } from './http/parts.ts';
import { restLimits } from './http/rates.ts';
import { type HttpOptions, registerHttp } from './http/server.ts';
import { StaticFiles } from './http/static-files.ts';
import { refusalGuard } from './refusal-guard.ts';
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

/** A refusal that its row does not declare is a defect: of the release in production, of the change anywhere else. */
function guardOf({ environment }: Config, log: Logger) {
  return refusalGuard(
    environment === 'production' ? (err) => log.error({ err }, 'an undeclared refusal') : null,
  );
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
    limits: restLimits(config),
    parts: apiParts(config, stores, domain),
    guard: guardOf(config, log),
    failed: (error, request) => log.error({ err: error, ...request }, 'a request failed'),
  };
}
