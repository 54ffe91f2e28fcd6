/** What is said at a seat, to eyes and to ears, while others go on; and what ends with a page. */
import type { Chart } from '@seatwire/protocol';
import { expect, test } from 'vitest';
import { type HallOptions, openHall, plainChart } from '../e2e/hall.ts';
import { holdByRest, signIn } from '../e2e/rest.ts';
import { until } from '../e2e/until.ts';
import { openSite } from './site.ts';

const site = openSite('at-the-seat');

/** A few rows, and a floor for so many to stand on. */
function withFloor(count: number): Chart {
  const chart = plainChart(4, 10);
  const [hall] = chart.sections;
  const y = chart.height;
  const floor = {
    ...hall!,
    id: 'F',
    name: 'Floor',
    kind: 'ga' as const,
    outline: [
      [10, y],
      [chart.width - 10, y],
      [chart.width - 10, y + 60],
      [10, y + 60],
    ] as const,
    label: [chart.width / 2, y + 30] as const,
    first: chart.places,
    count,
    runs: [],
  };
  return {
    ...chart,
    height: y + 80,
    places: chart.places + count,
    sections: [...chart.sections, floor],
  } as unknown as Chart;
}

async function arrive(places: readonly number[], hall: Partial<HallOptions> = {}) {
  const sale = await openHall(site.system, { rows: 16, seatsPerRow: 30, buyers: 2, ...hall } as HallOptions);
  const one = await site.visitor();
  await one.openEvent(sale.event);
  await one.show(places);
  return { sale, one, page: one.page };
}

test('[CD20] an open callout follows the map, and what it offers is free', async () => {
  const { sale, one, page } = await arrive([100, 101, 102]);
  const other = await signIn(site.system.url, sale.buyers[1]!);
  const take = async (key: string, places: number[]) =>
    expect((await holdByRest(site.system.url, other, sale.event, key, places)).ok).toBe(true);
  await one.pick(101);
  await one.sees(101, 'selected');
  await take('take-101', [101]);
  const said = page.getByTestId('refusal');
  await said.waitFor();
  expect(await said.getAttribute('data-code')).toBe('lost');
  // Its neighbours go while it is open: the offer is another seat now.
  await take('take-100-102', [100, 102]);
  await one.sees(102, 'held');
  await page.getByTestId('offer').click();
  const chosen = await page.evaluate<number[]>('seatwire.sale.state.get().selection');
  expect(chosen).toHaveLength(1);
  expect([100, 101, 102]).not.toContain(chosen[0]);
});

test('[CD23] what is heard of a seat is so: selected, and no longer once it is lost', async () => {
  const { sale, one, page } = await arrive([200, 201]);
  const spoken = page.getByTestId('spoken');
  await one.pick(200);
  await until('it is spoken', 10_000, async () => (await spoken.textContent())?.endsWith('selected'));
  await page.getByTestId('seat-map').focus();
  const other = await signIn(site.system.url, sale.buyers[1]!);
  expect((await holdByRest(site.system.url, other, sale.event, 'take-200', [200])).ok).toBe(true);
  await page.getByTestId('refusal').waitFor();
  await until('it is no longer said to be selected', 10_000, async () => (await spoken.textContent()) === '');
});

test('[CD23] Escape puts the cursor away, an arrow brings it back; the offer is one Tab from the map', async () => {
  const { sale, one, page } = await arrive([0]);
  const map = page.getByTestId('seat-map');
  const spoken = page.getByTestId('spoken');
  await map.focus();
  for (const key of ['ArrowRight', 'ArrowRight', 'ArrowRight']) await page.keyboard.press(key);
  const third = await until('a seat is spoken', 10_000, () => spoken.textContent());
  await page.keyboard.press('Escape');
  await page.keyboard.press('ArrowRight');
  expect(await spoken.textContent()).toBe(third);
  await page.keyboard.press('Enter');
  await until('it is selected', 10_000, async () => (await spoken.textContent())?.endsWith('selected'));
  const [place] = await page.evaluate<number[]>('seatwire.sale.state.get().selection');
  const other = await signIn(site.system.url, sale.buyers[1]!);
  expect((await holdByRest(site.system.url, other, sale.event, 'take-it-away', [place!])).ok).toBe(true);
  await page.getByTestId('offer').waitFor();
  await page.keyboard.press('Tab');
  expect(await page.evaluate('document.activeElement.dataset.testid')).toBe('offer');
  // What was pressed is gone: one is back on the map.
  await page.keyboard.press('Enter');
  await until('the map has the focus', 10_000, () =>
    page.evaluate<boolean>("document.activeElement.dataset.testid === 'seat-map'"),
  );
  expect(await one.page.getByTestId('refusal').count()).toBe(0);
});

test('[CD20] a double click on Hold of a standing area holds once, and leaves nothing open that says otherwise', async () => {
  const { sale, one, page } = await arrive([], { chart: withFloor(50) });
  await one.signIn(sale.buyers[0]!);
  const form = page.getByTestId('standing');
  await one.pick(sale.places - 1);
  await form.waitFor();
  expect(await form.textContent()).toContain('50 places left');
  const other = await signIn(site.system.url, sale.buyers[1]!);
  const taken = [sale.places - 2, sale.places - 1];
  expect((await holdByRest(site.system.url, other, sale.event, 'stand-there', taken)).ok).toBe(true);
  await until('the count follows', 10_000, async () =>
    (await form.textContent())?.includes('48 places left'),
  );
  await form.getByRole('button', { name: /^Hold 2/ }).dblclick();
  await page.getByTestId('standing-held').waitFor();
  await page.getByTestId('pay-button').waitFor();
  expect(await form.count()).toBe(0);
  expect(await page.getByTestId('hold-part').count()).toBe(1);
  expect(await page.evaluate('seatwire.sale.state.get().holds[0].places.length')).toBe(2);
});

test('[CD24] the sign-in dialog goes with the page it was opened on, and holds nothing afterwards', async () => {
  const { sale, one, page } = await arrive([210]);
  await one.open('/');
  await page.locator(`a[href="/event/${sale.event}"]`).click();
  await one.live();
  await page.getByTestId('sign-in').click();
  await page.getByTestId('sign-in-form').waitFor();
  await page.goBack();
  await page.getByTestId('sign-in-form').waitFor({ state: 'detached' });
  await page.getByTestId('event-card').first().waitFor();
});

test('[CD24] signing out in another tab asks about what is held in this one, which then says what became of it', async () => {
  const { sale, one, page } = await arrive([220]);
  await one.signIn(sale.buyers[0]!);
  await one.hold([220]);
  const other = await one.tab();
  await other.open('/orders');
  await other.page.getByTestId('account').click();
  await other.page.getByTestId('sign-out').click();
  await other.page.getByTestId('sign-out-anyway').click();
  const said = page.getByTestId('panel-refusal');
  await said.waitFor();
  expect(await said.getAttribute('data-code')).toBe('signed_out');
});
