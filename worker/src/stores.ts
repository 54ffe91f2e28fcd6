/** The connections every command of the worker needs, opened and closed together. */
import {
  closeDatabase,
  type Database,
  openDatabase,
  openPaymentProvider,
  openRedis,
  openSeatStore,
  type PaymentProvider,
} from '@seatwire/store';
import type { WorkerConfig } from './config.ts';
import { type JobQueues, openJobQueues } from './job-queues.ts';
import { jobs } from './jobs/jobs.ts';

type Seats = Awaited<ReturnType<typeof openSeatStore>>;
type Connection = Awaited<ReturnType<typeof openRedis>>;

export interface Stores {
  readonly db: Database;
  readonly seats: Seats;
  /** For commands; shared. */
  readonly redis: Seats['redis'];
  readonly provider: PaymentProvider;
  readonly queues: JobQueues;
  /** A connection more, closed with the others. */
  readonly connect: (role: 'blocking' | 'jobs') => Promise<Connection>;
  readonly close: () => Promise<void>;
}

export async function openStores(
  config: Pick<WorkerConfig, 'databaseUrl' | 'redisUrl' | 'partitions' | 'databasePool' | 'paymentProvider'>,
  failed: (error: Error) => void,
): Promise<Stores> {
  const db = await openDatabase(config.databaseUrl, { max: config.databasePool, name: 'seatwire-worker' });
  const seats = await openSeatStore({ url: config.redisUrl, partitions: config.partitions });
  const provider = openPaymentProvider({ kind: config.paymentProvider, redis: seats.redis });
  // Of its own: BullMQ teaches its connections commands and closes what it is given.
  const adding = await openRedis(config.redisUrl, 'commands');
  const queues = openJobQueues({ jobs, connection: adding, failed });
  const opened: Connection[] = [adding];
  return {
    db,
    seats,
    redis: seats.redis,
    provider,
    queues,
    async connect(role) {
      const connection = await openRedis(config.redisUrl, role);
      opened.push(connection);
      return connection;
    },
    async close() {
      await queues.close();
      for (const connection of opened) connection.disconnect();
      await provider.close();
      await seats.close();
      await closeDatabase(db);
    },
  };
}
