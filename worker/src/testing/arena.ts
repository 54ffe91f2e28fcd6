/** What the worker's tests and measurements stand on: stores, one event on sale, and buyers who buy. */
import {
  type Chart,
  type ChartId,
  type EventId,
  type HoldId,
  type OpId,
  type OrderId,
  randomToken,
  type UserId,
  uuidv7,
} from '@seatwire/protocol';
import { createChart, createEvent, createUser, NOTHING_PAID } from '@seatwire/store';
import { type Logger, pino } from 'pino';
import { readConfig } from '../config.ts';
import { createMetrics, type Metrics } from '../metrics.ts';
import { rebuild } from '../seats/rebuild.ts';
import { openStores, type Stores } from '../stores.ts';

export interface Sale {
  readonly order: OrderId;
  readonly hold: HoldId;
  readonly fence: number;
  readonly places: readonly number[];
  readonly buyer: UserId;
  readonly payment: string;
}

export interface Arena {
  readonly stores: Stores;
  readonly databaseUrl: string;
  readonly redisUrl: string;
  readonly event: EventId;
  readonly buyer: UserId;
  readonly metrics: Metrics;
  readonly log: Logger;
  /** Another connection set to the same databases, as another process has it. */
  another(): Promise<Stores>;
  /** Up to checkout, the payment authorised. */
  checkOut(places: readonly number[], how?: HowToPay): Promise<Sale>;
  /** Up to `accepted`. */
  sell(places: readonly number[], how?: HowToPay): Promise<Sale>;
  close(): Promise<void>;
}

export interface HowToPay {
  /** A test card; `tok_ok` if left out. Null: no payment is made, only claimed. */
  readonly card?: string | null;
  /** The arena's buyer if left out. */
  readonly buyer?: UserId;
}

export interface ArenaOptions {
  readonly places?: number;
  readonly holdMs?: number;
  readonly payingMs?: number;
  /** Of each place; 2,500 if left out. For nothing, the provider is not asked. */
  readonly price?: number;
  /** Hash tags the events are spread over; `PARTITIONS` if left out. */
  readonly partitions?: number;
}

export const PARTITIONS = 4;

/** Puts an event on sale in a migrated database and a Redis of its own. */
export async function openArenaOn(
  databaseUrl: string,
  redisUrl: string,
  options: ArenaOptions = {},
): Promise<Arena> {
  const {
    places = 400,
    holdMs = 60_000,
    payingMs = 60_000,
    price = 2_500,
    partitions = PARTITIONS,
  } = options;
  const config = {
    ...readConfig([], { PARTITIONS: String(partitions), DATABASE_POOL: '6' }),
    databaseUrl,
    redisUrl,
  };
  const opened: Stores[] = [];
  const another = async (): Promise<Stores> => {
    const stores = await openStores(config, () => {});
    opened.push(stores);
    return stores;
  };
  const stores = await another();
  const { db, seats, provider } = stores;
  const log = pino({ level: 'silent' });
  const metrics = createMetrics();

  const organizer = await user(stores, 'organizer');
  const known = await user(stores, 'customer');
  const chart = hall(places);
  await createChart(db, chart);
  const event = uuidv7() as EventId;
  const created = await createEvent(db, {
    id: event,
    title: 'A concert',
    description: '',
    venue: 'The hall',
    city: 'Bern',
    timeZone: 'Europe/Zurich',
    organizer,
    chart: chart.id,
    startsAt: new Date(Date.now() + 864e5).toISOString(),
    saleOpensAt: new Date(Date.now() - 36e5).toISOString(),
    saleClosesAt: new Date(Date.now() + 36e5).toISOString(),
    currency: 'EUR',
    prices: [{ category: 'all', amount: price }],
    maxPerHold: 100,
    maxPerBuyer: places,
    holdMs,
    maxHoldMs: holdMs * 2,
    payingMs,
    noOrphans: false,
    published: true,
  });
  if (created !== 'created') throw new Error(`the arena's event: ${created}`);
  await rebuild({ ...stores, metrics, log }, event, 'missing', new AbortController().signal);

  async function checkOut(wanted: readonly number[], how: HowToPay = {}): Promise<Sale> {
    const { card = 'tok_ok', buyer = known } = how;
    const hold = randomToken() as HoldId;
    const order = uuidv7() as OrderId;
    const command = () => ({ event, buyer, op: randomToken() as OpId, hold });
    const held = await seats.hold({
      ...command(),
      priceRevision: 1,
      want: { kind: 'places', places: wanted, prices: wanted.map(() => price) },
    });
    if (!held.ok) throw new Error(`not held: ${held.code}`);
    const checkedOut = await seats.checkout({ ...command(), order });
    if (!checkedOut.ok) throw new Error(`not checked out: ${checkedOut.code}`);
    const { amount, currency, fence } = checkedOut;
    if (amount === 0) return { order, hold, fence, places: wanted, buyer, payment: NOTHING_PAID };
    if (card === null) return { order, hold, fence, places: wanted, buyer, payment: 'none' };
    const made = await provider.authorise({ order, amount, currency, method: card, deadlineMs: 2_000 });
    if (made.kind !== 'authorised') throw new Error(`not authorised: ${made.kind}`);
    return { order, hold, fence, places: wanted, buyer, payment: made.payment };
  }

  return {
    stores,
    databaseUrl,
    redisUrl,
    event,
    buyer: known,
    metrics,
    log,
    another,
    checkOut,
    async sell(wanted, how) {
      const sale = await checkOut(wanted, how);
      const { buyer, hold, order, payment } = sale;
      const op = randomToken() as OpId;
      const confirmed = await seats.confirm({ event, buyer, op, hold, order, payment });
      if (!confirmed.ok) throw new Error(`not confirmed: ${confirmed.code}`);
      return sale;
    },
    async close() {
      for (const each of opened) await each.close();
    },
  };
}

async function user({ db }: Stores, role: 'organizer' | 'customer'): Promise<UserId> {
  const id = uuidv7() as UserId;
  const made = await createUser(db, { id, email: `${id}@example.org`, name: role, role, passwordHash: 'x' });
  if (made === 'email_taken') throw new Error('two users of one address');
  return id;
}

/** One section, rows of up to 100 seats. */
function hall(places: number): Chart {
  const rows = Array.from({ length: Math.ceil(places / 100) }, (_, row) => ({
    label: String(row + 1),
    first: row * 100,
    count: Math.min(100, places - row * 100),
    number: 1,
    shape: {
      kind: 'line' as const,
      from: [0, row] as [number, number],
      to: [100, row] as [number, number],
      bend: 0,
    },
  }));
  const outline: [number, number][] = [
    [0, 0],
    [100, 0],
    [100, rows.length],
  ];
  return {
    id: uuidv7() as ChartId,
    name: 'Hall',
    width: 100,
    height: rows.length + 10,
    places,
    categories: [{ key: 'all', name: 'All', color: '#336699' }],
    sections: [
      {
        id: 'main',
        name: 'Main',
        kind: 'seats',
        category: 'all',
        floor: 0,
        outline,
        label: [50, 5],
        first: 0,
        count: places,
        runs: rows,
      },
    ],
    stage: { outline, label: 'Stage' },
  };
}
