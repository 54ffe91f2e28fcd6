import { join } from 'node:path';
import type { EmbeddedStoreError, StoreName } from './error.ts';
import { claimFolder, type FolderClaim } from './folder-claim.ts';
import { startMongo } from './mongo.ts';
import { startPostgres } from './postgres.ts';
import { startRedis } from './redis.ts';
import type { StoreOptions, StoreProcess } from './store-process.ts';

export interface StoresOptions {
  /** Holds redis/, postgres/ and mongo/; created if needed, kept between starts. One start at a time may use it. */
  readonly dataDir: string;
  /** A given address is used as it is, and nothing is started for it. */
  readonly redisUrl?: string | undefined;
  readonly databaseUrl?: string | undefined;
  readonly mongoUrl?: string | undefined;
  /** Told, in a line each, what is being started and how long it took. */
  readonly progress?: (line: string) => void;
  /** Told when an embedded store ends without being asked to. */
  readonly onExit?: (error: EmbeddedStoreError) => void;
}

export interface Stores {
  readonly redisUrl: string;
  readonly databaseUrl: string;
  readonly mongoUrl: string;
  /** Ends every embedded store cleanly, and frees the folder. */
  stop(): Promise<void>;
}

interface Running {
  readonly url: string;
  stop(): Promise<void>;
}

/** Starts, side by side, the stores no address is given for. If one cannot start, the others are stopped again. */
export async function startStores(options: StoresOptions): Promise<Stores> {
  const progress = options.progress ?? (() => undefined);
  let claim: FolderClaim | undefined;
  if (!options.redisUrl || !options.databaseUrl || !options.mongoUrl)
    claim = await claimFolder(options.dataDir);

  async function one(
    store: StoreName,
    given: string | undefined,
    folder: string,
    start: (options: StoreOptions) => Promise<StoreProcess>,
  ): Promise<Running> {
    if (given) {
      progress(`${store}: using ${withoutPassword(given)}`);
      return { url: given, stop: async () => undefined };
    }
    const began = performance.now();
    progress(`${store}: starting`);
    const dir = join(options.dataDir, folder);
    const running = await start({ dir, ...(options.onExit ? { onExit: options.onExit } : {}) });
    progress(
      `${store}: ready on port ${running.port} after ${((performance.now() - began) / 1000).toFixed(1)} s`,
    );
    return running;
  }

  const starts = await Promise.allSettled([
    one('Redis', options.redisUrl, 'redis', startRedis),
    one('Postgres', options.databaseUrl, 'postgres', startPostgres),
    one('MongoDB', options.mongoUrl, 'mongo', startMongo),
  ]);
  const running = starts.flatMap((start) => (start.status === 'fulfilled' ? [start.value] : []));
  const stop = async () => {
    try {
      await Promise.all(running.map((store) => store.stop()));
    } finally {
      await claim?.release();
    }
  };
  const failed = starts.find((start) => start.status === 'rejected');
  if (failed) {
    await stop();
    throw failed.reason;
  }
  const [redis, postgres, mongo] = running as [Running, Running, Running];
  return { redisUrl: redis.url, databaseUrl: postgres.url, mongoUrl: mongo.url, stop };
}

function withoutPassword(url: string): string {
  return url.replace(/(\/\/[^:@/]*):[^@/]*@/, '$1:***@');
}
