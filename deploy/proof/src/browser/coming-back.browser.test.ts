/** Who one is, in every tab and after every reload; and what a page knows of the line when somebody comes back to it. */
import { decodeDown } from '@seatwire/protocol';
import type { Page } from 'playwright-core';
import { expect, test } from 'vitest';
import { openHall } from '../e2e/hall.ts';
import { holdByRest, signIn } from '../e2e/rest.ts';
import { until } from '../e2e/until.ts';
import { deafLine } from './deaf-line.ts';
import { openSite } from './site.ts';
import type { Visitor } from './visitor.ts';

const SEATS = [100, 101];
const PATIENCE_MS = 30_000;

// So long between heartbeats that nothing in here is noticed by one.
const site = openSite('back', { env: { HEARTBEAT_MS: '120000' } });

/** Whose each session was that a page had, in turn; null for nobody's. */
function sessionsOf(page: Page): (string | null)[] {
  const users: (string | null)[] = [];
  page.on('websocket', (socket) => {
    socket.on('framereceived', ({ payload }) => {
      if (typeof payload === 'string') return;
      const frame = decodeDown(new Uint8Array(payload));
      if (frame.ok && (frame.message.type === 'welcome' || frame.message.type === 'authenticated'))
        users.push(frame.message.user);
    });
  });
  return users;
}

async function guest() {
  const sale = await openHall(site.system, { rows: 16, seatsPerRow: 30, buyers: 2 });
  const a = await site.visitor();
  return { sale, a };
}
async function buyer() {
  const { sale, a } = await guest();
  await a.openEvent(sale.event);
  await a.signIn(sale.buyers[0]!);
  await a.page.getByTestId('account').waitFor();
  await a.show(SEATS);
  return { sale, a };
}
const account = ({ page }: Visitor) => page.getByTestId('account');
const signedOut = ({ page }: Visitor) => page.getByTestId('sign-in').waitFor();
const refreshes = (page: Page): { count: number } => {
  const counted = { count: 0 };
  page.on('request', (request) => {
    if (request.url().endsWith('/api/auth/refresh')) counted.count++;
  });
  return counted;
};

test('[CB3] a reload does not sign out, nor do five in a row, nor two tabs that load at once', async () => {
  const { sale, a } = await buyer();
  const { page } = a;
  for (let i = 0; i < 5; i++) {
    // Not waiting for the page: the next reload may meet a refresh on its way.
    await page.reload({ waitUntil: 'commit' });
    await new Promise((resolve) => setTimeout(resolve, 40 * i));
  }
  await a.live();
  await account(a).waitFor();
  const b = await a.tab();
  await b.openEvent(sale.event);
  await account(b).waitFor();
  await Promise.all([a.page.reload(), b.page.reload()]);
  await Promise.all([account(a).waitFor(), account(b).waitFor()]);
  await a.live();
  await a.show(SEATS);
  await a.hold([SEATS[0]!]);
});

test('[CB3] tabs that need a token at once ask the server once', async () => {
  const { a } = await buyer();
  const tabs = [a, await a.tab(), await a.tab()];
  const [first, second, third] = tabs as [Visitor, Visitor, Visitor];
  const counts = tabs.map(({ page }) => refreshes(page));
  // The first answer comes when all of them wait for it.
  let answer = () => {};
  const waiting = new Promise<void>((resolve) => {
    answer = resolve;
  });
  for (const { page } of tabs) {
    await page.route('**/api/auth/refresh', async (route) => {
      await waiting;
      await route.continue();
    });
  }
  await Promise.all([first.page.reload(), second.open('/'), third.open('/orders')]);
  await Promise.all(tabs.map(({ page }) => page.getByText('Signing in…').waitFor()));
  answer();
  await Promise.all(tabs.map((tab) => account(tab).waitFor()));
  expect(counts.reduce((sum, { count }) => sum + count, 0)).toBe(1);
});

test('[CB3] a server that cannot say who we are is asked until it can; the page shows no one as signed out meanwhile', async () => {
  const { a, sale } = await buyer();
  const { page } = a;
  let tries = 0;
  await page.route('**/api/auth/refresh', (route) => {
    tries++;
    if (tries === 1) return route.abort();
    const { status, code } =
      tries === 2 ? { status: 429, code: 'rate_limited' } : { status: 503, code: 'unavailable' };
    return tries < 4
      ? route.fulfill({ status, json: { code, detail: 'No.', retryable: true } })
      : route.continue();
  });
  await page.reload();
  await page.getByText('Signing in…').waitFor();
  await a.live();
  expect(await page.getByTestId('sign-in').count()).toBe(0);
  await account(a).waitFor({ timeout: PATIENCE_MS });
  expect(tries).toBe(4);
  // The connection, which had to begin without, is the buyer's now.
  await a.openEvent(sale.event);
  await a.show(SEATS);
  await a.hold([SEATS[0]!]);
});

test.each([-3_600_000, 3_600_000])(
  "[CB24] with a machine's clock wrong by %i ms one stays signed in, with few refreshes",
  async (wrong) => {
    const { sale, a } = await guest();
    const refreshed = refreshes(a.page);
    await a.page.addInitScript(`{
    const { now } = Date;
    Date.now = () => now() + ${wrong};
    const Real = Date;
    Date = class extends Real {
      constructor(...given) {
        super(...(given.length ? given : [Real.now()]));
      }
    };
  }`);
    await a.openEvent(sale.event);
    await a.signIn(sale.buyers[0]!);
    await a.show(SEATS);
    await a.hold([SEATS[0]!]);
    expect(refreshed.count).toBe(0);
    await a.page.reload();
    await account(a).waitFor();
    await a.page.getByTestId('pay-button').waitFor();
    await a.pay();
    await a.page.getByTestId('confirmed').waitFor();
    expect(refreshed.count).toBe(1);
  },
);

test('[CB13] signing out in one tab ends it in the others, and signing in as another is so in all', async () => {
  const { sale, a } = await guest();
  const sessions = sessionsOf(a.page);
  await a.openEvent(sale.event);
  await a.signIn(sale.buyers[0]!);
  await account(a).waitFor();
  const b = await a.tab();
  await b.openEvent(sale.event);
  await account(b).waitFor();
  await b.show(SEATS);
  await a.signOut();
  await Promise.all([signedOut(a), signedOut(b)]);
  // Whoever holds something now is nobody: the dialog asks.
  await b.pick(SEATS[0]!);
  await b.sees(SEATS[0]!, 'selected');
  await b.page.getByTestId('hold-button').click();
  const dialog = b.page.getByTestId('sign-in-form');
  await dialog.waitFor();
  const other = sale.buyers[1]!;
  await b.signIn(other);
  await b.page.getByTestId('pay-button').waitFor();
  await account(a).waitFor();
  await account(a).click();
  expect(await a.page.getByTestId('account-menu').textContent()).toContain(other.email);
  await a.page.keyboard.press('Escape');
  // So is its connection: in a new session, since what the former asked is nothing of theirs.
  await until("the connection is the new buyer's", PATIENCE_MS, () => sessions.at(-1) === other.id);
  expect(sessions).toEqual([null, sale.buyers[0]!.id, null, other.id]);
});

test('[CB25] a person who comes back to a dead line sees that it is not live, and then what has happened', async () => {
  for (const waking of ['online', 'focus', 'pageshow']) {
    const { sale, a } = await guest();
    const line = await deafLine(a.page);
    await a.openEvent(sale.event);
    await a.show(SEATS);
    line.deafenOpen();
    const token = await signIn(site.system.url, sale.buyers[1]!);
    expect((await holdByRest(site.system.url, token, sale.event, `while-deaf-${waking}`, SEATS)).ok).toBe(
      true,
    );
    const before = line.opened;
    await a.page.evaluate(`window.dispatchEvent(new Event('${waking}'))`);
    await a.sees(SEATS[0]!, 'held', PATIENCE_MS);
    expect(line.opened).toBe(before + 1);
    await a.live();
  }
});

test('[CB25] silence alone ends "Live", and a page told that it is offline says so at once', async () => {
  const { sale, a } = await guest();
  const line = await deafLine(a.page);
  await a.openEvent(sale.event);
  const lost = a.page.locator('[data-testid=map-status][data-line=lost]');
  line.deafen();
  await lost.waitFor({ timeout: PATIENCE_MS });
  line.heal();
  await a.live();
  line.deafenOpen();
  await a.page.evaluate(`window.dispatchEvent(new Event('offline'))`);
  // At once: before any wait could have told.
  expect(await lost.count()).toBe(1);
  await a.live();
});

test("[CD17] a click on the account's name opens a menu that says who is signed in; it does not sign out", async () => {
  const { sale, a } = await buyer();
  const { page } = a;
  const menu = page.getByTestId('account-menu');
  await account(a).click();
  await menu.waitFor();
  expect(await menu.textContent()).toContain(sale.buyers[0]!.email);
  await page.keyboard.press('Escape');
  await menu.waitFor({ state: 'detached' });
  expect(await page.evaluate('document.activeElement.dataset.testid')).toBe('account');
  await account(a).click();
  await menu.getByRole('link', { name: 'My tickets' }).click();
  await until('the tickets are shown', PATIENCE_MS, () => page.url().endsWith('/orders'));
  await account(a).click();
  await page.getByTestId('sign-out').click();
  await signedOut(a);
});

test('[CD17] signing out of a running hold is asked about first', async () => {
  const { a } = await buyer();
  const { page } = a;
  await a.hold([SEATS[0]!]);
  await account(a).click();
  await page.getByTestId('sign-out').click();
  await page.getByRole('button', { name: 'Stay signed in' }).click();
  expect(await page.getByTestId('pay-button').isVisible()).toBe(true);
  await account(a).click();
  await page.getByTestId('sign-out').click();
  await page.getByTestId('sign-out-anyway').click();
  await signedOut(a);
  await page.getByTestId('pay-button').waitFor({ state: 'detached' });
  await a.sees(SEATS[0]!, 'held');
});
