/** The connections every command of the worker needs, opened and closed together. */
import {
  closeDatabase,
  type Database,
  openDatabase,
  openPaymentProvider,
  openRedis,
  openSeatStore,
  type PaymentProvider,
  type SeatStore,
} from '@seatwire/store';
import type { WorkerConfig } from './config.ts';
import { type JobQueues, openJobQueues } from './job-queues.ts';
import { jobs } from './jobs/jobs.ts';

type Connection = Awaited<ReturnType<typeof openRedis>>;

export interface Stores {
  readonly db: Database;
  readonly seats: SeatStore;
  /** For commands; shared. */
  readonly redis: Connection;
  readonly provider: PaymentProvider;
  readonly queues: JobQueues;
  /** A connection more, closed with the others. */
  readonly connect: (role: 'blocking' | 'jobs') => Promise<Connection>;
  /** Those to Redis, by what they are for. */
  readonly lines: Readonly<Record<string, Connection>>;
  readonly close: () => Promise<void>;
}

export async function openStores(config: WorkerConfig, failed: (error: Error) => void): Promise<Stores> {
  const { redisUrl, partitions, storeTimeoutMs } = config;
  const db = await openDatabase(config.databaseUrl, { max: config.databasePool, name: 'seatwire-worker' });
  const redis = await openRedis(redisUrl, 'commands');
  const seats = await openSeatStore({
    url: redisUrl,
    commands: redis,
    partitions,
    commandTimeoutMs: storeTimeoutMs,
  });
  const provider = openPaymentProvider({ kind: config.paymentProvider, redis });
  // Of its own: BullMQ teaches its connections commands and closes what it is given.
  const adding = await openRedis(redisUrl, 'commands');
  const queues = openJobQueues({ jobs, connection: adding, failed });
  const lines: Record<string, Connection> = { commands: redis, adding };
  return {
    db,
    seats,
    redis,
    provider,
    queues,
    lines,
    async connect(role) {
      const connection = await openRedis(redisUrl, role);
      lines[role] = connection;
      return connection;
    },
    async close() {
      await queues.close();
      const { commands: _, ...others } = lines;
      for (const connection of Object.values(others)) connection.disconnect();
      await provider.close();
      await seats.close();
      redis.disconnect();
      await closeDatabase(db);
    },
  };
}
