/** Every connection of one process to what it depends on, opened together and closed together. */
import {
  closeDatabase,
  type Database,
  type Documents,
  openDatabase,
  openDocuments,
  openRedis,
  openSeatStore,
  type RedisClient,
  type SeatStore,
} from '@seatwire/store';
import type { Logger } from 'pino';
import type { Config } from './config.ts';

export interface Stores {
  readonly seats: SeatStore;
  /** For commands; shared with the seat store. Not for anything that blocks or subscribes. */
  readonly redis: RedisClient;
  /** For channels of our own, in subscriber mode. */
  readonly bus: RedisClient;
  readonly socketIo: { readonly publisher: RedisClient; readonly subscriber: RedisClient };
  readonly db: Database;
  readonly documents: Documents;
  close(): Promise<void>;
}

/** Throws `Unavailable` when Redis does not answer. Postgres and MongoDB may come later: maps do not need them. */
export async function openStores(config: Config, log: Logger): Promise<Stores> {
  const { redisUrl, databaseUrl, mongoUrl, partitions, storeTimeoutMs, ledgerTimeoutMs } = config;
  const redis = await openRedis(redisUrl, 'commands', { commandTimeoutMs: storeTimeoutMs });
  const seats = await openSeatStore({
    url: redisUrl,
    commands: redis,
    partitions,
    commandTimeoutMs: storeTimeoutMs,
  });
  const [bus, publisher, subscriber, db, documents] = await Promise.all([
    openRedis(redisUrl, 'pubsub'),
    // The adapter does not look at what becomes of its commands, so they must wait for Redis rather than fail.
    openRedis(redisUrl, 'pubsub'),
    openRedis(redisUrl, 'pubsub'),
    openDatabase(databaseUrl, {
      max: config.ledgerConnections,
      statementTimeoutMs: ledgerTimeoutMs,
      name: 'seatwire-server',
    }),
    openDocuments(mongoUrl, {
      deadlineMs: storeTimeoutMs,
      onUnavailable: (error) => log.warn({ err: error }, 'MongoDB does not answer'),
    }),
  ]);
  return {
    seats,
    redis,
    bus,
    socketIo: { publisher, subscriber },
    db,
    documents,
    async close() {
      for (const connection of [bus, publisher, subscriber]) connection.disconnect();
      await Promise.allSettled([seats.close(), closeDatabase(db), documents.close()]);
      redis.disconnect();
    },
  };
}
