import {
  type Chart,
  type ChartId,
  type EventId,
  type HoldId,
  type OrderId,
  randomToken,
  type UserId,
  uuidv7,
} from '@seatwire/protocol';
import { createUser } from '../postgres/accounts.ts';
import { createChart } from '../postgres/charts.ts';
import type { Database } from '../postgres/database.ts';
import { createEvent, type NewEvent } from '../postgres/event-creation.ts';
import type { Purchase } from '../words/purchase.ts';

export const SAMPLE_PRICE = 4_500;
const ROW = 20;

/** Rows of 20 seats, then a general-admission area of 10 that is the last section. `places` a multiple of 20. */
export function sampleChart(places = 100): Chart {
  const rows = places / ROW - 1;
  const outline: [number, number][] = [
    [0, 0],
    [100, 0],
    [100, 100],
  ];
  const seats = rows * ROW;
  return {
    id: uuidv7() as ChartId,
    name: 'Sample hall',
    width: 100,
    height: 100,
    places,
    categories: [
      { key: 'seat', name: 'Seat', color: '#112233' },
      { key: 'floor', name: 'Floor', color: '#445566' },
    ],
    sections: [
      {
        id: 'a',
        name: 'Section A',
        kind: 'seats',
        category: 'seat',
        floor: 0,
        outline,
        label: [1, 1],
        first: 0,
        count: seats,
        runs: Array.from({ length: rows }, (_, row) => ({
          label: String(row + 1),
          first: row * ROW,
          count: ROW,
          number: 1,
          shape: { kind: 'line' as const, from: [0, row], to: [100, row], bend: 0 },
        })),
      },
      {
        id: 'floor',
        name: 'Floor',
        kind: 'ga',
        category: 'floor',
        floor: 0,
        outline,
        label: [1, 1],
        first: seats,
        count: places - seats,
        runs: [],
      },
    ],
    stage: { outline, label: 'Stage' },
  };
}

export interface SampleSale {
  readonly chart: Chart;
  readonly event: NewEvent;
  readonly buyers: readonly UserId[];
}

/** A chart, a published event on sale now, and a few buyers, in the ledger. */
export async function sampleSale(
  db: Database,
  options: { places?: number; buyers?: number; event?: Partial<NewEvent> } = {},
): Promise<SampleSale> {
  const { places = 100, buyers = 3 } = options;
  const chart = sampleChart(places);
  await createChart(db, chart);
  const organizer = await sampleUser(db, 'organizer');
  const hour = 3_600_000;
  const iso = (ms: number) => new Date(Date.now() + ms).toISOString();
  const event: NewEvent = {
    id: uuidv7() as EventId,
    title: 'Sample night',
    description: 'An evening of samples.',
    venue: 'Sample hall',
    city: 'Utrecht',
    timeZone: 'Europe/Amsterdam',
    organizer,
    chart: chart.id,
    startsAt: iso(48 * hour),
    saleOpensAt: iso(-hour),
    saleClosesAt: iso(24 * hour),
    currency: 'EUR',
    prices: [
      { category: 'seat', amount: SAMPLE_PRICE },
      { category: 'floor', amount: 3_000 },
    ],
    maxPerHold: 10,
    maxPerBuyer: 20,
    holdMs: 120_000,
    maxHoldMs: 600_000,
    payingMs: 60_000,
    noOrphans: false,
    published: true,
    ...options.event,
  };
  const outcome = await createEvent(db, event);
  if (outcome !== 'created') throw new Error(`the sample event is ${outcome}`);
  return { chart, event, buyers: await Promise.all(Array.from({ length: buyers }, () => sampleUser(db))) };
}

export async function sampleUser(
  db: Database,
  role: 'customer' | 'organizer' | 'admin' = 'customer',
): Promise<UserId> {
  const id = uuidv7() as UserId;
  await createUser(db, { id, email: `${id}@test.invalid`, name: 'Sample', role, passwordHash: 'none' });
  return id;
}

let fences = 1_000;

/** What the outbox would carry. Fences rise from call to call. */
export function samplePurchase(
  sale: SampleSale,
  places: readonly number[],
  overrides: Partial<Purchase> = {},
): Purchase {
  const order = uuidv7() as OrderId;
  return {
    kind: 'purchase',
    event: sale.event.id,
    order,
    hold: randomToken() as HoldId,
    buyer: sale.buyers[0]!,
    fence: fences++,
    places,
    prices: places.map(() => SAMPLE_PRICE),
    amount: places.length * SAMPLE_PRICE,
    currency: 'EUR',
    payment: `sim_${order}`,
    acceptedAt: Date.now(),
    ...overrides,
  };
}
