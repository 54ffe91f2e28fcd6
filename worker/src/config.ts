/** Every option of the worker. The only place here that reads the environment. */
import { hostname } from 'node:os';
import {
  type Configuration,
  databaseUrl,
  describeOptions,
  drainMs,
  integer,
  logLevel,
  partitions,
  paymentProvider,
  readOptions,
  redisUrl,
  storeTimeoutMs,
  text,
} from '@seatwire/program';
import { z } from 'zod';

export const OPTIONS = [
  databaseUrl,
  redisUrl,
  storeTimeoutMs,
  partitions,
  {
    name: 'consumer',
    env: 'WORKER_NAME',
    flag: '--name',
    type: z.string().regex(/^[\w.-]{1,64}$/, 'must be 1 to 64 characters of A-Z a-z 0-9 _ . -'),
    default: null,
    description:
      'Name in the consumer group, different for each worker. Host name and process id if not given.',
  },
  {
    name: 'host',
    env: 'HOST',
    flag: '--host',
    type: text,
    default: '127.0.0.1',
    description: 'Address that /healthz, /readyz and /metrics listen on.',
  },
  {
    name: 'port',
    env: 'WORKER_PORT',
    flag: '--port',
    type: integer(0, 65_535),
    default: '3001',
    description: 'Their port; 0 picks a free one.',
  },
  {
    name: 'batchSize',
    env: 'FLUSH_BATCH',
    flag: '--flush-batch',
    type: integer(1, 5_000),
    default: '500',
    description: 'Most purchases in one Postgres transaction.',
  },
  {
    name: 'lingerMs',
    env: 'FLUSH_LINGER_MS',
    flag: '--flush-linger',
    type: integer(0, 1_000),
    default: '5',
    description: 'How long a batch that is not full waits for more purchases, ms.',
  },
  {
    name: 'claimIdleMs',
    env: 'CLAIM_IDLE_MS',
    flag: '--claim-idle',
    type: integer(100, 600_000),
    default: '5000',
    description: 'Purchases another worker read this long ago and did not finish are taken over, ms.',
  },
  {
    name: 'sweepMs',
    env: 'SWEEP_MS',
    flag: '--sweep',
    type: integer(20, 2_000),
    default: '250',
    description: 'Pause between looks for expired holds, ms.',
  },
  {
    name: 'reconcileMs',
    env: 'RECONCILE_MS',
    flag: '--reconcile',
    type: integer(1_000, 86_400_000),
    default: '60000',
    description: 'Pause between comparisons of Redis and Postgres, ms.',
  },
  paymentProvider,
  {
    name: 'paymentConcurrency',
    env: 'PAYMENT_CONCURRENCY',
    flag: '--payment-concurrency',
    type: integer(1, 200),
    default: '16',
    description: 'Captures, voids and refunds under way at once.',
  },
  {
    name: 'databasePool',
    env: 'DATABASE_POOL',
    flag: '--database-pool',
    type: integer(2, 100),
    default: '8',
    description: 'Most connections to Postgres.',
  },
  drainMs,
  logLevel,
] as const;

export type WorkerConfig = Omit<Configuration<typeof OPTIONS>, 'consumer'> & { readonly consumer: string };

/** Throws `OptionError` with every mistake at once. */
export function readConfig(
  args: readonly string[],
  env: Readonly<Record<string, string | undefined>> = process.env,
): WorkerConfig {
  const options = readOptions(OPTIONS, args, env);
  return {
    ...options,
    consumer: options.consumer ?? `${hostname().replaceAll(/[^\w.-]/g, '-')}-${process.pid}`,
  };
}

const USAGE = `seatwire worker: flushes purchases into Postgres, sweeps expired holds, runs payment jobs.

  worker [options]                    runs until SIGTERM
  worker rebuild <event> [options]    rebuilds the event's Redis state from Postgres; all its holds end
  worker reconcile [event] [--json] [options]
                                      compares Redis, Postgres and payments; exit 1 on a difference`;

export const help = (): string => describeOptions(USAGE, OPTIONS);
