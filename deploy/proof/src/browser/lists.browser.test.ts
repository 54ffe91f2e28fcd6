/** The lists of events and of orders: from now on, to their end, and back to where one was. */
import { expect, test } from 'vitest';
import { type Hall, openHall, plainChart } from '../e2e/hall.ts';
import { buyByRest, holdByRest, signIn } from '../e2e/rest.ts';
import { until } from '../e2e/until.ts';
import { openSite } from './site.ts';
import type { Visitor } from './visitor.ts';

const DAY = 86_400_000;
const EVENTS = 62;
const ORDERS = 55;

/** Of the list, soonest first. */
const halls: Hall[] = [];
let last: Hall;

const at = (days: number) => new Date(Date.now() + days * DAY).toISOString();

const site = openSite('lists', {
  seed: async (urls) => {
    const chart = plainChart(4, 30);
    for (let i = 1; i <= EVENTS; i++) {
      const event = { title: `Evening ${i}`, startsAt: at(i), saleClosesAt: at(i - 0.1) };
      halls.push(await openHall(urls, { chart, buyers: i === EVENTS ? 1 : 0, event }));
    }
    last = halls.at(-1)!;
    for (const [title, days] of [
      ['Last month', -30],
      ['Last week', -7],
    ] as const) {
      const event = {
        title,
        startsAt: at(days),
        saleOpensAt: at(days - 20),
        saleClosesAt: at(days - 1),
      };
      await openHall(urls, { chart, buyers: 0, event });
    }
  },
});
const visitor = site.visitor;

const titles = ({ page }: Visitor) => page.getByTestId('event-card').getByRole('heading').allTextContents();
const focused = ({ page }: Visitor) =>
  page.evaluate<string>(`document.activeElement.textContent.trim().slice(0, 40)`);

test('[CB37] [CB38] events are listed from now on, all of them can be reached, and the past ones too', async () => {
  const reader = await visitor();
  await reader.open('/');
  await reader.page.getByTestId('event-card').first().waitFor();
  const first = await titles(reader);
  expect(first[0]).toBe('Evening 1');
  expect(first.length).toBeLessThan(EVENTS);
  expect(await reader.page.getByTestId('list-count').textContent()).toBe(
    `${first.length} of ${EVENTS} events`,
  );

  const more = reader.page.getByTestId('more');
  await more.focus();
  await reader.page.keyboard.press('Enter');
  await until('the rest is there', 10_000, async () => (await titles(reader)).length === EVENTS);
  expect(await titles(reader)).toEqual(Array.from({ length: EVENTS }, (_, i) => `Evening ${i + 1}`));
  expect(await more.count()).toBe(0);
  // The button has gone with the last page; whoever pressed it is at what it brought.
  expect(await focused(reader)).toContain(`Evening ${first.length + 1}`);

  await reader.page.getByRole('link', { name: 'Past events' }).click();
  await until('the past', 10_000, async () => (await titles(reader)).length === 2);
  expect(await titles(reader)).toEqual(['Last week', 'Last month']);
  expect(await reader.page.title()).toBe('Past events · Seatwire');
  expect(reader.page.url()).toBe(`${site.system.url}/?past`);
  await reader.page.getByRole('link', { name: 'Events from now on' }).click();
  await until('the present', 10_000, async () => (await titles(reader))[0] === 'Evening 1');
  expect(reader.complaints).toEqual([]);
});

test('[CB38] a next page that does not come says so, and comes when asked again', async () => {
  const reader = await visitor();
  await reader.open('/');
  const more = reader.page.getByTestId('more');
  await more.waitFor();
  await reader.page.route('**/api/events?*offset=*', (route) => route.abort());
  await more.click();
  const said = reader.page.getByRole('alert');
  await said.waitFor();
  expect(await said.textContent()).toContain('Check your connection');
  // It stays where it was, and keeps the focus.
  expect(await focused(reader)).toBe('More events');
  await reader.page.unroute('**/api/events?*offset=*');
  await more.click();
  await until('the rest is there', 10_000, async () => (await titles(reader)).length === EVENTS);
  expect(await said.count()).toBe(0);
});

test('[CD17] a link leads to the heading at the top, and back leads to where one was', async () => {
  const reader = await visitor();
  await reader.open('/');
  await reader.page.getByTestId('more').click();
  const far = reader.page.locator(`a[href="/event/${last.event}"]`);
  await far.scrollIntoViewIfNeeded();
  const scroll = () => reader.page.evaluate<number>('window.scrollY');
  const before = await scroll();
  expect(before).toBeGreaterThan(1000);
  await far.click();
  await until(
    'the heading has the focus',
    10_000,
    async () => (await focused(reader)) === `Evening ${EVENTS}`,
  );
  expect(await scroll()).toBe(0);
  await reader.page.goBack();
  await until('one is where one was', 10_000, async () => Math.abs((await scroll()) - before) < 2);
  expect(await titles(reader)).toHaveLength(EVENTS);
  expect(await focused(reader)).toBe('Choose your exact seat.');
  await reader.page.getByRole('link', { name: 'Seatwire' }).click();
  await until('the list begins anew', 10_000, async () => (await titles(reader)).length < EVENTS);
  expect(await scroll()).toBe(0);
});

test('[CB38] [CD7] all orders can be reached, each with the title of its event', async () => {
  const [buyer] = last.buyers;
  const token = await signIn(site.system.url, buyer!);
  for (let place = 0; place < ORDERS; place++) {
    // At first until the worker has made the map.
    const held = await until(`place ${place} is held`, 20_000, async () => {
      const answer = await holdByRest(site.system.url, token, last.event, `hold-place-${place}`, [place]);
      return answer.ok && answer;
    });
    const bought = await buyByRest(
      site.system.url,
      token,
      last.event,
      held.body.hold,
      `order-place-${place}`,
    );
    if (!bought.ok) throw new Error(bought.text);
  }
  const reader = await visitor();
  await reader.open('/orders');
  await reader.signIn(buyer!);
  const orders = reader.page.getByTestId('order');
  await orders.first().waitFor();
  await until('those under way are confirmed', 20_000, async () => {
    await reader.page.reload();
    await orders.first().waitFor();
    return (await reader.page.getByText('Being confirmed').count()) === 0;
  });
  expect(await orders.count()).toBeLessThan(ORDERS);
  await reader.page.getByTestId('more').click();
  await until('all orders', 10_000, async () => (await orders.count()) === ORDERS);
  expect(new Set(await orders.getByRole('heading').allTextContents())).toEqual(
    new Set([`Evening ${EVENTS}`]),
  );
  expect(await reader.page.getByTestId('more').count()).toBe(0);
  expect(reader.complaints).toEqual([]);
});
