/** What holds on every page: its title, its width, its money, its words, and the way on from trouble. */
import type { DemoAccount } from '@seatwire/local';
import type { Page } from 'playwright-core';
import { expect, test } from 'vitest';
import { type HallOptions, openHall, plainChart } from '../e2e/hall.ts';
import { call } from '../e2e/rest.ts';
import { until } from '../e2e/until.ts';
import { openSite } from './site.ts';

const UNKNOWN = '/event/01980000-0000-7000-8000-00000000dead';
/** One word. */
const LONG = (letter: string, length = 170) => letter.repeat(length);

const site = openSite('pages');
const visitor = site.visitor;

const evening = (event: HallOptions['event'] = {}) =>
  openHall(site.system, { rows: 4, seatsPerRow: 10, buyers: 1, event });

/** Whoever is registered here has the longest name and address there are. */
async function longName(): Promise<DemoAccount> {
  const local = `${Math.random().toString(36).slice(2)}${'m'.repeat(60)}`.slice(0, 60);
  const body = {
    name: 'W'.repeat(100),
    email: `${local}@${'d'.repeat(60)}.${'e'.repeat(60)}.test`,
    password: 'box-office-tonight',
  };
  const made = await call<{ user: DemoAccount }>(site.system.url, 'POST', '/auth/register', { body });
  if (!made.ok) throw new Error(made.text);
  return { ...made.body.user, password: body.password };
}

/** What reaches beyond the window's edge, by its class; the map is a canvas and cuts its own labels. */
const tooWide = (page: Page) =>
  page.evaluate<string[]>(`(() => {
    const { clientWidth, scrollWidth } = document.documentElement;
    const beyond = [...document.querySelectorAll('body *')]
      .filter((one) => !one.closest('.map, .visually-hidden, svg') && one.checkVisibility())
      .filter((one) => one.getBoundingClientRect().right > clientWidth + 1)
      .map((one) => one.tagName + '.' + one.className);
    if (scrollWidth > clientWidth || innerWidth !== clientWidth) beyond.push(scrollWidth + ' px in ' + innerWidth);
    return beyond;
  })()`);

test.each([320, 360])(
  '[CB39] words of 170 letters do not make a page wider than a window of %i px',
  async (width) => {
    const chart = plainChart(4, 10);
    const hall = await openHall(site.system, {
      buyers: 0,
      chart: {
        ...chart,
        categories: [{ ...chart.categories[0]!, name: LONG('C', 64) }],
        sections: [{ ...chart.sections[0]!, name: LONG('S', 64) }],
      },
      event: {
        title: LONG('T'),
        venue: LONG('V'),
        city: LONG(String.fromCharCode(65 + (width % 26))),
        timeZone: 'America/New_York',
        currency: 'EUR',
        prices: [{ category: 'all', amount: 99_999_999_999 }],
      },
    });
    const phone = await visitor({ viewport: { width, height: 740 }, touch: true });
    const { page } = phone;
    const fits = async (where: string) => expect(await tooWide(page), where).toEqual([]);
    const routes = [
      '/',
      '/?past',
      `/event/${hall.event}?debug`,
      `/monitor/${hall.event}`,
      '/orders',
      '/nowhere',
      UNKNOWN,
    ];
    const tour = async (who: string) => {
      for (const path of routes) {
        await phone.open(path);
        await page.locator('main h1').waitFor();
        await until(
          'nothing is under way',
          20_000,
          async () => (await page.locator('[aria-busy=true]').count()) === 0,
        );
        await fits(`${path}, ${who}`);
      }
    };
    await tour('signed out');
    const buyer = await longName();
    await phone.open('/');
    await page.getByTestId('sign-in').click();
    await page.getByTestId('sign-in-form').waitFor();
    await fits('signing in');
    await phone.signIn(buyer);
    await page.getByTestId('account').click();
    await page.getByTestId('account-menu').waitFor();
    await fits('the menu of the account');
    await tour('signed in');
    await phone.openEvent(hall.event);
    await phone.show([5]);
    await phone.pick(5);
    await page.getByTestId('hold-button').waitFor();
    await fits('selected');
    await page.getByTestId('hold-button').click();
    await page.getByTestId('pay-button').waitFor();
    await fits('held');
    await page.getByTestId('pay-button').click();
    await page.getByTestId('confirmed').waitFor();
    await fits('confirmed');
    await phone.open('/orders');
    await page.getByTestId('order').waitFor();
    await fits('/orders with an order');
    await phone.open(`/monitor/${hall.event}`);
    await phone.leave();
    const organizer = await visitor({ viewport: { width, height: 740 }, touch: true });
    await organizer.open(`/monitor/${hall.event}`);
    await organizer.signIn(hall.organizer);
    await organizer.page.getByTestId('map-status').waitFor();
    expect(await tooWide(organizer.page), 'the monitor').toEqual([]);
  },
);

test('[CB40] [CD17] each page has a title of its own, and by links the focus goes to its heading', async () => {
  const hall = await evening({ title: 'The Lamplighter' });
  const reader = await visitor();
  const { page } = reader;
  for (const [path, title] of [
    ['/', 'Events · Seatwire'],
    ['/?past', 'Past events · Seatwire'],
    ['/orders', 'My tickets · Seatwire'],
    ['/nowhere', 'Nothing lives at this address · Seatwire'],
    [`/event/${hall.event}`, 'The Lamplighter · Seatwire'],
    [`/monitor/${hall.event}`, 'Monitor · Seatwire'],
    [UNKNOWN, 'We cannot find this event · Seatwire'],
  ]) {
    await reader.open(path!);
    await until(`${path} is called ${title}`, 10_000, async () => (await page.title()) === title);
  }
  await reader.open('/');
  await page.locator(`a[href="/event/${hall.event}"]`).click();
  const heading = () =>
    page.evaluate<string>(
      `document.activeElement.matches('main h1') ? document.activeElement.textContent : ''`,
    );
  await until('the heading has the focus', 10_000, async () => (await heading()) === 'The Lamplighter');
  expect(await page.title()).toBe('The Lamplighter · Seatwire');
  await page.goBack();
  await until(
    'the heading has the focus',
    10_000,
    async () => (await heading()) === 'Choose your exact seat.',
  );
  expect(await page.title()).toBe('Events · Seatwire');
});

test('[CD18] an event that is not there, and an id that is none, say so once and offer a way on', async () => {
  const reader = await visitor();
  for (const path of [UNKNOWN, '/event/mistyped', '/monitor/mistyped']) {
    await reader.open(path);
    const trouble = reader.page.getByRole('alert');
    await trouble.waitFor();
    expect(await trouble.getByRole('heading').textContent()).toBe('We cannot find this event');
    expect(await trouble.textContent()).toContain('The link may be old, or mistyped.');
    expect(await trouble.getByRole('button').count(), path).toBe(0);
    await trouble.getByRole('link', { name: 'Back to all events' }).click();
    await until('the list', 10_000, async () => (await reader.page.title()) === 'Events · Seatwire');
  }
});

test('[CD11] without a connection a page says so in plain words, and goes on when there is one', async () => {
  const hall = await evening({ title: 'After the outage' });
  const reader = await visitor();
  await reader.page.route('**/api/events**', (route) => route.abort());
  for (const path of ['/', `/event/${hall.event}`, `/monitor/${hall.event}`]) {
    await reader.open(path);
    const trouble = reader.page.getByRole('alert');
    await trouble.waitFor();
    expect(await trouble.textContent()).toContain('We get no answer. Check your connection, then try again.');
  }
  await reader.open('/');
  await reader.page.getByRole('alert').waitFor();
  await reader.page.unroute('**/api/events**');
  await reader.page.getByRole('button', { name: 'Try again' }).click();
  await reader.page.getByRole('heading', { name: 'After the outage' }).waitFor();
});

test("[CD11] a person who is not the organizer reads whose monitor it is, in the page's words", async () => {
  const hall = await evening();
  const nosy = await visitor();
  await nosy.open(`/monitor/${hall.event}`);
  await nosy.signIn(hall.buyers[0]!);
  const trouble = nosy.page.getByRole('alert');
  await trouble.waitFor();
  expect(await trouble.textContent()).toContain("sign in with the organizer's account");
  expect(await trouble.getByRole('button').count()).toBe(0);
});

test('[CB16] yen are whole, euros keep their cents, and what is free is called so, on the list and on the map', async () => {
  const price = (title: string, currency: string, amount: number) =>
    evening({ title, currency, prices: [{ category: 'all', amount }] });
  const halls = await Promise.all([
    price('In yen', 'JPY', 8000),
    price('In euros', 'EUR', 10_000_001),
    price('For nothing', 'EUR', 0),
  ]);
  const reader = await visitor();
  for (const [hall, shown] of [
    [halls[0]!, 'JP¥8,000'],
    [halls[1]!, '€100,000.01'],
    [halls[2]!, 'Free'],
  ] as const) {
    await reader.open('/');
    const card = reader.page.locator(`a[href="/event/${hall.event}"]`);
    expect(await card.getByTestId('offer').textContent()).toBe(`${shown} On sale now`);
    await card.click();
    await until('the price on the map page', 10_000, async () =>
      (await reader.page.locator('main').textContent())?.includes(`All seats${shown}`),
    );
  }
});

test('[CD18] the theme goes from the system to the other, to the same, and back to the system', async () => {
  const reader = await visitor({ theme: 'dark' });
  const { page } = reader;
  await reader.open('/');
  const button = page.getByTestId('theme');
  const state = async () => [
    await button.getAttribute('data-theme-choice'),
    await page.evaluate<string>('document.documentElement.dataset.theme'),
    await button.locator('svg').innerHTML(),
  ];
  const seen = [];
  for (let i = 0; i < 4; i++) {
    seen.push(await state());
    await button.click();
  }
  expect(seen.map(([choice, theme]) => `${choice} ${theme}`)).toEqual([
    'system dark',
    'light light',
    'dark dark',
    'system dark',
  ]);
  // An icon for each.
  expect(new Set(seen.map(([, , icon]) => icon)).size).toBe(3);
  await page.reload();
  expect((await state())[0]).toBe('light');
});
