/** People who come without an account: what they chose is held once they have signed in, whichever way, and nobody tells them to sign in first. */
import { DEMO_ACCOUNTS, type DemoAccount, PASSWORD_HASH } from '@seatwire/local';
import type { Chart } from '@seatwire/protocol';
import { closeDatabase, createUser, liveTickets, openDatabase } from '@seatwire/store';
import { expect, test } from 'vitest';
import { openHall, plainChart } from '../e2e/hall.ts';
import { deafLine } from './deaf-line.ts';
import { openSite } from './site.ts';
import { slowLine } from './slow-line.ts';
import { buyAsStranger } from './stranger.ts';
import type { Visitor } from './visitor.ts';

const demo = DEMO_ACCOUNTS.map(({ email, password, role }) => ({ email, password, role }));
const site = openSite('first', {
  env: {
    DEMO: 'true',
    DEMO_ACCOUNTS: JSON.stringify(demo),
  },
  seed: async ({ databaseUrl }) => {
    const db = await openDatabase(databaseUrl, { name: 'seatwire-first-purchase', max: 1 });
    for (const { password: _, ...user } of DEMO_ACCOUNTS)
      await createUser(db, { ...user, passwordHash: PASSWORD_HASH });
    await closeDatabase(db);
  },
});

const SEATS = [40, 41, 42];
const STANDING = 20;

/** A plain hall with a standing area in front of its seats. */
function hallWithStanding(): Chart {
  const chart = plainChart(12, 20);
  const { width, height, places } = chart;
  const [left, right, top, bottom] = [10, width - 10, height, height + 90];
  return {
    ...chart,
    height: height + 100,
    places: places + STANDING,
    sections: [
      ...chart.sections,
      {
        id: 'S',
        name: 'Standing',
        kind: 'ga',
        category: 'all',
        floor: 0,
        outline: [
          [left, top],
          [right, top],
          [right, bottom],
          [left, bottom],
        ],
        label: [width / 2, height + 45],
        first: places,
        count: STANDING,
        runs: [],
      },
    ],
  };
}

/** Somebody without an account, before a fresh hall. */
async function stranger(phone = false) {
  const sale = await openHall(site.system, { chart: hallWithStanding(), buyers: 1 });
  const one = await site.visitor(
    phone ? { viewport: { width: 390, height: 844 }, touch: true, density: 2 } : {},
  );
  await one.openEvent(sale.event);
  return { sale, one, buyer: sale.buyers[0]!, dialog: one.page.getByTestId('sign-in-form') };
}

type WayIn = (one: Visitor, buyer: DemoAccount) => Promise<void>;
const register: WayIn = async ({ page }, buyer) => {
  const dialog = page.getByTestId('sign-in-form');
  await dialog.getByRole('button', { name: 'New here?' }).click();
  await dialog.getByLabel('Name').fill('A Stranger');
  await dialog.getByLabel('E-mail address').fill(`new-${buyer.email}`);
  await dialog.getByLabel('Password').fill('a-good-long-password');
  await dialog.getByRole('button', { name: 'Create account' }).click();
};
const WAYS_IN: readonly (readonly [string, WayIn])[] = [
  ['registering', register],
  ['signing in', (one, buyer) => one.signIn(buyer)],
  ['a demo account', ({ page }) => page.getByTestId('demo-account').filter({ hasText: 'anna' }).click()],
];

async function isHeld({ page }: Visitor, refusals: readonly string[]): Promise<void> {
  await page.getByTestId('pay-button').waitFor();
  expect(await page.getByTestId('refusal').count()).toBe(0);
  expect(refusals).toEqual([]);
}

/** Every refusal that is ever shown, for as short as it may be. */
async function watchRefusals(one: Visitor): Promise<() => Promise<string[]>> {
  await one.page.evaluate(`{
    window.refusals = [];
    new MutationObserver(() => {
      for (const it of document.querySelectorAll('[data-testid=refusal], [data-testid=panel-refusal]'))
        if (!refusals.includes(it.textContent)) refusals.push(it.textContent);
    }).observe(document.body, { childList: true, subtree: true });
  }`);
  return () => one.page.evaluate<string[]>('window.refusals');
}

for (const [name, enter] of WAYS_IN) {
  test(`[CD1] three seats chosen without an account are held after ${name}`, async () => {
    const { one, buyer } = await stranger();
    const refusals = await watchRefusals(one);
    await one.show(SEATS);
    for (const seat of SEATS) {
      await one.pick(seat);
      await one.sees(seat, 'selected');
    }
    await one.page.getByTestId('hold-button').click();
    await enter(one, buyer);
    await isHeld(one, await refusals());
    for (const seat of SEATS) await one.sees(seat, 'yours');
  });

  test(`[CD1] the best seats are held after ${name}`, async () => {
    const { one, buyer } = await stranger();
    const refusals = await watchRefusals(one);
    await one.page.getByTestId('best-form').getByRole('button', { name: 'Hold the best' }).click();
    await enter(one, buyer);
    await isHeld(one, await refusals());
  });

  test(`[CD1] standing places are held after ${name}`, async () => {
    const { one, sale, buyer } = await stranger();
    const refusals = await watchRefusals(one);
    const place = sale.places - STANDING;
    await one.pick(place);
    await one.page
      .locator('.standing')
      .getByRole('button', { name: /^Hold 2/ })
      .click();
    await enter(one, buyer);
    await isHeld(one, await refusals());
  });
}

test('[CD1] on a phone it is no other', async () => {
  const { one, buyer } = await stranger(true);
  const refusals = await watchRefusals(one);
  await one.show(SEATS);
  for (const seat of SEATS) {
    await one.pick(seat);
    await one.sees(seat, 'selected');
  }
  await one.page.getByTestId('hold-button').click();
  await register(one, buyer);
  await isHeld(one, await refusals());
});

test('[CD1] a stranger on a phone buys two seats over a line of 100 ms, three times of three', async () => {
  const { event } = await openHall(site.system, { rows: 20, seatsPerRow: 30, buyers: 0 });
  const line = await slowLine(site.system.url, 100);
  const db = await openDatabase(site.system.databaseUrl, { name: 'seatwire-first-purchase', max: 1 });
  try {
    for (const first of [131, 251, 371]) {
      await buyAsStranger(site.browser, line.url, event, [first, first + 1]);
      const sold = (await liveTickets(db, event)).map(({ place }) => place);
      expect(sold).toEqual(expect.arrayContaining([first, first + 1]));
    }
    expect(await liveTickets(db, event)).toHaveLength(6);
  } finally {
    await closeDatabase(db);
    await line.stop();
  }
});

test('[CD1] while the line is dead the dialog says so in words, keeps what was chosen, and goes on when it is back', async () => {
  const { one, buyer, sale } = await stranger();
  const line = await deafLine(one.page);
  await one.openEvent(sale.event);
  await one.show(SEATS);
  for (const seat of SEATS) await one.pick(seat);
  line.deafen();
  await one.page.getByTestId('hold-button').click();
  const dialog = one.page.getByTestId('sign-in-form');
  await dialog.getByLabel('E-mail address').fill(buyer.email);
  await dialog.getByLabel('Password').fill(buyer.password);
  await dialog.getByRole('button', { name: 'Sign in', exact: true }).click();
  const late = one.page.getByTestId('sign-in-late');
  await late.waitFor();
  expect(await late.textContent()).toContain('What you selected is kept');
  expect(await one.page.getByRole('heading', { name: '3 seats selected' }).isVisible()).toBe(true);
  line.heal();
  await late.getByRole('button', { name: 'Try again' }).click();
  await one.page.getByTestId('pay-button').waitFor();
  for (const seat of SEATS) await one.sees(seat, 'yours');
});

test('[CD18] the dialog asks for the name first, keeps no password from one way to the other, and says what is wrong where it is', async () => {
  const { one, dialog, buyer } = await stranger();
  const { page } = one;
  const focused = () => page.evaluate<string>('document.activeElement.name ?? ""');
  await page.getByTestId('sign-in').click();
  await dialog.waitFor();
  expect(await focused()).toBe('email');
  await dialog.getByLabel('E-mail address').fill(buyer.email);
  await dialog.getByLabel('Password').fill('not-the-password');
  await dialog.getByRole('button', { name: 'Sign in', exact: true }).click();
  const trouble = dialog.getByTestId('account-trouble');
  await trouble.waitFor();
  expect(await trouble.textContent()).toBe('The e-mail address or the password is wrong.');
  expect(await dialog.locator('[aria-invalid=true]').getAttribute('name')).toBe('password');
  expect(await focused()).toBe('password');

  await dialog.getByRole('button', { name: 'New here?' }).click();
  await dialog.getByRole('heading', { name: 'Create an account' }).waitFor();
  expect(await trouble.count()).toBe(0);
  expect(await dialog.getByLabel('Password').inputValue()).toBe('');
  expect(await dialog.getByLabel('E-mail address').inputValue()).toBe(buyer.email);
  expect(await focused()).toBe('name');
  expect(await dialog.textContent()).not.toContain('Sign in to');
  await dialog.getByLabel('Name').fill('Somebody');
  await dialog.getByLabel('Password').fill('a-good-long-password');
  await dialog.getByRole('button', { name: 'Create account' }).click();
  await trouble.waitFor();
  expect(await trouble.textContent()).toContain('There is an account with this address already');
  expect(await focused()).toBe('email');
});
