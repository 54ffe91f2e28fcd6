/**
 * How many tickets a second the ledger takes, on a Postgres of its own with fsync and synchronous_commit on, one batch after
 * the other as a worker does it. `npm run bench -w server/store`; prints one line a batch size, medians of five interleaved runs,
 * beside a calibration: bare commits a second on the same disk.
 */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startPostgres } from '@seatwire/embedded';
import { sql } from 'slonik';
import { samplePurchase, sampleSale } from '../testing/sample-sale.ts';
import { closeDatabase, type Database, openDatabase } from './database.ts';
import { flushPurchases } from './flush-purchases.ts';
import { migrate } from './migrate.ts';
import { liveTickets } from './seat-plans.ts';

const TICKETS_PER_ORDER = 2;
const BATCHES = [50, 200, 500, 1_000];
const RUNS = 5;
/** Orders a run, for every batch size: the event of the run is sold out by them. */
const ORDERS = 6_000;

const median = (values: number[]) => values.sort((a, b) => a - b)[values.length >> 1]!;

async function commitsPerSecond(db: Database): Promise<number> {
  await db.query(sql.unsafe`create table if not exists calibration (n integer)`);
  const from = performance.now();
  for (let n = 0; n < 200; n++) await db.query(sql.unsafe`insert into calibration values (${n})`);
  return 200 / ((performance.now() - from) / 1_000);
}

async function run(db: Database, batch: number): Promise<{ rate: number; times: number[] }> {
  const sale = await sampleSale(db, { places: ORDERS * TICKETS_PER_ORDER, buyers: 20 });
  const purchases = Array.from({ length: ORDERS }, (_, i) =>
    samplePurchase(sale, [i * 2, i * 2 + 1], { buyer: sale.buyers[i % 20]! }),
  );
  const times: number[] = [];
  for (let at = 0; at < ORDERS; at += batch) {
    const from = performance.now();
    await flushPurchases(db, purchases.slice(at, at + batch));
    times.push(performance.now() - from);
  }
  const sold = (await liveTickets(db, sale.event.id)).length;
  if (sold !== ORDERS * TICKETS_PER_ORDER)
    throw new Error(`${sold} tickets of ${ORDERS * TICKETS_PER_ORDER}`);
  return { rate: sold / (times.reduce((sum, time) => sum + time) / 1_000), times };
}

const dir = await mkdtemp(join(tmpdir(), 'seatwire-bench-'));
const postgres = await startPostgres({ dir });
try {
  await migrate(postgres.url);
  const db = await openDatabase(postgres.url);
  await run(db, 500);
  const commits: number[] = [];
  const results = new Map(BATCHES.map((batch) => [batch, [] as Awaited<ReturnType<typeof run>>[]]));
  for (let round = 0; round < RUNS; round++) {
    commits.push(await commitsPerSecond(db));
    for (const batch of BATCHES) results.get(batch)!.push(await run(db, batch));
  }
  console.log(`calibration: ${Math.round(median(commits))} single-row commits/s`);
  for (const [batch, runs] of results) {
    const times = runs.flatMap((one) => one.times).sort((a, b) => a - b);
    console.log(
      `batches of ${String(batch).padStart(4)} orders of ${TICKETS_PER_ORDER}: ` +
        `${Math.round(median(runs.map(({ rate }) => rate)))} tickets/s, a batch takes ` +
        `${median(times).toFixed(1)} ms (p99 ${times[Math.floor(times.length * 0.99)]!.toFixed(1)} ms)`,
    );
  }
  await closeDatabase(db);
} finally {
  await postgres.stop();
  await rm(dir, { recursive: true, force: true });
}
