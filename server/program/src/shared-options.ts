/** Options that several programs have: one row, so that they cannot differ in bounds, default or meaning. */
import { z } from 'zod';
import { address, integer } from './option-types.ts';
import type { Option } from './options.ts';

export const databaseUrl = {
  name: 'databaseUrl',
  env: 'DATABASE_URL',
  type: address('postgres:', 'postgresql:'),
  default: 'postgres://127.0.0.1:5432/seatwire',
  description: 'Postgres, the ledger.',
  secret: true,
} as const satisfies Option;

export const redisUrl = {
  name: 'redisUrl',
  env: 'REDIS_URL',
  type: address('redis:', 'rediss:', 'redis+cluster:'),
  default: 'redis://127.0.0.1:6379',
  description: 'Redis, or a Redis Cluster as `redis+cluster://host:port,host:port`.',
  secret: true,
} as const satisfies Option;

export const partitions = {
  name: 'partitions',
  env: 'PARTITIONS',
  flag: '--partitions',
  type: integer(1, 256),
  default: '16',
  description: 'Hash tags the events are spread over; the same in every server and worker, for ever.',
} as const satisfies Option;

export const storeTimeoutMs = {
  name: 'storeTimeoutMs',
  env: 'STORE_TIMEOUT_MS',
  type: integer(50, 60_000),
  default: '2000',
  description: 'Deadline of one Redis or MongoDB command, ms.',
} as const satisfies Option;

export const paymentProvider = {
  name: 'paymentProvider',
  env: 'PAYMENT_PROVIDER',
  flag: '--payment-provider',
  type: z.enum(['simulated']),
  default: 'simulated',
  description:
    'Who takes the money: `simulated` plays a provider in Redis, with test cards. The same in every server and worker.',
} as const satisfies Option;

export const drainMs = {
  name: 'drainMs',
  env: 'DRAIN_MS',
  flag: '--drain',
  type: integer(0, 600_000),
  default: '10000',
  description: 'Longest time a stopping process has to finish what it began, ms.',
} as const satisfies Option;

export const logLevel = {
  name: 'logLevel',
  env: 'LOG_LEVEL',
  flag: '--log-level',
  type: z.enum(['silent', 'fatal', 'error', 'warn', 'info', 'debug', 'trace']),
  default: 'info',
  description: 'Least severe log line that is written (JSON, standard output).',
} as const satisfies Option;
