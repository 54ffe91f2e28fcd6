/**
 * How fast the worker is: `npm run bench -w worker`. Real stores with their durable settings (Redis appendfsync always, Postgres
 * fsync and synchronous_commit on) and a worker process of its own, all on this machine.
 *  1. drain: a full outbox, until the last order is confirmed: tickets per second;
 *  2. pace: so many orders per second, from accepted to the buyer's notice: percentiles.
 */
import { spawn } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { startPostgres, startRedis } from '@seatwire/embedded';
import type { OrderId } from '@seatwire/protocol';
import { listenToNews, migrate, openRedis } from '@seatwire/store';
import { type Arena, openArenaOn, PARTITIONS } from '../testing/arena.ts';

const [drainOrders = 10_000, pace = 1_000, paceSeconds = 10] = process.argv.slice(2).map(Number);
const PER_ORDER = 2;
const SELLERS = 64;

const folder = await mkdtemp(join(tmpdir(), 'seatwire-bench-'));
const [redis, postgres] = await Promise.all([
  startRedis({ dir: join(folder, 'redis') }),
  startPostgres({ dir: join(folder, 'postgres') }),
]);
try {
  await migrate(postgres.url);
  await measure();
} finally {
  await Promise.all([redis.stop(), postgres.stop()]);
  await rm(folder, { recursive: true, force: true });
}

async function measure(): Promise<void> {
  const paced = pace * paceSeconds;
  const arena = await openArenaOn(postgres.url, redis.url, { places: (drainOrders + paced) * PER_ORDER });
  const acceptedAt = new Map<OrderId, number>();
  const confirmedAt = new Map<OrderId, number>();
  const listener = await openRedis(redis.url, 'pubsub');
  await listenToNews(
    listener,
    (news) => {
      if (!('message' in news)) return;
      const { message } = news;
      if (message.type === 'order' && message.status === 'confirmed') {
        confirmedAt.set(message.order, performance.now());
      }
    },
    console.error,
  );
  let next = 0;
  const buy = async (): Promise<OrderId> => {
    const first = next;
    next += PER_ORDER;
    const { order } = await arena.sell(
      Array.from({ length: PER_ORDER }, (_, i) => first + i),
      { card: null },
    );
    return order;
  };

  await Promise.all(
    Array.from({ length: SELLERS }, async () => {
      while (next < drainOrders * PER_ORDER) await buy();
    }),
  );
  const sold = next / PER_ORDER;
  const worker = startWorker(arena);
  process.once('exit', () => worker.kill('SIGKILL'));
  try {
    await until(() => confirmedAt.size > 0);
    const [began, before] = [performance.now(), confirmedAt.size];
    await until(() => confirmedAt.size >= sold);
    const seconds = (performance.now() - began) / 1000;
    const tickets = Math.round(((sold - before) * PER_ORDER) / seconds);
    console.log(`drain: ${sold} orders of ${PER_ORDER}: ${tickets} tickets/s`);

    await sleep(3_000); // the captures of the drain
    const start = performance.now();
    const buying: Promise<void>[] = [];
    const refusals = new Map<string, number>();
    for (let sent = 0; sent < paced; await sleep(2)) {
      for (const due = ((performance.now() - start) / 1000) * pace; sent < Math.min(due, paced); sent++) {
        buying.push(
          buy().then(
            (order) => void acceptedAt.set(order, performance.now()),
            (error: unknown) => void refusals.set(String(error), (refusals.get(String(error)) ?? 0) + 1),
          ),
        );
      }
    }
    await Promise.all(buying);
    const rate = Math.round(paced / ((performance.now() - start) / 1000));
    await until(() => [...acceptedAt.keys()].every((order) => confirmedAt.has(order)));
    // The notice may overtake the answer to the buyer's own command.
    const lags = [...acceptedAt].map(([order, at]) => Math.max(0, confirmedAt.get(order)! - at));
    lags.sort((a, b) => a - b);
    const at = (share: number): string => lags[Math.floor(lags.length * share)]?.toFixed(1) ?? '-';
    console.log(
      `pace: ${rate} orders/s for ${paceSeconds} s, accepted to confirmed: p50 ${at(0.5)} ms, p99 ${at(0.99)} ms, max ${at(0.9999)} ms (${lags.length} orders)`,
    );
    for (const [why, count] of refusals) console.log(`  ${count} refused: ${why}`);
  } finally {
    worker.kill('SIGTERM');
    await new Promise((resolve) => worker.once('exit', resolve));
    listener.disconnect();
    await arena.close();
  }
}

function startWorker({ databaseUrl, redisUrl }: Arena) {
  const main = fileURLToPath(new URL('../main.ts', import.meta.url));
  const args = ['--conditions=@seatwire/source', '--import', 'tsx', main];
  return spawn(
    process.execPath,
    [...args, '--port', '0', '--log-level', 'error', '--partitions', String(PARTITIONS)],
    {
      env: { DATABASE_URL: databaseUrl, REDIS_URL: redisUrl },
      stdio: 'inherit',
    },
  );
}

/** Fails after a minute: a measurement must end. */
async function until(condition: () => boolean): Promise<void> {
  const deadline = performance.now() + 60_000;
  while (!condition()) {
    if (performance.now() > deadline) throw new Error('nothing more was confirmed for a minute');
    await sleep(5);
  }
}
