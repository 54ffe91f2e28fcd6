/**
 * Puts the demo on sale: accounts, charts, events, blocked sections, and what was bought before. All of it goes into the ledger;
 * the worker then makes the live maps from there, as after any loss of Redis. Running it again adds nothing, and an evening that is
 * over is followed by a new one.
 */
import { type EventId, type OrderId, randomToken, uuidv7 } from '@seatwire/protocol';
import {
  blockPlaces,
  closeDatabase,
  createChart,
  createEvent,
  createUser,
  type Database,
  flushPurchases,
  listEvents,
  openDatabase,
  openPaymentProvider,
  openRedis,
  type PaymentProvider,
  type Purchase,
  publishEvent,
  recordPayment,
} from '@seatwire/store';
import { DEMO_ACCOUNTS, EARLIER_BUYERS, ORGANIZER, PASSWORD_HASH } from './accounts.ts';
import { earlierSales } from './earlier-sales.ts';
import { type Evening, PROGRAMME } from './programme.ts';
import { wallTime } from './wall-time.ts';

export interface DemoEvent {
  readonly id: EventId;
  readonly title: string;
  readonly venue: string;
  readonly places: number;
  readonly onSale: boolean;
}

const DAY_MS = 86_400_000;
const MINUTE_MS = 60_000;
/** O'clock, at the venue. */
const DOORS_OPEN = 20;
const ORDERS_PER_BATCH = 250;
const PAYMENT_DEADLINE_MS = 5000;

/** Returns the programme as it stands, main event first. */
export async function seedDemo(
  urls: { readonly databaseUrl: string; readonly redisUrl: string },
  progress: (line: string) => void = () => undefined,
): Promise<DemoEvent[]> {
  const db = await openDatabase(urls.databaseUrl, { name: 'seatwire-seed', max: 4 });
  const redis = await openRedis(urls.redisUrl, 'commands');
  const payments = openPaymentProvider({ kind: 'simulated', redis, latencyMs: 0 });
  try {
    for (const account of [...DEMO_ACCOUNTS, ...EARLIER_BUYERS]) {
      const { password: _, ...user } = account;
      await createUser(db, { ...user, passwordHash: PASSWORD_HASH });
    }
    const events: DemoEvent[] = [];
    for (const evening of PROGRAMME) {
      events.push((await stillToCome(db, evening)) ?? (await announce(db, payments, evening, progress)));
    }
    return events;
  } finally {
    await payments.close();
    redis.disconnect();
    await closeDatabase(db);
  }
}

async function stillToCome(db: Database, evening: Evening): Promise<DemoEvent | null> {
  const tomorrow = new Date(Date.now() + DAY_MS).toISOString();
  const { events } = await listEvents(db, { limit: 10, offset: 0, search: evening.title, from: tomorrow });
  const event = events.find((one) => one.title === evening.title);
  if (!event) return null;
  return { ...event, onSale: Date.parse(event.saleOpensAt) <= Date.now() };
}

async function announce(
  db: Database,
  payments: PaymentProvider,
  evening: Evening,
  progress: (line: string) => void,
): Promise<DemoEvent> {
  const chart = evening.chart();
  progress(`putting on sale: ${evening.title}, ${chart.places.toLocaleString('en')} places`);
  await createChart(db, chart);
  const startsAt = wallTime(evening.timeZone, Date.now(), evening.inDays, DOORS_OPEN);
  const saleOpensAt = Date.now() + evening.saleOpensInDays * DAY_MS;
  const id = uuidv7() as EventId;
  const event = {
    id,
    title: evening.title,
    description: evening.description,
    venue: evening.venue,
    city: evening.city,
    timeZone: evening.timeZone,
    organizer: ORGANIZER.id,
    chart: chart.id,
    startsAt: new Date(startsAt).toISOString(),
    saleOpensAt: new Date(saleOpensAt).toISOString(),
    saleClosesAt: new Date(startsAt - 60 * MINUTE_MS).toISOString(),
    currency: evening.currency,
    prices: Object.entries(evening.prices).map(([category, amount]) => ({ category, amount })),
    maxPerHold: 8,
    maxPerBuyer: 12,
    holdMs: 5 * MINUTE_MS,
    maxHoldMs: 15 * MINUTE_MS,
    payingMs: 2 * MINUTE_MS,
    noOrphans: evening.noOrphans,
    published: false,
  };
  const outcome = await createEvent(db, event);
  if (outcome !== 'created') throw new Error(`the demo's event ${evening.title} was refused: ${outcome}`);

  const blocked = chart.sections
    .filter((section) => evening.blockedSections.includes(section.id))
    .flatMap((section) => Array.from({ length: section.count }, (_, i) => section.first + i));
  if (blocked.length > 0) await blockPlaces(db, id, blocked);
  const purchases = earlierSales(chart, evening.alreadySold, evening.blockedSections).map(
    (party, i): Purchase => {
      const price = evening.prices[party.category] ?? 0;
      const order = uuidv7() as OrderId;
      return {
        kind: 'purchase',
        event: id,
        order,
        hold: randomToken() as Purchase['hold'],
        buyer: EARLIER_BUYERS[i % EARLIER_BUYERS.length]!.id,
        fence: i + 1,
        places: party.places,
        prices: party.places.map(() => price),
        amount: price * party.places.length,
        currency: evening.currency,
        payment: '',
        acceptedAt: Math.round(saleOpensAt + (Date.now() - saleOpensAt) * Math.sqrt(Math.random())),
      };
    },
  );
  await sell(db, payments, purchases);
  // Published last: an event that is on sale is complete, whenever this was interrupted.
  await publishEvent(db, id);
  return {
    id,
    title: evening.title,
    venue: evening.venue,
    places: chart.places,
    onSale: saleOpensAt <= Date.now(),
  };
}

/** As the real path does it, in batches: authorise, commit, capture. */
async function sell(db: Database, payments: PaymentProvider, purchases: readonly Purchase[]): Promise<void> {
  for (let from = 0; from < purchases.length; from += ORDERS_PER_BATCH) {
    const batch = await Promise.all(
      purchases.slice(from, from + ORDERS_PER_BATCH).map(async (purchase) => {
        const { order, amount, currency } = purchase;
        const answer = await payments.authorise({
          order,
          amount,
          currency,
          method: 'tok_ok',
          deadlineMs: PAYMENT_DEADLINE_MS,
        });
        if (answer.kind !== 'authorised') throw new Error(`the test card was not authorised: ${answer.kind}`);
        return { ...purchase, payment: answer.payment };
      }),
    );
    for (const outcome of await flushPurchases(db, batch)) {
      if (outcome.status !== 'confirmed') throw new Error(`an earlier sale was refused: ${outcome.reason}`);
    }
    await Promise.all(
      batch.map(async ({ order }) => {
        await payments.capture(order);
        await recordPayment(db, order, 'captured');
      }),
    );
  }
}
