/**
 * What a hold costs Redis, alone and in groups: `npm run bench -w server/store`. Every rule is on. Rounds alternate with plain SET NX of the same number
 * of calls on the same Redis, so that the ratio survives a busy machine; medians of the rounds are printed. `--quick`: holds of two
 * places only, and fewer of them.
 */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startRedis } from '@seatwire/embedded';
import { type EventId, type HoldId, type OpId, randomToken, type UserId, uuidv7 } from '@seatwire/protocol';
import type { EventRules } from '../words/event-rules.ts';
import { openSeatStore, type RedisSeatStore } from './seat-store.redis.ts';
import type { HoldCommand } from './seat-store.ts';

const PLACES = 50_000;
const ROW = 50;
const QUICK = process.argv.includes('--quick');
const HOLDS = QUICK ? 4_000 : 10_000;
const ROUNDS = QUICK ? 3 : 7;
const AT_ONCE = 64;

const rules: EventRules = {
  saleOpensAt: 0,
  saleClosesAt: 8e15,
  maxPerHold: 10,
  maxPerBuyer: 20,
  holdMs: 600_000,
  maxHoldMs: 1_800_000,
  payingMs: 300_000,
  currency: 'EUR',
  priceRevision: 1,
  noOrphans: true,
};

/** Each of one hold. */
interface Round {
  readonly usInCommand: number;
  readonly cpuUs: number;
  readonly perSecond: number;
}

type Want = (i: number) => HoldCommand['want'];

const seats =
  (n: number): Want =>
  (i) => {
    const places = Array.from({ length: n }, (_, k) => i * n + k);
    return { kind: 'places', places, prices: places.map(() => 4_500) };
  };
const stretches = Array.from({ length: PLACES / ROW }, (_, row) => ({
  first: row * ROW,
  count: ROW,
  price: 4_500,
}));
interface Case {
  readonly title: string;
  readonly want: Want;
  readonly granted: boolean;
  /** How many holds meet in a call. */
  readonly together: number;
}

const alone = (title: string, want: Want, granted = true): Case => ({ title, want, granted, together: 1 });
const cases: readonly Case[] = [
  alone('hold of 1 place', seats(1)),
  alone('hold of 2 places', seats(2)),
  alone('hold of 4 places', seats(4)),
  alone('hold of 2 taken places', () => ({ kind: 'places', places: [0, 1], prices: [1, 1] }), false),
  alone('best 2 together of 20 rows', best),
  ...[8, 16, 32].map((together) => ({
    title: `hold of 2 places, ${together} a call`,
    want: seats(2),
    granted: true,
    together,
  })),
  { title: 'best 2 of 20 rows, 16 a call', want: best, granted: true, together: 16 },
];

function best(i: number): HoldCommand['want'] {
  const row = Math.floor((i * 2) / ROW);
  return { kind: 'best', count: 2, together: true, stretches: stretches.slice(row, row + 20) };
}

const dir = await mkdtemp(join(tmpdir(), 'seatwire-bench-'));
const server = await startRedis({ dir, appendfsync: 'no' });
const open = (together: number) =>
  openSeatStore({
    url: server.url,
    commandTimeoutMs: 30_000,
    groups: {
      most: together,
      heaviest: 10_000,
      underWay: AT_ONCE / together,
      waiting: AT_ONCE,
      waitMs: 30_000,
    },
  });
const calibration = await open(1);
try {
  for (const one of cases) if (!QUICK || one.title.startsWith('hold of 2 places')) await compare(one);
} finally {
  await calibration.close();
  await server.stop();
  await rm(dir, { recursive: true, force: true });
}

async function compare({ title, want, granted, together }: Case): Promise<void> {
  const holds: Round[] = [];
  const sets: Round[] = [];
  const store = await open(together);
  for (let round = 0; round < ROUNDS; round++) {
    await store.redis.flushall();
    sets.push(
      await measure('set', (i) => store.redis.set(`calibrate:${round}:${i}`, 'x', 'PX', 600_000, 'NX')),
    );
    const event = await freshEvent(store);
    if (!granted) await ask(store, event, want, 0);
    holds.push(
      await measure('fcall', async (i) => {
        const result = await ask(store, event, want, i);
        if (result.ok !== granted) throw new Error(`hold ${i}: ${JSON.stringify(result)}`);
      }),
    );
  }
  await store.close();
  const us = median(holds.map((r) => r.usInCommand));
  const cpu = median(holds.map((r) => r.cpuUs));
  const set = median(sets.map((r) => r.cpuUs));
  const times = median(holds.map((r, i) => r.cpuUs / sets[i]!.cpuUs));
  const rate = median(holds.map((r) => r.perSecond));
  console.log(
    `${title.padEnd(28)} ${us.toFixed(1)} us in the script, ${cpu.toFixed(1)} us of Redis CPU (${Math.round(1e6 / cpu)}/s on one core), ` +
      `1/${times.toFixed(1)} of SET NX (${set.toFixed(1)} us); from this one process ${Math.round(rate)}/s`,
  );
}

function ask(store: RedisSeatStore, event: EventId, want: Want, i: number) {
  const buyer = uuidv7() as UserId;
  const hold = randomToken() as HoldId;
  return store.hold({ event, buyer, op: `bench-${hold}` as OpId, hold, priceRevision: 1, want: want(i) });
}

async function freshEvent(on: RedisSeatStore): Promise<EventId> {
  const event = uuidv7() as EventId;
  const runStarts = stretches.map(({ first }) => first);
  const plan = { places: PLACES, runStarts, rules, sold: [], blocked: [], fence: 0 };
  await on.rebuild(event, plan, randomToken() as never, null);
  return event;
}

async function measure(command: string, call: (i: number) => Promise<unknown>): Promise<Round> {
  const { redis } = calibration;
  await redis.config('RESETSTAT');
  const cpuBefore = await redisCpu();
  const start = performance.now();
  let next = 0;
  const worker = async () => {
    while (next < HOLDS) await call(next++);
  };
  await Promise.all(Array.from({ length: AT_ONCE }, worker));
  const seconds = (performance.now() - start) / 1000;
  const cpu = (await redisCpu()) - cpuBefore;
  const stats = new RegExp(`cmdstat_${command}:calls=\\d+,usec=(\\d+)`).exec(
    await redis.info('commandstats'),
  );
  return {
    usInCommand: Number(stats?.[1] ?? 0) / HOLDS,
    cpuUs: (cpu * 1e6) / HOLDS,
    perSecond: HOLDS / seconds,
  };
}

async function redisCpu(): Promise<number> {
  const info = await calibration.redis.info('cpu');
  const of = (field: string) => Number(new RegExp(`${field}:([\\d.]+)`).exec(info)![1]);
  return of('used_cpu_user') + of('used_cpu_sys');
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[values.length >> 1]!;
}
