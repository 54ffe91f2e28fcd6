/**
 * A system with plain halls on sale, for the benchmarks: `node deploy/proof/dist/stage.js '<wish as JSON>'`. Prints one JSON line once
 * everything is ready and the halls' maps are live, and stops when its standard input ends.
 */
import { join } from 'node:path';
import { startRedisCluster } from '@seatwire/embedded';
import { PASSWORD_HASH, type StoreUrls, startSystem } from '@seatwire/local';
import { type EventId, type UserId, uuidv7 } from '@seatwire/protocol';
import {
  closeDatabase,
  createChart,
  createEvent,
  createUser,
  openDatabase,
  openSeatStore,
} from '@seatwire/store';
import { plainChart } from './e2e/hall.ts';

export interface StageWish {
  readonly dataDir: string;
  readonly servers?: number;
  readonly processes?: number;
  readonly workers?: number;
  /** Masters of a Redis Cluster, in place of one Redis. */
  readonly redisNodes?: number;
  readonly buyers: number;
  /** So many events in a hall of this form, all alike. */
  readonly halls: readonly {
    readonly events: number;
    readonly rows: number;
    readonly seatsPerRow: number;
    readonly noOrphans?: boolean;
  }[];
  readonly env?: Readonly<Record<string, string>>;
}

export interface Stage extends StoreUrls {
  readonly url: string;
  readonly servers: readonly { readonly url: string; readonly pid: number }[];
  readonly workers: readonly { readonly url: string; readonly pid: number }[];
  /** `redis://host:port` of each Redis there is. */
  readonly redisNodes: readonly string[];
  readonly logs: string;
  /** As wished, hall by hall. */
  readonly events: readonly (readonly EventId[])[];
  readonly buyers: readonly UserId[];
  /** From the launch of the first store until every process was ready, ms. */
  readonly startedInMs: number;
}

const DAY_MS = 86_400_000;
const LIVE_WITHIN_MS = 240_000;
const MOST_AT_ONCE = 8;

const wish = JSON.parse(process.argv[2] ?? '{}') as StageWish;
const began = performance.now();
let events: EventId[][] = [];
let buyers: UserId[] = [];
let seedingMs = 0;
const cluster =
  wish.redisNodes === undefined
    ? null
    : await startRedisCluster({ dir: join(wish.dataDir, 'redis-cluster'), nodes: wish.redisNodes });
const system = await startSystem({
  dataDir: wish.dataDir,
  servers: wish.servers ?? 1,
  workers: wish.workers ?? 1,
  processes: wish.processes ?? 1,
  env: wish.env ?? {},
  ...(cluster && { stores: { redisUrl: `redis+cluster://${cluster.nodes.map(addressOf).join()}` } }),
  progress: (line) => process.stderr.write(`${line}\n`),
  onExit: (name, error) => process.stderr.write(`${name}: ${error.message}\n`),
  seed: async (urls) => {
    const from = performance.now();
    await putOnSale(urls);
    seedingMs = performance.now() - from;
  },
}).catch(async (error: unknown) => {
  await cluster?.stop();
  throw error;
});
const startedInMs = performance.now() - began - seedingMs;
try {
  await untilLive(system.redisUrl, events.flat());
  const { url, redisUrl, databaseUrl, mongoUrl, logs } = system;
  const processes = (of: typeof system.servers) => of.map(({ url, pid }) => ({ url, pid }));
  const stage: Stage = {
    url,
    redisUrl,
    databaseUrl,
    mongoUrl,
    redisNodes: cluster ? cluster.nodes.map(({ url }) => url) : [redisUrl],
    logs,
    servers: processes(system.servers),
    workers: processes(system.workers),
    events,
    buyers,
    startedInMs,
  };
  process.stdout.write(`${JSON.stringify(stage)}\n`);
  await new Promise<void>((resolve) => {
    process.stdin.once('close', resolve).resume();
    process.once('SIGTERM', resolve);
  });
} finally {
  await system.stop();
  await cluster?.stop();
}

function addressOf({ url }: { readonly url: string }): string {
  return new URL(url).host;
}

async function putOnSale(urls: StoreUrls): Promise<void> {
  const db = await openDatabase(urls.databaseUrl, { name: 'seatwire-stage', max: MOST_AT_ONCE });
  try {
    const organizer = uuidv7() as UserId;
    const user = (id: UserId, role: 'organizer' | 'customer') =>
      createUser(db, { id, email: `${id}@stage.test`, name: role, role, passwordHash: PASSWORD_HASH });
    await user(organizer, 'organizer');
    buyers = Array.from({ length: wish.buyers }, () => uuidv7() as UserId);
    await inParallel(buyers, (id) => user(id, 'customer'));
    events = [];
    for (const hall of wish.halls) {
      const chart = plainChart(hall.rows, hall.seatsPerRow);
      await createChart(db, chart);
      const ids = Array.from({ length: hall.events }, () => uuidv7() as EventId);
      await inParallel(ids, async (id) => {
        const outcome = await createEvent(db, {
          id,
          title: 'A benchmark',
          description: '',
          venue: 'Hall',
          city: 'Testville',
          timeZone: 'Europe/Amsterdam',
          organizer,
          chart: chart.id,
          startsAt: new Date(Date.now() + 10 * DAY_MS).toISOString(),
          saleOpensAt: new Date(Date.now() - DAY_MS).toISOString(),
          saleClosesAt: new Date(Date.now() + 9 * DAY_MS).toISOString(),
          currency: 'EUR',
          prices: [{ category: 'all', amount: 2500 }],
          maxPerHold: 50,
          maxPerBuyer: chart.places,
          holdMs: 1_800_000,
          maxHoldMs: 1_800_000,
          payingMs: 600_000,
          noOrphans: hall.noOrphans ?? true,
          published: true,
        });
        if (outcome !== 'created') throw new Error(`the hall was refused: ${outcome}`);
      });
      events.push(ids);
    }
  } finally {
    await closeDatabase(db);
  }
}

async function untilLive(redisUrl: string, ids: readonly EventId[]): Promise<void> {
  const store = await openSeatStore({ url: redisUrl });
  const deadline = performance.now() + LIVE_WITHIN_MS;
  try {
    for (const id of ids) {
      while ((await store.snapshot(id)) === null) {
        if (performance.now() > deadline) throw new Error('the halls did not become live in time');
        await new Promise((resolve) => setTimeout(resolve, 100));
      }
    }
  } finally {
    await store.close();
  }
}

async function inParallel<T>(all: readonly T[], work: (one: T) => Promise<unknown>): Promise<void> {
  let next = 0;
  const worker = async () => {
    while (next < all.length) await work(all[next++]!);
  };
  await Promise.all(Array.from({ length: MOST_AT_ONCE }, worker));
}
