/** What gateway and rooms are told: the option table's values, and fixed ones that are no option yet. Times in ms, sizes in bytes. */
import { COMMAND_MS } from '@seatwire/protocol';
import type { Config } from './config.ts';
import type { GatewayOptions } from './gateway/options.ts';
import type { RoomsOptions } from './rooms/options.ts';

/** The page this server itself serves may always connect. */
export const originsOf = (config: Config): readonly string[] => ['self', ...config.allowedOrigins];

export function gatewayOptions(config: Config): GatewayOptions {
  return {
    host: config.host,
    port: config.port,
    sharePort: config.sharePort,
    allowedOrigins: originsOf(config),
    allowNoOrigin: true,
    maxSockets: config.maxSockets,
    authMs: config.authTimeoutMs,
    heartbeatMs: config.heartbeatMs,
    idleMs: 300_000,
    maxBackpressure: config.maxBackpressureBytes,
    slowMs: 15_000,
    rate: { perSecond: config.messagesPerSecond, burst: config.messageBurst },
    abuse: 200,
    maxPending: config.maxPendingCommands,
    maxPendingPerUser: 2 * config.maxPendingCommands,
    commandMs: COMMAND_MS,
    reconnectWithinMs: 5_000,
  };
}

export function roomsOptions(config: Config): RoomsOptions {
  return {
    tickMs: config.tickMs,
    beaconMs: 2_000,
    proveMs: 30_000,
    keepWarmMs: 30_000,
    loadMs: 5_000,
    maxRooms: 10_000,
    history: { maxEntries: 8_192, maxPlaces: 200_000, maxAgeMs: 120_000 },
  };
}
