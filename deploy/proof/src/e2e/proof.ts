/** The proof: what buyers were told, Redis, Postgres, the payment provider and every map agree. */
import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import type { StoreUrls } from '@seatwire/local';
import type { SeatwireClient } from '@seatwire/protocol/client';
import {
  closeDatabase,
  findOrder,
  type LiveTicket,
  liveTickets,
  openDatabase,
  openPaymentProvider,
  openRedis,
  type Payment,
} from '@seatwire/store';
import type { Hall } from './hall.ts';
import { restMap } from './rest.ts';
import type { Purchase } from './shoppers.ts';
import { until } from './until.ts';

export interface Verdict {
  readonly soldTwice: number;
  readonly confirmedLost: number;
  readonly acceptedLost: number;
  readonly capturedWithoutOrder: number;
  readonly uncaptured: number;
  readonly mapsThatDiffer: number;
  readonly stillHeld: number;
  readonly tickets: number;
  readonly orders: number;
}

export const NOTHING_WRONG: Omit<Verdict, 'tickets' | 'orders'> = {
  soldTwice: 0,
  confirmedLost: 0,
  acceptedLost: 0,
  capturedWithoutOrder: 0,
  uncaptured: 0,
  mapsThatDiffer: 0,
  stillHeld: 0,
};

/** Waits up to `settleMs` for what is under way to settle, then counts what is wrong. */
export async function prove(
  system: StoreUrls & { readonly url: string },
  hall: Hall,
  purchases: ReadonlyMap<string, Purchase>,
  clients: readonly SeatwireClient[],
  settleMs: number,
): Promise<Verdict> {
  const db = await openDatabase(system.databaseUrl, { name: 'seatwire-proof', max: 2 });
  const redis = await openRedis(system.redisUrl, 'commands');
  const payments = openPaymentProvider({ kind: 'simulated', redis, latencyMs: 0 });
  const orders = [...purchases.values()];
  try {
    const look = async (): Promise<Verdict> => {
      const tickets = await liveTickets(db, hall.event);
      const { version, map } = await restMap(system.url, hall.event);
      const ledger: { one: Purchase; row: Awaited<ReturnType<typeof findOrder>> }[] = [];
      const money: (Payment | null)[] = [];
      for (const one of orders) {
        ledger.push({ one, row: await findOrder(db, one.order) });
        money.push(await payments.find(one.order));
      }
      const soldOnMap = new Set<number>();
      for (let place = 0; place < map.places; place++) if (map.get(place) === 2) soldOnMap.add(place);
      const agree = (client: SeatwireClient) => {
        const room = client.room(hall.event);
        return room?.version === version && room.map.checksum === map.checksum;
      };
      return {
        tickets: tickets.length,
        orders: orders.length,
        soldTwice: tickets.length - new Set(tickets.map((ticket) => ticket.place)).size + soldToTwo(orders),
        confirmedLost: orders.filter(
          (one, i) => one.told === 'confirmed' && !isWhole(one, ledger[i]!.row, tickets),
        ).length,
        acceptedLost: ledger.filter(
          ({ one, row }) => one.told !== 'nothing' && (row === null || row.status === 'accepted'),
        ).length,
        capturedWithoutOrder: ledger.filter(
          ({ row }, i) => money[i]?.state === 'captured' && row?.status !== 'confirmed',
        ).length,
        uncaptured: ledger.filter(
          ({ row }, i) => row?.status === 'confirmed' && money[i]?.state !== 'captured',
        ).length,
        mapsThatDiffer:
          clients.filter((client) => !agree(client)).length +
          Number(soldOnMap.size !== tickets.length || tickets.some((ticket) => !soldOnMap.has(ticket.place))),
        stillHeld: map.count(1),
      };
    };
    let last = await look();
    await until('everything settled', settleMs, async () => {
      last = await look();
      return Object.entries(NOTHING_WRONG).every(([name]) => last[name as keyof Verdict] === 0);
    }).catch(() => undefined);
    return last;
  } finally {
    await payments.close();
    redis.disconnect();
    await closeDatabase(db);
  }
}

/** Places that two buyers were both told are theirs. */
function soldToTwo(orders: readonly Purchase[]): number {
  const sold = orders.filter((one) => one.told === 'confirmed').flatMap((one) => one.places);
  return sold.length - new Set(sold).size;
}

function isWhole(
  purchase: Purchase,
  row: Awaited<ReturnType<typeof findOrder>>,
  tickets: readonly LiveTicket[],
): boolean {
  if (row?.status !== 'confirmed' || row.buyer !== purchase.buyer.id) return false;
  return purchase.places.every((place) =>
    tickets.some((t) => t.place === place && t.order === purchase.order),
  );
}

const WORKER = fileURLToPath(new URL('../../../../worker/dist/main.js', import.meta.url));

/** The worker's own comparison of Redis, Postgres and the provider: its report, and whether it found no difference. */
export function reconcile(urls: StoreUrls, hall: Hall): Promise<{ clean: boolean; report: string }> {
  const env = {
    REDIS_URL: urls.redisUrl,
    DATABASE_URL: urls.databaseUrl,
    MONGO_URL: urls.mongoUrl,
    LOG_LEVEL: 'error',
  };
  return new Promise((resolve) => {
    execFile(
      process.execPath,
      [WORKER, 'reconcile', hall.event],
      { env, timeout: 60_000 },
      (error, stdout, stderr) => resolve({ clean: error === null, report: stdout + stderr }),
    );
  });
}
