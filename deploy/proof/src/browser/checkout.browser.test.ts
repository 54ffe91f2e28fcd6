/** Paying, and what goes wrong on the way: said where it happened and in view, never against the truth. People begin signed out. */
import { decodeUp } from '@seatwire/protocol';
import type { Page } from 'playwright-core';
import { expect, test } from 'vitest';
import { type HallOptions, openHall } from '../e2e/hall.ts';
import { until } from '../e2e/until.ts';
import { openSite } from './site.ts';
import type { Visitor, VisitorOptions } from './visitor.ts';

const PHONE: VisitorOptions = { viewport: { width: 390, height: 844 }, touch: true, density: 2 };

const site = openSite('checkout');

async function arrive(
  places: readonly number[],
  options: VisitorOptions = {},
  hall: Partial<HallOptions> = {},
) {
  const sale = await openHall(site.system, { rows: 16, seatsPerRow: 30, buyers: 2, ...hall });
  const one = await site.visitor(options);
  await one.openEvent(sale.event);
  await one.show(places);
  return { sale, one, page: one.page };
}

/** Picks seats as nobody, and holds them by signing in. */
async function holdSignedOut(
  one: Visitor,
  buyer: Parameters<Visitor['signIn']>[0],
  places: readonly number[],
) {
  for (const place of places) {
    await one.pick(place);
    await one.sees(place, 'selected');
  }
  await one.page.getByTestId('hold-button').click();
  await one.page.getByTestId('sign-in-form').waitFor();
  await one.signIn(buyer);
  await one.page.getByTestId('pay-button').waitFor();
}

const inView = async (page: Page, testId: string) => {
  const box = await page.getByTestId(testId).boundingBox();
  const { width, height } = page.viewportSize()!;
  return (
    box !== null && box.x >= 0 && box.y >= 0 && box.x + box.width <= width && box.y + box.height <= height
  );
};

test('[CD3] a declined card on a phone is said in view, directly above Pay, with the clock beside it', async () => {
  const { sale, one, page } = await arrive([40], PHONE);
  await holdSignedOut(one, sale.buyers[0]!, [40]);
  await one.pay('tok_declined');
  const note = page.getByTestId('panel-refusal');
  await note.waitFor();
  expect(await note.textContent()).toContain('The card was declined. The seats are still yours');
  for (const part of ['panel-refusal', 'pay-button', 'countdown'])
    expect(await inView(page, part), part).toBe(true);
  const [said, pay] = await Promise.all([note.boundingBox(), page.getByTestId('pay-button').boundingBox()]);
  const gap = pay!.y - (said!.y + said!.height);
  expect(gap).toBeGreaterThanOrEqual(0);
  expect(gap).toBeLessThan(24);
  // Whoever pressed Pay is at the words, and finds the card they are about.
  expect(await page.evaluate('document.activeElement?.dataset.testid')).toBe('panel-refusal');
  const bad = page.locator('[data-testid=card-option][aria-invalid=true]');
  expect(await bad.getAttribute('value')).toBe('tok_declined');
  await one.pay('tok_ok');
  await page.getByTestId('confirmed').waitFor();
  // A step is read from its top.
  expect(await page.locator('.panel-body').evaluate((body: { scrollTop: number }) => body.scrollTop)).toBe(0);
  expect(
    await inView(page, 'confirmed').then((seen) => seen || page.getByText('They are yours').isVisible()),
  ).toBe(true);
});

test('[CD3] a bank that does not answer is said above Pay too', async () => {
  const { sale, one, page } = await arrive([41]);
  await holdSignedOut(one, sale.buyers[0]!, [41]);
  await one.pay('tok_timeout');
  const note = page.locator('.pay').getByTestId('panel-refusal');
  await note.waitFor();
  expect(await note.getAttribute('data-code')).toBe('payment_unknown');
  expect(await inView(page, 'panel-refusal')).toBe(true);
  expect(await inView(page, 'countdown')).toBe(true);
});

test('[CD13] More time is there whenever it helps, also on a phone and after a decline, and the tab shows the clock', async () => {
  const { sale, one, page } = await arrive([42], PHONE, { holdMs: 60_000 });
  await holdSignedOut(one, sale.buyers[0]!, [42]);
  await until('the tab counts', 10_000, async () =>
    /^\d:\d\d · An evening in the hall/.test(await page.title()),
  );
  const more = page.getByTestId('more-time');
  await one.pay('tok_declined');
  await page.getByTestId('panel-refusal').waitFor();
  await more.waitFor();
  expect(await inView(page, 'more-time')).toBe(true);
  const seconds = async () => {
    const [minutes, rest] = (await page.getByTestId('countdown').textContent())!.split(':');
    return Number(minutes) * 60 + Number(rest);
  };
  const before = await seconds();
  await more.click();
  await until('there is more time', 10_000, async () => (await seconds()) > before);
});

test("[CD4] a line that stalls in the second of Hold: the seats become the buyer's, and no one is blamed for them", async () => {
  const { sale, one } = await arrive([0]);
  const { page } = one;
  // What is asked arrives; what is answered does not, until the line heals.
  let swallowing = false;
  let holds = 0;
  await page.routeWebSocket(/\/ws(\?|$)/, (socket) => {
    const server = socket.connectToServer();
    socket.onMessage((message) => {
      server.send(message);
      const frame = typeof message === 'string' ? null : decodeUp(new Uint8Array(message));
      if (frame?.ok && frame.message.type === 'hold') {
        holds++;
        if (holds === 1) swallowing = true;
      }
    });
    server.onMessage((message) => {
      if (!swallowing) socket.send(message);
    });
  });
  await one.openEvent(sale.event);
  await one.signIn(sale.buyers[0]!);
  await one.show([70, 71]);
  const said: string[] = [];
  await page.exposeFunction('hear', (text: string) => said.push(text));
  await page.evaluate(`new MutationObserver(() => {
    for (const one of document.querySelectorAll('[data-testid=refusal], [data-testid=panel-refusal]')) hear(one.dataset.code);
  }).observe(document.body, { childList: true, subtree: true })`);
  for (const place of [70, 71]) {
    await one.pick(place);
    await one.sees(place, 'selected');
  }
  await page.getByTestId('hold-button').click();
  await page.getByTestId('still-waiting').waitFor();
  expect(await page.getByTestId('still-waiting').textContent()).toContain('Still asking');
  await page.locator('[data-testid=map-status][data-line=lost]').waitFor();
  swallowing = false;
  await page.getByTestId('pay-button').waitFor();
  await Promise.all([one.sees(70, 'yours'), one.sees(71, 'yours')]);
  expect(said).toEqual([]);
  expect(await page.getByTestId('hold-part').count()).toBe(1);
  // The control: it was put more than once, so the seats could have been blamed on somebody.
  expect(holds).toBeGreaterThan(1);
});

test('[CD17] what was picked is there after a reload, and is forgotten once it is held', async () => {
  const { sale, one, page } = await arrive([100, 101]);
  for (const place of [100, 101]) await one.pick(place);
  await page.getByRole('heading', { name: '2 seats selected' }).waitFor();
  await page.reload();
  await one.live();
  await page.getByRole('heading', { name: '2 seats selected' }).waitFor();
  await page.getByTestId('hold-button').click();
  await page.getByTestId('sign-in-form').waitFor();
  await one.signIn(sale.buyers[0]!);
  await page.getByTestId('pay-button').waitFor();
  await page.getByTestId('release-button').click();
  await page.getByRole('heading', { name: 'Pick seats on the map' }).waitFor();
  await page.reload();
  await one.live();
  await page.getByRole('heading', { name: 'Pick seats on the map' }).waitFor();
});

test('[CD6] [CB13] signing out takes what was held off the page; another account sees its own', async () => {
  const { sale, one, page } = await arrive([200, 201]);
  await holdSignedOut(one, sale.buyers[0]!, [200, 201]);
  await one.signOut();
  await page.getByTestId('pay-button').waitFor({ state: 'detached' });
  await page.getByRole('heading', { name: 'Pick seats on the map' }).waitFor();
  await one.sees(200, 'held');
  await one.signIn(sale.buyers[1]!);
  // Until the page has heard what this account holds, it blames nobody.
  await until('the seat is known to be held by the other account', 10_000, async () => {
    await one.pick(200);
    return (await page.getByTestId('refusal').getAttribute('data-code')) === 'held_by_other';
  });
  expect(await page.getByTestId('pay-button').count()).toBe(0);
  await one.signOut();
  await one.signIn(sale.buyers[0]!);
  await page.getByTestId('pay-button').waitFor();
  await one.sees(200, 'yours');
});

test('[CB18] what costs nothing asks for no card', async () => {
  const { sale, one, page } = await arrive([10], {}, { event: { prices: [{ category: 'all', amount: 0 }] } });
  await holdSignedOut(one, sale.buyers[0]!, [10]);
  expect(await page.getByTestId('card-option').count()).toBe(0);
  expect(await page.getByTestId('pay-button').textContent()).toContain('Get tickets');
  await page.getByTestId('pay-button').click();
  await page.getByTestId('confirmed').waitFor();
});

test('[CD14] before the sale opens seats can be picked, and the reason why they cannot be held stands beside the button', async () => {
  const { one, page } = await arrive(
    [10],
    {},
    { event: { saleOpensAt: new Date(Date.now() + 3_600_000).toISOString() } },
  );
  await one.pick(10);
  await one.sees(10, 'selected');
  expect(await page.getByTestId('hold-button').isDisabled()).toBe(true);
  expect(await page.getByTestId('hold-barred').textContent()).toContain('not opened yet');
});
