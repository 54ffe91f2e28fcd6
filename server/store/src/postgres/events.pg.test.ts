import { type ChartId, type EventId, type UserId, uuidv7 } from '@seatwire/protocol';
import { sql } from 'slonik';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type TestDatabase, testDatabase } from '../testing/index.ts';
import { sampleChart, samplePurchase, sampleSale, sampleUser } from '../testing/sample-sale.ts';
import { createChart, findChart } from './charts.ts';
import { closeDatabase, type Database, openDatabase } from './database.ts';
import { createEvent, type NewEvent } from './event-creation.ts';
import { eventsOnSale, findEvent, listEvents, publishEvent } from './events.ts';
import { flushPurchases } from './flush-purchases.ts';
import { cancelOrder } from './orders.ts';
import { blockPlaces, findSeatPlan, unblockPlaces } from './seat-plans.ts';

let database: TestDatabase;
let db: Database;
beforeAll(async () => {
  database = await testDatabase();
  db = await openDatabase(database.url);
});
afterAll(async () => {
  await closeDatabase(db);
  await database.drop();
});

describe('a chart', () => {
  test('a chart is found as it was created, and created once', async () => {
    const chart = sampleChart();
    expect(await createChart(db, chart)).toBe('created');
    expect(await createChart(db, { ...chart, name: 'Another name' })).toBe('exists');
    expect(await findChart(db, chart.id)).toEqual(chart);
    expect(await findChart(db, uuidv7() as ChartId)).toBeNull();
  });

  test.each(['a\0b', 'a\ud800', 'a\u202eb', 'a\nb'])(
    '[CB32] a chart with the label %j is not created',
    async (text) => {
      const chart = sampleChart();
      const [section] = chart.sections;
      const run = section!.runs[0]!;
      const named = { ...section!, name: text };
      const labelled = { ...section!, runs: [{ ...run, label: text }] };
      for (const change of [
        { name: text },
        { stage: { ...chart.stage, label: text } },
        { categories: [{ ...chart.categories[0]!, name: text }] },
        { sections: [named] },
        { sections: [labelled] },
      ]) {
        expect(await createChart(db, { ...chart, ...change })).toBe('bad_text');
      }
      expect(await createChart(db, chart)).toBe('created');
    },
  );

  test.each([' ', '\ufe0f', '\u034f'])(
    "[CB32] a chart's names have something to see, not %j",
    async (text) => {
      const chart = sampleChart();
      for (const change of [
        { name: text },
        { categories: [{ ...chart.categories[0]!, name: text }] },
        { sections: [{ ...chart.sections[0]!, name: text }] },
      ]) {
        expect(await createChart(db, { ...chart, ...change })).toBe('bad_text');
      }
    },
  );

  test('a chart never changes', async () => {
    const { id } = await sampleSale(db).then(({ chart }) => chart);
    for (const statement of [
      sql.unsafe`update charts set name = 'x' where id = ${id}`,
      sql.unsafe`delete from charts where id = ${id}`,
      sql.unsafe`truncate charts cascade`,
    ]) {
      await expect(db.query(statement)).rejects.toThrow('charts never change');
    }
  });
});

/** One price for each category of the sample chart. */
const pricedAt = (amount: number) => ['seat', 'floor'].map((category) => ({ category, amount }));

describe('an event', () => {
  test('an event is found with its prices by category and the rules of its sale', async () => {
    const { event, chart } = await sampleSale(db);
    expect(await findEvent(db, event.id)).toEqual({
      published: true,
      detail: {
        id: event.id,
        title: event.title,
        description: event.description,
        venue: event.venue,
        city: event.city,
        timeZone: 'Europe/Amsterdam',
        startsAt: event.startsAt,
        saleOpensAt: event.saleOpensAt,
        saleClosesAt: event.saleClosesAt,
        places: 100,
        minPrice: 3_000,
        maxPrice: 4_500,
        currency: 'EUR',
        organizer: event.organizer,
        chart: chart.id,
        prices: [
          { category: 'seat', name: 'Seat', color: '#112233', amount: 4_500 },
          { category: 'floor', name: 'Floor', color: '#445566', amount: 3_000 },
        ],
        maxPerHold: 10,
        maxPerBuyer: 20,
        holdMs: 120_000,
      },
      rules: {
        saleOpensAt: Date.parse(event.saleOpensAt),
        saleClosesAt: Date.parse(event.saleClosesAt),
        maxPerHold: 10,
        maxPerBuyer: 20,
        holdMs: 120_000,
        maxHoldMs: 600_000,
        payingMs: 60_000,
        currency: 'EUR',
        priceRevision: 1,
        noOrphans: false,
      },
    });
    expect(await findEvent(db, uuidv7() as EventId)).toBeNull();
  });

  test('an event is not created without its chart, an organizer, or one price for each category', async () => {
    const { event } = await sampleSale(db);
    const another = { ...event, id: uuidv7() as EventId };
    const create = (change: Partial<typeof event>) => createEvent(db, { ...another, ...change });
    expect(await create({ id: event.id })).toBe('exists');
    expect(await create({ chart: uuidv7() as ChartId })).toBe('unknown_chart');
    expect(await create({ organizer: uuidv7() as UserId })).toBe('unknown_organizer');
    expect(await create({ organizer: await sampleUser(db, 'customer') })).toBe('unknown_organizer');
    expect(await create({ prices: [{ category: 'seat', amount: 1 }] })).toBe('prices_mismatch');
    expect(await create({ prices: [...event.prices, { category: 'balcony', amount: 1 }] })).toBe(
      'prices_mismatch',
    );
    expect(await findEvent(db, another.id)).toBeNull();
    expect(await create({})).toBe('created');
  });

  test.each<[string, Partial<NewEvent>, string]>([
    ['a NUL in its title', { title: 'a\0b' }, 'bad_text'],
    ['half a letter in its title', { title: 'a\ud800' }, 'bad_text'],
    ['a title that nobody sees', { title: ' \u3164 ' }, 'bad_text'],
    ['a title of 201 letters', { title: 'x'.repeat(201) }, 'bad_text'],
    ['a NUL in its description', { description: 'a\0b' }, 'bad_text'],
    ['a line break in its venue', { venue: 'a\nb' }, 'bad_text'],
    ['no city', { city: '' }, 'bad_text'],
    ['a zone that is none', { timeZone: 'Europe/Rotterdam' }, 'unknown_time_zone'],
    ['an offset for a zone', { timeZone: '+01:00' }, 'unknown_time_zone'],
    ['a currency that is none', { currency: 'ZZZ' }, 'unknown_currency'],
    ['a start that is no instant', { startsAt: 'tomorrow' }, 'bad_times'],
    ['a start before the years', { startsAt: '0000-01-01T00:00:00Z' }, 'bad_times'],
    [
      'a sale that closes as it opens',
      { saleOpensAt: '2040-01-01T01:00:00+01:00', saleClosesAt: '2040-01-01T00:00:00Z' },
      'bad_times',
    ],
    ['a price below nothing', { prices: pricedAt(-1) }, 'bad_prices'],
    ['a price in parts of a cent', { prices: pricedAt(1.5) }, 'bad_prices'],
    ['a price beyond all money', { prices: pricedAt(2e15) }, 'bad_prices'],
    ['no places in a hold', { maxPerHold: 0 }, 'bad_terms'],
    ['more places in a hold than a command may name', { maxPerHold: 101, maxPerBuyer: 200 }, 'bad_terms'],
    ['more places in a hold than a buyer may have', { maxPerHold: 4, maxPerBuyer: 3 }, 'bad_terms'],
    ['holds of no time', { holdMs: 0 }, 'bad_terms'],
    ['holds longer than the longest', { holdMs: 2, maxHoldMs: 1 }, 'bad_terms'],
    ['payments of no time', { payingMs: 0 }, 'bad_terms'],
    ['a time longer than there is', { maxHoldMs: 2 ** 31 }, 'bad_terms'],
  ])('[CB32] [CB16] [CB19] an event with %s is not created', async (_, change, outcome) => {
    const { event } = await sampleSale(db);
    const id = uuidv7() as EventId;
    expect(await createEvent(db, { ...event, id, ...change })).toBe(outcome);
    expect(await findEvent(db, id)).toBeNull();
  });

  test('[CB34] an event is kept in one form of its letters, its description with its lines', async () => {
    const { event } = await sampleSale(db);
    const id = uuidv7() as EventId;
    const typed = { title: ' Cafe\u0301 ', venue: '\uff28all \u2167', description: 'one\n\ttwo e\u0301' };
    expect(await createEvent(db, { ...event, id, ...typed })).toBe('created');
    expect((await findEvent(db, id))?.detail).toMatchObject({
      title: 'Caf\u00e9',
      venue: 'Hall VIII',
      description: 'one\n\ttwo \u00e9',
    });
  });

  test.each(['Etc/UTC', 'Australia/Perth'])(
    '[CB19] an event is in its venue’s zone, which no other event may change: %s',
    async (told) => {
      const { create, zones } = await perth();
      expect(await create(told)).toBe('created');
      expect(await create('Europe/London')).toBe('time_zone_mismatch');
      expect(await create(told.toLowerCase())).toBe('created');
      expect(await zones()).toEqual([told, told]);
    },
  );

  test('[CB19] a venue without a zone is told in UTC, and gets the first that an event names', async () => {
    const { venue, create, zones } = await perth();
    expect(await create('Australia/Perth')).toBe('created');
    await db.query(sql.unsafe`update venues set time_zone = null where name = ${venue}`);
    expect(await zones()).toEqual(['Etc/UTC']);
    expect(await create('Australia/Perth')).toBe('created');
    expect(await zones()).toEqual(['Australia/Perth', 'Australia/Perth']);
  });

  test('[CB19] a zone in other letters is the same zone, as it is now and as it was kept before', async () => {
    const { venue, create, zones } = await perth();
    expect(await create('australia/PERTH')).toBe('created');
    expect(await zones()).toEqual(['Australia/Perth']);
    await db.query(sql.unsafe`update venues set time_zone = 'australia/perth' where name = ${venue}`);
    expect(await create('Australia/Perth')).toBe('created');
  });

  async function perth() {
    const { event } = await sampleSale(db);
    const place = { venue: `Hall ${uuidv7()}`, city: 'Perth' };
    return {
      ...place,
      create: (timeZone: string) =>
        createEvent(db, { ...event, ...place, id: uuidv7() as EventId, timeZone }),
      async zones() {
        const { events } = await listEvents(db, { limit: 10, offset: 0, search: place.venue });
        return events.map(({ timeZone }) => timeZone);
      },
    };
  }

  test('an event created by ten processes at once is created once', async () => {
    const { event } = await sampleSale(db);
    const another = { ...event, id: uuidv7() as EventId, venue: 'A new venue' };
    const outcomes = await Promise.all(Array.from({ length: 10 }, () => createEvent(db, another)));
    expect(outcomes.filter((outcome) => outcome === 'created')).toHaveLength(1);
    expect(outcomes.filter((outcome) => outcome === 'exists')).toHaveLength(9);
  });

  test('an event is listed once it is published, soonest first, by page, words and dates', async () => {
    const unique = uuidv7();
    const day = (n: number) => new Date(Date.UTC(2040, 0, n)).toISOString();
    const make = (title: string, startsAt: string, published = true) =>
      sampleSale(db, { event: { title, startsAt, published, city: `City 100% ${unique}` } });
    const later = await make('Later', day(3));
    const sooner = await make('Sooner', day(2));
    const hidden = await make('Hidden', day(1), false);
    const titles = async (search: object) =>
      (await listEvents(db, { limit: 10, offset: 0, search: `100% ${unique}`, ...search })).events.map(
        ({ title }) => title,
      );
    expect(await titles({})).toEqual(['Sooner', 'Later']);
    expect(await titles({ limit: 1, offset: 1 })).toEqual(['Later']);
    expect(await titles({ from: day(3) })).toEqual(['Later']);
    expect(await titles({ to: day(3) })).toEqual(['Sooner']);
    expect(await titles({ search: `100_ ${unique}` })).toEqual([]);
    expect(await titles({ search: "'; drop table events; --" })).toEqual([]);

    expect(await eventsOnSale(db)).toEqual(expect.arrayContaining([later.event.id, sooner.event.id]));
    expect(await eventsOnSale(db)).not.toContain(hidden.event.id);
    expect(await publishEvent(db, hidden.event.id)).toBe(true);
    expect(await publishEvent(db, uuidv7() as EventId)).toBe(false);
    expect(await titles({})).toEqual(['Hidden', 'Sooner', 'Later']);
  });
});

describe('a seat plan', () => {
  test('a seat plan has the runs, what is sold and blocked, and the highest fence ever seen', async () => {
    const sale = await sampleSale(db);
    const [kept, cancelled] = [samplePurchase(sale, [4, 5]), samplePurchase(sale, [8], { fence: 5_000_000 })];
    await flushPurchases(db, [kept, cancelled]);
    await cancelOrder(db, cancelled.order, 'test');
    expect(await blockPlaces(db, sale.event.id, [60, 4, 61, 62])).toEqual([60, 61, 62]);
    await unblockPlaces(db, sale.event.id, [61]);
    const plan = await findSeatPlan(db, sale.event.id);
    expect(plan).toEqual({
      places: 100,
      runStarts: [0, 20, 40, 60, 80],
      rules: (await findEvent(db, sale.event.id))?.rules,
      sold: [4, 5].map((place) => ({ place, fence: kept.fence, buyer: kept.buyer })),
      blocked: [60, 62],
      fence: 5_000_000,
    });
  });

  test('a seat plan of an event without sales starts at fence 0; of an unknown event there is none', async () => {
    const { event } = await sampleSale(db);
    expect(await findSeatPlan(db, event.id)).toMatchObject({ sold: [], blocked: [], fence: 0 });
    expect(await findSeatPlan(db, uuidv7() as EventId)).toBeNull();
  });
});
