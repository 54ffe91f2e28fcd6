/** A plain hall and its buyers for end-to-end tests, put straight into the ledger. */

import { type DemoAccount, PASSWORD_HASH, type StoreUrls } from '@seatwire/local';
import { type Chart, type ChartId, type EventId, type UserId, uuidv7 } from '@seatwire/protocol';
import {
  closeDatabase,
  createChart,
  createEvent,
  createUser,
  type NewEvent,
  openDatabase,
} from '@seatwire/store';

export const PRICE = 2500;
/** Of a free seat in a plain hall. */
export const HALL_COLOR = '#4a8fd9';

export type HallOptions = SaleOptions &
  ({ readonly rows: number; readonly seatsPerRow: number } | { readonly chart: Chart });

interface SaleOptions {
  readonly buyers: number;
  readonly holdMs?: number;
  readonly payingMs?: number;
  readonly maxPerBuyer?: number;
  /** In place of what a plain hall's event is. */
  readonly event?: Partial<NewEvent>;
}

export interface Hall {
  readonly event: EventId;
  readonly places: number;
  readonly buyers: readonly DemoAccount[];
  readonly organizer: DemoAccount;
}

/** One section of straight rows. */
export function plainChart(rows: number, seatsPerRow: number): Chart {
  const width = seatsPerRow * 10 + 40;
  const height = rows * 12 + 100;
  return {
    id: uuidv7() as ChartId,
    name: `Hall of ${rows} x ${seatsPerRow}`,
    width,
    height,
    places: rows * seatsPerRow,
    categories: [{ key: 'all', name: 'All seats', color: HALL_COLOR }],
    sections: [
      {
        id: 'H',
        name: 'Hall',
        kind: 'seats',
        category: 'all',
        floor: 0,
        outline: [
          [10, 70],
          [width - 10, 70],
          [width - 10, height - 10],
          [10, height - 10],
        ],
        label: [width / 2, height / 2],
        first: 0,
        count: rows * seatsPerRow,
        runs: Array.from({ length: rows }, (_, row) => ({
          label: String(row + 1),
          first: row * seatsPerRow,
          count: seatsPerRow,
          number: 1,
          shape: { kind: 'line', from: [20, 80 + row * 12], to: [width - 20, 80 + row * 12], bend: 0 },
        })),
      },
    ],
    stage: {
      outline: [
        [20, 10],
        [width - 20, 10],
        [width - 20, 50],
        [20, 50],
      ],
      label: 'Stage',
    },
  };
}

function account(role: 'customer' | 'organizer', name: string): DemoAccount {
  const id = uuidv7() as UserId;
  return { id, email: `${name}-${id}@hall.test`, name, role, password: 'box-office-tonight' };
}

/** On sale at once. The worker makes the live map when it starts, or when the first visitor asks for it. */
export async function openHall(urls: Pick<StoreUrls, 'databaseUrl'>, options: HallOptions): Promise<Hall> {
  const chart = 'chart' in options ? options.chart : plainChart(options.rows, options.seatsPerRow);
  const organizer = account('organizer', 'organizer');
  const buyers = Array.from({ length: options.buyers }, (_, i) => account('customer', `buyer-${i + 1}`));
  const event = options.event?.id ?? (uuidv7() as EventId);
  const db = await openDatabase(urls.databaseUrl, { name: 'seatwire-test', max: 2 });
  try {
    for (const { password: _, ...user } of [organizer, ...buyers]) {
      await createUser(db, { ...user, passwordHash: PASSWORD_HASH });
    }
    await createChart(db, chart);
    const day = 86_400_000;
    const holdMs = options.holdMs ?? 300_000;
    const maxPerBuyer = options.maxPerBuyer ?? chart.places;
    const made = await createEvent(db, {
      id: event,
      title: 'An evening in the hall',
      description: 'For tests.',
      venue: 'Hall',
      city: 'Testville',
      timeZone: 'Europe/Amsterdam',
      organizer: organizer.id,
      chart: chart.id,
      startsAt: new Date(Date.now() + 10 * day).toISOString(),
      saleOpensAt: new Date(Date.now() - day).toISOString(),
      saleClosesAt: new Date(Date.now() + 9 * day).toISOString(),
      currency: 'EUR',
      prices: chart.categories.map(({ key }) => ({ category: key, amount: PRICE })),
      maxPerHold: Math.min(50, maxPerBuyer),
      maxPerBuyer,
      holdMs,
      maxHoldMs: holdMs * 3,
      payingMs: options.payingMs ?? 120_000,
      noOrphans: false,
      published: true,
      ...options.event,
    });
    if (made !== 'created') throw new Error(`the hall was refused: ${made}`);
  } finally {
    await closeDatabase(db);
  }
  return { event, places: chart.places, buyers, organizer };
}
