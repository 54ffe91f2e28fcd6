/**
 * A stranger's first purchase: signed out, on a phone, over a slow line. Opens the link of an event, taps two seats, presses Hold, makes
 * an account in the dialog that this opens, pays, reads the tickets. By taps and typing only; anything the page says went wrong fails it.
 */
import type { EventId } from '@seatwire/protocol';
import type { Browser, Locator } from 'playwright-core';
import { until } from '../e2e/until.ts';
import { Visitor } from './visitor.ts';

/** The smaller of today's usual phones, CSS pixels. */
const PHONE = { width: 390, height: 844 };

export interface FirstPurchase {
  readonly email: string;
  readonly places: readonly number[];
  /** Touches of the screen, the two that close in on the map and open a text field included. */
  readonly taps: number;
  /** Milliseconds from the link to the live map, from Hold (with the account made) to the seats held, from Pay to the confirmation. */
  readonly ms: { readonly map: number; readonly held: number; readonly confirmed: number };
}

/** `places`: two free seats side by side. Throws with what the page shows when a step does not come. */
export async function buyAsStranger(
  browser: Browser,
  url: string,
  event: EventId,
  places: readonly [number, number],
): Promise<FirstPurchase> {
  const phone = await Visitor.arrive(browser, url, { viewport: PHONE, touch: true, density: 2 });
  const { page } = phone;
  let taps = 0;
  const tap = async (what: Locator) => {
    taps += 1;
    await what.tap();
  };
  const email = `stranger-${crypto.randomUUID()}@example.test`;
  try {
    const began = performance.now();
    await phone.openEvent(event);
    const map = performance.now() - began;

    const radius = () => page.evaluate<number>('seatwire.seatRadius()');
    const before = await radius();
    taps += 1;
    await phone.pick(places[0]);
    await until('the map came closer', 10_000, async () => (await radius()) > before);
    for (const place of places) {
      taps += 1;
      await phone.pick(place);
      await phone.sees(place, 'selected');
    }
    await tap(page.getByTestId('hold-button'));
    const form = page.getByTestId('sign-in-form');
    await tap(form.getByRole('button', { name: 'New here?' }));
    for (const [label, text] of [
      ['Name', 'A stranger'],
      ['E-mail address', email],
      ['Password', 'a long enough password'],
    ] as const) {
      taps += 1;
      await form.getByLabel(label).fill(text);
    }
    const asked = performance.now();
    await tap(form.getByRole('button', { name: 'Create account' }));
    await page.getByTestId('pay-button').waitFor();
    const held = performance.now() - asked;
    const paid = performance.now();
    await tap(page.getByTestId('pay-button'));
    await page.getByTestId('confirmed').waitFor();
    const confirmed = performance.now() - paid;

    const tickets = await page
      .getByTestId('ticket')
      .evaluateAll((all) => all.map((one) => Number(one.getAttribute('data-place'))));
    if (tickets.join() !== places.join()) throw new Error(`the tickets are ${tickets}, not ${places}`);
    if (phone.complaints.length > 0) throw new Error(`the console says ${phone.complaints.join('; ')}`);
    return { email, places, taps, ms: { map, held, confirmed } };
  } catch (error) {
    const shown = await page.evaluate<string>('document.body.innerText').catch(() => 'nothing');
    throw new Error(`the first purchase failed; the page shows: ${shown}`, { cause: error });
  } finally {
    await phone.leave();
  }
}
