/** One buyer in two tabs: both show the same basket, and each end of a hold as what it was. */
import { expect, test } from 'vitest';
import { type HallOptions, openHall } from '../e2e/hall.ts';
import { until } from '../e2e/until.ts';
import { openSite } from './site.ts';
import type { Visitor } from './visitor.ts';

const site = openSite('two-tabs');

/** A signs in by holding; B is the same person in another tab. */
async function twoTabs(places: readonly number[], hall: Partial<HallOptions> = {}) {
  const sale = await openHall(site.system, { rows: 16, seatsPerRow: 30, buyers: 1, ...hall });
  const a = await site.visitor();
  await a.openEvent(sale.event);
  const b = await a.tab();
  await b.openEvent(sale.event);
  await a.signIn(sale.buyers[0]!);
  await b.page.getByTestId('sign-in').waitFor({ state: 'detached' });
  await Promise.all([a.show(places), b.show(places)]);
  return { sale, a, b };
}

const parts = ({ page }: Visitor, count: number) =>
  until(
    `${count} holds in the basket`,
    20_000,
    async () => (await page.getByTestId('hold-part').count()) === count,
  );

test('[CD5] [CB11] what one tab holds is the buyer’s in the other, and clicking it says so', async () => {
  const { a, b } = await twoTabs([100, 101]);
  await a.hold([100]);
  await b.page.getByTestId('pay-button').waitFor();
  await b.sees(100, 'yours');
  await b.pick(100);
  const said = b.page.getByTestId('refusal');
  await said.waitFor();
  expect(await said.getAttribute('data-code')).toBe('yours_held');
  expect(await said.textContent()).toContain('This seat is yours');
});

test('[CD5] [CB12] a hold of each tab is one basket in both, also after a reload; given back in one, it ends in the other', async () => {
  const { a, b } = await twoTabs([110, 115]);
  await a.hold([110]);
  await parts(b, 1);
  await b.hold([115]);
  await Promise.all([parts(a, 2), parts(b, 2)]);
  const total = (one: Visitor) => one.page.getByTestId('total').textContent();
  expect(await total(a)).toContain('50');
  expect(await total(b)).toBe(await total(a));
  await Promise.all([a.page.reload(), b.page.reload()]);
  await Promise.all([a.live(), b.live()]);
  await Promise.all([parts(a, 2), parts(b, 2)]);
  await b.page.getByTestId('release-button').click();
  await Promise.all([parts(a, 0), parts(b, 0)]);
  const said = a.page.getByTestId('panel-refusal');
  await said.waitFor();
  expect(await said.textContent()).toContain('in another window');
  expect(await b.page.getByTestId('panel-refusal').count()).toBe(0);
  await a.show([110, 115]);
  await Promise.all([a.sees(110, 'free'), a.sees(115, 'free')]);
});

test('[CB9] what one tab buys is bought in the other: no Pay for it, and no "no such hold"', async () => {
  const { a, b } = await twoTabs([120, 121]);
  await a.hold([120, 121]);
  await parts(b, 1);
  await a.pay();
  await a.page.getByTestId('confirmed').waitFor();
  await parts(b, 0);
  const said = b.page.getByTestId('panel-refusal');
  await said.waitFor();
  expect(await said.getAttribute('data-code')).toBe('bought_elsewhere');
  await b.page.getByText('You have 2 tickets here already').waitFor();
  await Promise.all([b.sees(120, 'yours'), b.sees(121, 'yours')]);
});

test('[CB8] a hold that runs out is said to have run out in both tabs', async () => {
  const { a, b } = await twoTabs([130], { holdMs: 4000 });
  await a.hold([130]);
  await b.sees(130, 'yours');
  const ended = '[data-testid=refusal][data-code=ended]';
  await Promise.all([a.page.locator(ended).waitFor(), b.page.locator(ended).waitFor()]);
});

test('[CD5] a basket of two holds is paid with one press, and both are bought', async () => {
  const { a, b } = await twoTabs([140, 145]);
  await a.hold([140]);
  await parts(b, 1);
  await b.hold([145]);
  await parts(a, 2);
  await a.pay();
  await a.page.getByTestId('confirmed').waitFor();
  expect(await a.page.getByTestId('ticket').count()).toBe(2);
  await Promise.all([b.sees(140, 'yours'), b.sees(145, 'yours')]);
});

test('[CD6] [CB13] signing out in one tab takes the basket off both', async () => {
  const { a, b } = await twoTabs([150]);
  await a.hold([150]);
  await parts(b, 1);
  await b.signOut();
  await Promise.all([parts(a, 0), parts(b, 0)]);
  await a.sees(150, 'held');
});
