/**
 * The whole system on one machine: embedded stores, servers and workers, each a process of its own that can be killed and started
 * again on the same data and port. `npm start`, the end-to-end, restart and browser tests and the load harness all stand on this.
 *
 * What: `startSystem` starts the stores side by side, migrates, lets the caller seed, then starts workers and servers side by side,
 * and answers when every one of them is ready.
 * Concurrency: one system per data folder (the stores' claims see to that); calls on one handle are the caller's to order.
 * Invariants: nothing keeps running when a start fails or `stop` has settled; a killed launcher takes its children along (their
 * guards end them); a child that ends by itself is told to `onExit`, or, with `keepRunning`, started again.
 * May import: @seatwire/protocol, @seatwire/store.
 */
import { readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { claimFolder, freePort, startMongo, startPostgres, startRedis } from '@seatwire/embedded';
import { migrate } from '@seatwire/store';
import { keepRunning } from './keep-running.ts';
import { type Program, startProgram } from './program.ts';

export interface SystemOptions {
  /** Holds the stores' folders, the signing key and `logs/`; created if needed, kept between starts. */
  readonly dataDir: string;
  /** Wipes the folder first, once it is known that nobody else is using it. */
  readonly reset?: boolean;
  /** Of the first server; a free one if left out. Further servers get free ones. */
  readonly port?: number;
  /** 127.0.0.1 if left out. */
  readonly host?: string;
  readonly servers?: number;
  readonly workers?: number;
  /** Processes of each server that share its port. */
  readonly processes?: number;
  /** Stores to use in place of embedded ones. */
  readonly stores?: Partial<StoreUrls>;
  /** For every server and worker; of the shell they get no options at all. */
  readonly env?: Readonly<Record<string, string>>;
  /** Runs on the migrated ledger, before servers and workers start. */
  readonly seed?: (stores: StoreUrls) => Promise<void>;
  /** Start again, with back-off, what ends by itself. */
  readonly keepRunning?: boolean;
  /** Told in a line each what is being done, and what ended by itself. */
  readonly progress?: (line: string) => void;
  /** Told when something ends by itself and `keepRunning` is off. */
  readonly onExit?: (name: string, error: Error) => void;
}

export interface StoreUrls {
  readonly redisUrl: string;
  readonly databaseUrl: string;
  readonly mongoUrl: string;
}

/** An embedded store, or the address of a real one, which is not ours to kill. */
export interface Store {
  readonly name: string;
  readonly url: string;
  readonly embedded: boolean;
  /** SIGKILL, as in a crash: what it acknowledged is kept. */
  kill(): Promise<void>;
  stop(): Promise<void>;
  /** On the same folder and port. */
  restart(): Promise<void>;
}

export interface System extends StoreUrls {
  /** Of the first server, such as `http://127.0.0.1:3000`. */
  readonly url: string;
  readonly redis: Store;
  readonly postgres: Store;
  readonly mongo: Store;
  readonly servers: readonly Program[];
  readonly workers: readonly Program[];
  /** Where each process writes its log. */
  readonly logs: string;
  /** Servers first, so they drain while workers and stores still answer; then workers, then stores. */
  stop(): Promise<void>;
}

/** Throws `EmbeddedStoreError`, `ProgramError`, or what `seed` throws; nothing is left running then. */
export async function startSystem(options: SystemOptions): Promise<System> {
  const progress = options.progress ?? (() => undefined);
  const claim = await claimFolder(options.dataDir);
  const dataDir = claim.dir;
  const logs = join(dataDir, 'logs');
  const keeper = options.keepRunning ? keepRunning({ report: progress }) : undefined;
  const started: { stores: Store[]; programs: Program[] } = { stores: [], programs: [] };
  let stopping: Promise<void> | undefined;

  const ended = (what: { readonly name: string; restart(): Promise<void> } | undefined, error: Error) => {
    if (!what || stopping) return;
    if (keeper) keeper.ended(what, error);
    else options.onExit?.(what.name, error);
  };

  async function stop(): Promise<void> {
    await keeper?.stop();
    const [servers, workers] = ['server', 'worker'].map((kind) =>
      started.programs.filter((program) => program.name.startsWith(kind)),
    );
    for (const group of [servers!, workers!, started.stores]) {
      const ends = await Promise.allSettled(group.map((one) => one.stop()));
      for (const end of ends) if (end.status === 'rejected') progress(String(end.reason));
    }
    await claim.release();
  }

  async function store(name: string, given: string | undefined, start: StartStore): Promise<Store> {
    const one = given === undefined ? await embedded(name, start, ended, progress) : external(name, given);
    started.stores.push(one);
    return one;
  }

  async function program(kind: 'server' | 'worker', index: number, env: Record<string, string>) {
    const name = `${kind} ${index + 1}`;
    let self: Program | undefined;
    self = await startProgram({
      name,
      entry: ENTRY[kind],
      nodeArgs: NODE_ARGS[kind],
      env: { LOG_LEVEL: 'info', ...env, ...options.env },
      logFile: join(logs, `${kind}-${index + 1}.log`),
      url: `http://127.0.0.1:${env[kind === 'server' ? 'PORT' : 'WORKER_PORT']}`,
      onExit: (error) => ended(self, error),
    });
    started.programs.push(self);
    return self;
  }

  try {
    await wipe(dataDir, options.reset ? OURS : ['logs']);
    const dir = (folder: string) => join(dataDir, folder);
    const [redis, postgres, mongo] = await settled([
      store('Redis', options.stores?.redisUrl, (onExit) => startRedis({ dir: dir('redis'), onExit })),
      store('Postgres', options.stores?.databaseUrl, (onExit) =>
        startPostgres({ dir: dir('postgres'), onExit }),
      ),
      store('MongoDB', options.stores?.mongoUrl, (onExit) => startMongo({ dir: dir('mongo'), onExit })),
    ]);
    const urls: StoreUrls = { redisUrl: redis!.url, databaseUrl: postgres!.url, mongoUrl: mongo!.url };
    await migrate(urls.databaseUrl, { progress });
    await options.seed?.(urls);

    const shared = {
      REDIS_URL: urls.redisUrl,
      DATABASE_URL: urls.databaseUrl,
      MONGO_URL: urls.mongoUrl,
      DATA_DIR: dataDir,
      HOST: options.host ?? '127.0.0.1',
    };
    progress('starting servers and workers');
    const workers = Array.from({ length: options.workers ?? 1 }, async (_, i) =>
      program('worker', i, {
        ...shared,
        HOST: '127.0.0.1',
        WORKER_PORT: String(await freePort()),
        WORKER_NAME: `worker-${i + 1}`,
      }),
    );
    const servers = Array.from({ length: options.servers ?? 1 }, async (_, i) =>
      program('server', i, {
        ...shared,
        PORT: String((i === 0 && options.port) || (await freePort())),
        PROCESSES: String(options.processes ?? 1),
      }),
    );
    const programs = await settled([...workers, ...servers]);
    return {
      ...urls,
      url: programs[workers.length]?.url ?? '',
      redis: redis!,
      postgres: postgres!,
      mongo: mongo!,
      servers: programs.slice(workers.length),
      workers: programs.slice(0, workers.length),
      logs,
      stop: () => {
        stopping ??= stop();
        return stopping;
      },
    };
  } catch (error) {
    stopping = stop();
    await stopping;
    throw error;
  }
}

type StartStore = (onExit: (error: Error) => void) => ReturnType<typeof startRedis>;

async function embedded(
  name: string,
  start: StartStore,
  ended: (what: Store | undefined, error: Error) => void,
  progress: (line: string) => void,
): Promise<Store> {
  const began = performance.now();
  let self: Store | undefined;
  const running = await start((error) => ended(self, error));
  progress(
    `${name}: ready on port ${running.port} after ${((performance.now() - began) / 1000).toFixed(1)} s`,
  );
  self = {
    name,
    url: running.url,
    embedded: true,
    kill: () => running.kill(),
    stop: () => running.stop(),
    restart: () => running.restart(),
  };
  return self;
}

function external(name: string, url: string): Store {
  const refuse = async () => {
    throw new Error(`${name} is not ours to stop or start: it was given by its address`);
  };
  return { name, url, embedded: false, kill: refuse, stop: async () => undefined, restart: refuse };
}

/** All of them, and only then the first failure: nobody is still starting while others are being stopped. */
async function settled<T>(starts: readonly Promise<T>[]): Promise<T[]> {
  const outcomes = await Promise.allSettled(starts);
  return outcomes.map((outcome) => {
    if (outcome.status === 'rejected') throw outcome.reason;
    return outcome.value;
  });
}

const built = (path: string) => fileURLToPath(new URL(`../../../${path}`, import.meta.url));
/**
 * A command lives for a few turns of the loop. In Node's young generation of 16 MB a thousand at once are copied 30 times a second;
 * in 64 MB 7 times, which takes a quarter off the CPU of a hold.
 */
const NODE_ARGS = { server: ['--max-semi-space-size=64'], worker: [] } as const;

/** The compiled programs; the same from src and from dist. */
const ENTRY = { server: built('server/dist/main.js'), worker: built('worker/dist/main.js') } as const;

/** What a system keeps in its data folder; anything else there is somebody else's. */
const OURS = ['logs', 'redis', 'postgres', 'mongo', 'signing-key.json'];

async function wipe(dataDir: string, names: readonly string[]): Promise<void> {
  for (const name of await readdir(dataDir)) {
    if (names.includes(name)) await rm(join(dataDir, name), { recursive: true, force: true });
  }
}
