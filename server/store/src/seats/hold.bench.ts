/**
 * What a hold costs Redis: `npm run bench -w server/store`. Every rule is on. Rounds alternate with plain SET NX of the same number
 * of calls on the same Redis, so that the ratio survives a busy machine; medians of the rounds are printed. `--quick`: holds of two
 * places only, and fewer of them.
 */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startRedis } from '@seatwire/embedded';
import { type EventId, type HoldId, type OpId, randomToken, type UserId, uuidv7 } from '@seatwire/protocol';
import { openSeatStore, type RedisSeatStore } from './seat-store.redis.ts';
import type { EventRules, HoldCommand } from './seat-store.ts';

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

interface Round {
  readonly usPerCall: number;
  readonly cpuUsPerCall: number;
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
const cases: readonly (readonly [string, Want, number, boolean])[] = [
  ['hold of 1 place', seats(1), HOLDS, true],
  ['hold of 2 places', seats(2), HOLDS, true],
  ['hold of 4 places', seats(4), HOLDS, true],
  ['hold of 2 taken places', () => ({ kind: 'places', places: [0, 1], prices: [1, 1] }), HOLDS, false],
  [
    'best 2 together of 20 rows',
    (i) => ({ kind: 'best', count: 2, together: true, stretches: around(i) }),
    HOLDS,
    true,
  ],
];

function around(i: number) {
  const row = Math.floor((i * 2) / ROW);
  return stretches.slice(row, row + 20);
}

const dir = await mkdtemp(join(tmpdir(), 'seatwire-bench-'));
const server = await startRedis({ dir, appendfsync: 'no' });
const store = await openSeatStore({ url: server.url, commandTimeoutMs: 30_000 });
try {
  for (const [title, want, calls, granted] of cases) {
    if (!QUICK || title === 'hold of 2 places') await compare(title, want, calls, granted);
  }
} finally {
  await store.close();
  await server.stop();
  await rm(dir, { recursive: true, force: true });
}

async function compare(title: string, want: Want, calls: number, granted: boolean): Promise<void> {
  const holds: Round[] = [];
  const sets: Round[] = [];
  for (let round = 0; round < ROUNDS; round++) {
    await store.redis.flushall();
    sets.push(
      await measure('set', calls, (i) =>
        store.redis.set(`calibrate:${round}:${i}`, 'x', 'PX', 600_000, 'NX'),
      ),
    );
    const event = await freshEvent(store);
    if (!granted) await ask(event, want, 0);
    holds.push(
      await measure('fcall', calls, async (i) => {
        const result = await ask(event, want, i);
        if (result.ok !== granted) throw new Error(`hold ${i}: ${JSON.stringify(result)}`);
      }),
    );
  }
  const us = median(holds.map((r) => r.usPerCall));
  const cpu = median(holds.map((r) => r.cpuUsPerCall));
  const set = median(sets.map((r) => r.cpuUsPerCall));
  const rate = median(holds.map((r) => r.perSecond));
  console.log(
    `${title.padEnd(28)} ${us.toFixed(1)} us in the script, ${cpu.toFixed(1)} us of Redis CPU (${Math.round(1e6 / cpu)}/s on one core), ` +
      `1/${(cpu / set).toFixed(1)} of SET NX (${set.toFixed(1)} us); from this one process ${Math.round(rate)}/s`,
  );
}

function ask(event: EventId, want: Want, i: number) {
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

async function measure(
  command: string,
  calls: number,
  call: (i: number) => Promise<unknown>,
): Promise<Round> {
  await store.redis.config('RESETSTAT');
  const cpuBefore = await redisCpu();
  const start = performance.now();
  let next = 0;
  const worker = async () => {
    while (next < calls) await call(next++);
  };
  await Promise.all(Array.from({ length: AT_ONCE }, worker));
  const seconds = (performance.now() - start) / 1000;
  const cpu = (await redisCpu()) - cpuBefore;
  const stats = new RegExp(`cmdstat_${command}:calls=\\d+,usec=\\d+,usec_per_call=([\\d.]+)`).exec(
    await store.redis.info('commandstats'),
  );
  return {
    usPerCall: Number(stats?.[1] ?? 0),
    cpuUsPerCall: (cpu * 1e6) / calls,
    perSecond: calls / seconds,
  };
}

async function redisCpu(): Promise<number> {
  const info = await store.redis.info('cpu');
  const of = (field: string) => Number(new RegExp(`${field}:([\\d.]+)`).exec(info)![1]);
  return of('used_cpu_user') + of('used_cpu_sys');
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[values.length >> 1]!;
}
