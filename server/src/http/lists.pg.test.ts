/** What lists say over REST: which events, in which order, how many, and how to the rest. */
import {
  type EventId,
  eventList,
  instant,
  orderBody,
  orderList,
  type UserId,
  uuidv7,
} from '@seatwire/protocol';
import { flushPurchases, type NewEvent } from '@seatwire/store';
import { samplePurchase } from '@seatwire/store/testing';
import { sql } from 'slonik';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { putOnSale, type Served, startServed } from '../testing/served.ts';

const HOUR = 3_600_000;
const at = (hours: number) => new Date(Date.now() + hours * HOUR).toISOString();

let served: Served;
beforeAll(async () => {
  served = await startServed({}, { timeZone: 'America/New_York', venue: 'Blue Lantern', city: 'New York' });
});
afterAll(() => served.stop());

const op = () => `op-${uuidv7()}`;

/** A city of its own, so that each test lists its own events. */
async function city(...events: readonly Partial<NewEvent>[]): Promise<string> {
  const name = `City ${uuidv7()}`;
  for (const event of events) await putOnSale(served.db, { venue: uuidv7(), city: name, ...event });
  return name;
}

async function list(query: Readonly<Record<string, string>>) {
  const answer = await served.call('GET', `/api/events?${new URLSearchParams(query)}`);
  expect([answer.status, answer.body]).toEqual([200, expect.anything()]);
  return eventList.parse(answer.body);
}
const titles = async (query: Readonly<Record<string, string>>) =>
  (await list(query)).events.map(({ title }) => title);

/** Every page, by following `next`. */
async function follow(path: string): Promise<ReturnType<typeof eventList.parse>[]> {
  const pages = [];
  for (let next: string | null = path; next !== null; ) {
    const answer = await served.call('GET', next);
    pages.push(eventList.parse(answer.body));
    next = answer.body.next;
  }
  return pages;
}

describe('the list of events', () => {
  test('[CB19] the list of events says each venue’s time zone, and so does the event', async () => {
    const found = await list({ search: 'Blue Lantern' });
    expect(found.events).toMatchObject([{ timeZone: 'America/New_York' }]);
    const detail = await served.call('GET', `/api/events/${served.event}`);
    expect(detail.body).toMatchObject({ venue: 'Blue Lantern', timeZone: 'America/New_York' });
  });

  test('[CB37] the list of events begins with what is running, soonest first; the past is told on request, latest first', async () => {
    const search = await city(
      { title: 'next month', startsAt: at(700) },
      { title: 'tonight', startsAt: at(5) },
      { title: 'running', startsAt: at(-5.5) },
      { title: 'over', startsAt: at(-6.5) },
      { title: 'last month', startsAt: at(-700) },
    );
    expect(await titles({ search })).toEqual(['running', 'tonight', 'next month']);
    expect(await titles({ search, past: 'false' })).toEqual(['running', 'tonight', 'next month']);
    expect(await titles({ search, past: 'true' })).toEqual(['over', 'last month']);
    expect(await titles({ search, from: at(-800) })).toEqual([
      'last month',
      'over',
      'running',
      'tonight',
      'next month',
    ]);
    expect(await titles({ search, to: at(100) })).toEqual(['running', 'tonight']);
    expect(await titles({ search, to: at(-100) })).toEqual(['last month']);
    expect(await titles({ search, past: 'true', from: at(-100) })).toEqual(['over']);
  });

  test('[CB38] the list of events says how many there are, and its pages are each event once', async () => {
    const same = at(50);
    const search = await city(
      ...Array.from({ length: 23 }, (_, i) => ({ title: `Night ${i}`, startsAt: i % 2 ? same : at(51 + i) })),
    );
    const pages = await follow(`/api/events?search=${encodeURIComponent(search)}&limit=10`);
    expect(pages.map(({ events }) => events.length)).toEqual([10, 10, 3]);
    expect(new Set(pages.map(({ total }) => total))).toEqual(new Set([23]));
    const events = pages.flatMap((page) => page.events);
    expect(new Set(events.map(({ id }) => id)).size).toBe(23);
    expect(events.map(({ startsAt }) => startsAt)).toEqual(events.map(({ startsAt }) => startsAt).sort());
    // Exactly full, and beyond the end.
    expect((await list({ search, limit: '23' })).next).toBeNull();
    expect(await list({ search, offset: '100' })).toEqual({ events: [], total: 23, next: null });
  });

  test('[CB38] the next page goes on in the same list, also of the past', async () => {
    const search = await city(
      { title: 'a', startsAt: at(-7) },
      { title: 'b', startsAt: at(-8) },
      { title: 'c', startsAt: at(-9) },
      { title: 'd', startsAt: at(9) },
    );
    const query = new URLSearchParams({ search, past: 'true', limit: '2' });
    const pages = await follow(`/api/events?${query}`);
    expect(pages.map(({ events }) => events.map(({ title }) => title))).toEqual([['a', 'b'], ['c']]);
  });

  test('[CB38] an event that ends between two pages leaves none out', async () => {
    const search = await city({ title: 'a', startsAt: at(-5.9) }, { title: 'b', startsAt: at(2) });
    const { next } = await list({ search, limit: '1' });
    // As much later as it takes for the first to be over.
    const { from } = Object.fromEntries(new URLSearchParams(next!.split('?')[1]));
    expect(Date.parse(from!)).toBeLessThan(Date.now() - 5.9 * HOUR);
    expect((await served.call('GET', next!)).body.events).toMatchObject([{ title: 'b' }]);
  });

  test.each([
    ['caf\u00e9 noir', 'Cafe\u0301 NOIR'],
    ['CAFE\u0301 NOIR', 'caf\u00e9 noir'],
    ['\uff23\uff41\uff46\uff45 \u2167', 'cafe viii'],
    ['\u00d6\u00dfterreich \u0395\u03a5\u03a1\u03a9', '\u00f6\u00dfterreich \u03b5\u03c5\u03c1\u03c9'],
    ['50% off_', '50% OFF_'],
  ])('[CB35] %s is found as %s, in title, venue and city', async (kept, typed) => {
    const tag = uuidv7();
    await city({ title: `${kept} ${tag}` });
    await city({ venue: `${kept} ${tag}` });
    await putOnSale(served.db, { venue: uuidv7(), city: `${kept} ${tag}` });
    expect((await list({ search: `  ${typed} ${tag} ` })).total).toBe(3);
  });

  test('[CB35] an empty search is none', async () => {
    const { total } = await list({});
    expect((await list({ search: '' })).total).toBe(total);
    expect((await list({ search: ' \t ' })).total).toBe(total);
  });

  test('[CB59] the list of events takes dates with any offset of RFC 3339', async () => {
    const search = await city({ title: 'a', startsAt: '2040-06-01T18:00:00.000Z' });
    for (const from of ['2040-06-01T20:00:00+02:00', '2040-06-01t11:00:00.0-07:00', '2040-06-01T18:00:00Z']) {
      expect(await titles({ search, from })).toEqual(['a']);
      expect(await titles({ search, to: from })).toEqual([]);
      expect(await titles({ search, from: instant.parse(from), to: '2040-06-01T18:00:00.001Z' })).toEqual([
        'a',
      ]);
    }
    // A plus sign that was not encoded.
    const raw = `/api/events?search=${encodeURIComponent(search)}&from=2040-06-01T20:00:01+02:00`;
    expect((await served.call('GET', raw)).body).toMatchObject({ events: [], total: 0 });
  });

  test.each([
    ['from', '0000-01-01T00:00:00Z'],
    ['from', '9999-12-31T23:59:59-23:59'],
    ['to', '2026-02-30T00:00:00Z'],
    ['to', '2026-01-01'],
    ['to', '2026-01-01T00:00:00'],
    ['to', 'yesterday'],
    ['past', 'yes'],
    ['limit', '0'],
    ['limit', '1e1'],
    ['limit', ''],
    ['offset', '-1'],
    ['offset', '99999999999999999999'],
    ['search', 'a\0b'],
    ['search', 'x'.repeat(101)],
  ])('[CB59] [CB32] the list of events refuses %s=%j, naming the field', async (name, value) => {
    const answer = await served.call('GET', `/api/events?${new URLSearchParams({ [name]: value })}`);
    expect(answer).toMatchObject({ status: 400, body: { code: 'bad_request' } });
    expect(answer.body.issues).toMatchObject([{ path: `query.${name}` }]);
  });
});

describe('orders', () => {
  const OCCASION = {
    title: 'An evening',
    venue: 'Blue Lantern',
    city: 'New York',
    startsAt: expect.any(String),
    timeZone: 'America/New_York',
  };

  async function buy(token: string, place: number) {
    const { body: hold } = await served.call('POST', `/api/events/${served.event}/holds`, {
      token,
      body: { opId: op(), places: [place] },
    });
    const answer = await served.call('POST', '/api/orders', {
      token,
      headers: { 'idempotency-key': op() },
      body: { event: served.event, hold: hold.hold, method: 'tok_ok' },
    });
    return orderBody.parse(answer.body);
  }

  test('[CB38] orders name their event, where and when it is, before the ledger has them and after it, also unpublished', async () => {
    const { accessToken: token, user } = await served.customer();
    const order = await buy(token, 12);
    expect(order).toMatchObject(OCCASION);
    const look = async () => {
      const { body } = await served.call('GET', '/api/orders', { token });
      const one = await served.call('GET', `/api/orders/${order.id}`, { token });
      expect(body).toMatchObject({ orders: [one.body], total: 1, next: null });
      return orderBody.parse(one.body);
    };
    expect(await look()).toMatchObject({ status: 'accepted', ...OCCASION });
    const sale = { event: { id: served.event }, buyers: [user.id] } as unknown as Parameters<
      typeof samplePurchase
    >[0];
    await flushPurchases(served.db, [samplePurchase(sale, [12], { order: order.id })]);
    const setPublished = (since: string | null) =>
      served.db.query(
        sql.unsafe`update events set published_at = ${since}::timestamptz where id = ${served.event}`,
      );
    await setPublished(null);
    try {
      expect(await look()).toMatchObject({ status: 'confirmed', ...OCCASION });
    } finally {
      await setPublished(new Date().toISOString());
    }
  });

  test('[CB38] orders come in pages, each once, with how many there are', async () => {
    const { accessToken: token, user } = await served.customer();
    const { event } = await putOnSale(served.db);
    const bought = Array.from({ length: 25 }, (_, i) =>
      samplePurchase(
        { event: { id: event as EventId }, buyers: [user.id as UserId] } as never,
        [i],
        // Some in the same millisecond.
        { acceptedAt: 1_700_000_000_000 + Math.floor(i / 3) },
      ),
    );
    await flushPurchases(served.db, bought);
    const waiting = await buy(token, 14);
    const pages = [];
    for (let next: string | null = '/api/orders?limit=10'; next !== null; ) {
      const { body } = await served.call('GET', next, { token });
      pages.push(orderList.parse(body));
      next = body.next;
    }
    expect(pages.map(({ orders }) => orders.length)).toEqual([11, 10, 5]);
    expect(new Set(pages.map(({ total }) => total))).toEqual(new Set([26]));
    const ids = pages.flatMap(({ orders }) => orders.map(({ id }) => id));
    expect(ids[0]).toBe(waiting.id);
    expect(new Set(ids).size).toBe(26);
    const ofEvent = await served.call('GET', `/api/orders?event=${event}&limit=25`, { token });
    expect(ofEvent.body).toMatchObject({ total: 25, next: null });
  });
});
