/** Payments that are not answered at once: a lost line, a reload, a way to another page. The buyer always hears what became of them. */
import { expect, test } from 'vitest';
import { type HallOptions, openHall } from '../e2e/hall.ts';
import { until } from '../e2e/until.ts';
import { deafLine } from './deaf-line.ts';
import { openSite } from './site.ts';
import type { Visitor } from './visitor.ts';

/** The page says that it has not heard after some 30 s. */
const UNHEARD_MS = 60_000;

const site = openSite('followed');

async function holder(places: readonly number[], hall: Partial<HallOptions> = {}) {
  const sale = await openHall(site.system, { rows: 16, seatsPerRow: 30, buyers: 2, ...hall });
  const one = await site.visitor();
  const line = await deafLine(one.page);
  await one.openEvent(sale.event);
  await one.signIn(sale.buyers[0]!);
  await one.show(places);
  await one.hold(places);
  return { sale, one, page: one.page, line };
}

const ticketPlaces = (one: Visitor) =>
  one.page
    .getByTestId('ticket')
    .evaluateAll((all) => all.map((ticket) => Number(ticket.getAttribute('data-place'))));

test('[CD19] a payment asked for without a line goes through when the line is back, and no card is blamed', async () => {
  const { one, page, line } = await holder([100, 101]);
  line.deafen();
  await one.pay();
  const note = page.locator('[data-testid=panel-refusal][data-code=payment_unheard]');
  await note.waitFor({ timeout: UNHEARD_MS });
  expect(await page.locator('[data-testid=card-option][aria-invalid=true]').count()).toBe(0);
  // Without a line nobody knows how many people look.
  expect(await page.getByTestId('map-status').textContent()).toBe('Not connected');
  line.heal();
  await page.getByTestId('confirmed').waitFor({ timeout: UNHEARD_MS });
  expect(await ticketPlaces(one)).toEqual([100, 101]);
  expect(await page.getByTestId('panel-refusal').count()).toBe(0);
});

test('[CD19] a reload in the middle of a payment goes on with it, and lists what was bought', async () => {
  const { one, page } = await holder([110, 111]);
  await one.pay('tok_slow');
  await page.getByText('Paying').waitFor();
  await page.reload();
  await page.getByText('Paying').waitFor();
  expect(await page.getByTestId('pay-button').isDisabled()).toBe(true);
  await page.getByTestId('confirmed').waitFor();
  expect(await ticketPlaces(one)).toEqual([110, 111]);
  await page.getByRole('button', { name: 'Choose more seats' }).click();
  await one.sees(110, 'yours');
});

test('[CD19] who leaves the page in the middle of a payment and comes back reads what became of it', async () => {
  const { one, page } = await holder([120]);
  await one.pay('tok_slow');
  await page.getByText('Paying').waitFor();
  await page.getByRole('link', { name: 'Seatwire' }).click();
  await page.getByRole('heading', { name: 'Choose your exact seat.' }).waitFor();
  await page.goBack();
  await page.getByTestId('confirmed').waitFor();
  expect(await ticketPlaces(one)).toEqual([120]);
});

test('[CD21] seats that are only picked do not look bought, and it is said', async () => {
  const { one, page } = await holder([130, 131]);
  await one.show([130, 131, 140]);
  await one.pick(140);
  await one.sees(140, 'selected');
  expect(await page.getByTestId('not-paid-for').textContent()).toContain('1 seat you picked is not held yet');
  await one.pay();
  await page.getByTestId('confirmed').waitFor();
  await one.show([130, 131, 140]);
  await one.sees(130, 'yours');
  await one.sees(140, 'free');
  expect(await page.getByTestId('picked-only').textContent()).toContain('not bought');
  await page.getByRole('button', { name: 'Back to what you picked' }).click();
  await one.sees(140, 'selected');
});

test('[CD21] without a line, a hold whose time is up looks it', async () => {
  const { one, page, line } = await holder([150, 151], { holdMs: 8_000 });
  line.deafen();
  await page.getByTestId('time-is-up').waitFor();
  expect(await page.getByTestId('release-button').isDisabled()).toBe(true);
  expect(await page.getByText('nobody else can take them').count()).toBe(0);
  await until('the marks are gone', 10_000, async () => (await one.look(150)) !== 'yours');
  line.heal();
  const ended = page.locator('[data-testid=refusal][data-code=ended]');
  await ended.waitFor({ timeout: UNHEARD_MS });
  // They are free again, so they are offered again.
  await page.getByTestId('offer').click();
  await page.getByTestId('pay-button').waitFor();
  await one.sees(150, 'yours');
});

test('[CD21] a basket of two holds stays whole while it is paid', async () => {
  const { one, page } = await holder([160]);
  await one.show([160, 170]);
  await one.hold([170]);
  await until('two holds', 10_000, async () => (await page.getByTestId('hold-part').count()) === 2);
  const said = new Set<string>();
  await page.exposeFunction('hear', (total: string) => said.add(total));
  await page.evaluate(`new MutationObserver(() => {
    const total = document.querySelector('[data-testid=total]');
    if (total && document.querySelector('[data-testid=pay-button] .spinner')) hear(total.textContent);
  }).observe(document.body, { childList: true, subtree: true, characterData: true })`);
  await one.pay('tok_slow');
  await page.getByTestId('paid-part').waitFor();
  await page.getByTestId('confirmed').waitFor();
  expect([...said]).toHaveLength(1);
  expect((await ticketPlaces(one)).sort()).toEqual([160, 170]);
});
