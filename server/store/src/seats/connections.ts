/**
 * Connections to Redis, standalone (`redis://host:port`) or Redis Cluster (`redis+cluster://host:port,host:port`), one a role,
 * because each role wants the opposite of the others when Redis is slow or gone:
 *  commands  fails at once while there is no connection, and never sends a command twice: the caller's op id makes its own repeat safe;
 *  blocking  waits inside XREADGROUP, so it has no command timeout. None of ioredis's own for blocking commands either: it would
 *            give up 0.1 s after Redis should have answered, and what came then, taken off a list or out of a stream, would be lost;
 *  pubsub    waits for the connection and subscribes again by itself;
 *  jobs      what BullMQ asks of its connections.
 * Each notices by itself that its peer is gone, and is replaced (line-watch.ts).
 */
import type { EventEmitter } from 'node:events';
import { Cluster, Redis } from 'ioredis';
import { Unavailable } from '../unavailable.ts';
import { joinWrites } from './joined-writes.ts';
import { watchLines } from './line-watch.ts';

export type RedisClient = Redis | Cluster;
export type RedisRole = 'commands' | 'blocking' | 'pubsub' | 'jobs';

export interface OpenRedisOptions {
  /** Deadline of one command, ms; 2,000 if left out. */
  readonly commandTimeoutMs?: number;
  /** How long to wait for the first connection, ms; 10,000 if left out. */
  readonly connectTimeoutMs?: number;
  /** Between two looks at whether the peer is still there, ms; see line-watch.ts. */
  readonly lineWatchMs?: number;
}

const CLUSTER_SCHEME = 'redis+cluster://';

/**
 * Resolves when the connection answers. Throws Unavailable, with the reason, when it does not within `connectTimeoutMs`, and
 * at once when Redis refuses us: a wrong password is as wrong ten seconds later.
 */
export async function openRedis(
  url: string,
  role: RedisRole,
  options: OpenRedisOptions = {},
): Promise<RedisClient> {
  const timeout = options.connectTimeoutMs ?? 10_000;
  const client = createClient(url, role, options);
  try {
    await ready(client, timeout);
  } catch (cause) {
    client.disconnect();
    const what = isFinal(cause) ? 'refuses us' : `did not answer within ${timeout} ms`;
    throw new Unavailable('redis', `Redis at ${withoutSecrets(url)} ${what}: ${reasonOf(cause)}.`, { cause });
  }
  return client;
}

export function isCluster(client: RedisClient): client is Cluster {
  return client.isCluster;
}

function createClient(url: string, role: RedisRole, wanted: OpenRedisOptions): RedisClient {
  const { commandTimeoutMs: commandTimeout = 2_000, lineWatchMs } = wanted;
  const patience = ROLE[role];
  const options = {
    ...patience.redis,
    ...(role === 'commands' ? { commandTimeout } : {}),
    connectTimeout: 5_000,
  };
  const client = url.startsWith(CLUSTER_SCHEME)
    ? createCluster(url, role, options, patience.offlineQueue)
    : new Redis(url, {
        ...options,
        retryStrategy: backOff,
        enableOfflineQueue: patience.offlineQueue,
      });
  if (patience.joined) joinWrites(client);
  watchLines(client, lineWatchMs);
  if (role === 'jobs') watchDuplicates(client, lineWatchMs);
  // Without a listener ioredis prints every failed attempt. What matters reaches callers as a rejection.
  client.on('error', () => {});
  return client;
}

/** BullMQ waits for jobs on a connection that it makes itself, after this one. */
function watchDuplicates(client: RedisClient, everyMs: number | undefined): void {
  const duplicate = client.duplicate as (...args: unknown[]) => RedisClient;
  client.duplicate = ((...args: unknown[]) => {
    const another = duplicate.apply(client, args);
    watchLines(another, everyMs);
    return another;
  }) as typeof client.duplicate;
}

const backOff = (times: number) => Math.min(50 * 2 ** Math.min(times, 5), 1_000);

interface NodeOptions {
  readonly maxRetriesPerRequest: number | null;
  readonly autoResendUnfulfilledCommands?: boolean;
  readonly commandTimeout?: number;
  readonly connectTimeout?: number;
}

const ROLE: Readonly<Record<RedisRole, { redis: NodeOptions; offlineQueue: boolean; joined: boolean }>> = {
  commands: {
    redis: { autoResendUnfulfilledCommands: false, maxRetriesPerRequest: 0 },
    offlineQueue: false,
    joined: true,
  },
  blocking: {
    redis: { autoResendUnfulfilledCommands: false, maxRetriesPerRequest: 0 },
    offlineQueue: false,
    joined: false,
  },
  pubsub: { redis: { maxRetriesPerRequest: null }, offlineQueue: true, joined: false },
  jobs: { redis: { maxRetriesPerRequest: null }, offlineQueue: true, joined: false },
};

function createCluster(url: string, role: RedisRole, options: NodeOptions, offlineQueue: boolean): Cluster {
  const { username, password, nodes } = clusterNodes(url);
  return new Cluster(nodes, {
    redisOptions: { ...options, ...(username ? { username } : {}), ...(password ? { password } : {}) },
    enableOfflineQueue: offlineQueue,
    shardedSubscribers: role === 'pubsub',
    slotsRefreshInterval: 5_000,
    maxRedirections: 4,
    clusterRetryStrategy: backOff,
    clusterNodeRetryStrategy: backOff,
  });
}

function clusterNodes(url: string) {
  const rest = url.slice(CLUSTER_SCHEME.length);
  const at = rest.lastIndexOf('@');
  const [username, password] = at < 0 ? [] : rest.slice(0, at).split(':').map(decodeURIComponent);
  const nodes = rest
    .slice(at + 1)
    .replace(/\/$/, '')
    .split(',')
    .map((node) => {
      const { hostname, port } = new URL(`redis://${node}`);
      return { host: hostname, port: Number(port || 6379) };
    });
  return { username, password, nodes };
}

function ready(client: RedisClient, timeoutMs: number): Promise<void> {
  if (client.status === 'ready') return Promise.resolve();
  return new Promise((resolve, reject) => {
    let last: unknown = new Error('timed out');
    const settle = (act: () => void) => {
      clearTimeout(timer);
      client.off('ready', onReady);
      client.off('error', onError);
      act();
    };
    const onReady = () => settle(resolve);
    const onError = (error: unknown) => {
      last = error;
      if (isFinal(error)) settle(() => reject(error));
    };
    const timer = setTimeout(() => settle(() => reject(last)), timeoutMs);
    const either: EventEmitter = client;
    either.on('ready', onReady);
    either.on('error', onError);
  });
}

/** Said by a Redis, or about one, that will be the same at the next attempt. */
function isFinal(error: unknown): boolean {
  const { message, code } = (nodeErrorOf(error) ?? {}) as { message?: string; code?: string };
  if (/^(NOAUTH|WRONGPASS|NOPERM)\b/.test(message ?? '')) return true;
  return /^(ERR_TLS_|ERR_SSL_|CERT_|SELF_SIGNED_|DEPTH_ZERO_|UNABLE_TO_)/.test(code ?? '');
}

/** A cluster says only that all nodes failed; the last node says why. */
function nodeErrorOf(error: unknown): unknown {
  return (error as { lastNodeError?: unknown } | null)?.lastNodeError ?? error;
}

function reasonOf(error: unknown): string {
  const cause = nodeErrorOf(error);
  return cause instanceof Error ? cause.message || String((cause as { code?: unknown }).code) : String(cause);
}

function withoutSecrets(url: string): string {
  return url.replace(/\/\/[^@/]*@/, '//***@');
}
