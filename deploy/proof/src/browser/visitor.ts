/**
 * People in front of a real Chromium, for the tests beside this file and for the README's screenshots.
 *
 * What: a visitor is a browser context of its own (cookies, storage, theme, touch or mouse) with one page. It acts as a person does,
 * by clicks, taps and keys at places of the canvas, and looks at pixels (seat-pixels.ts); `?debug` only tells where a seat is.
 * Concurrency: any number of visitors share a browser and do not see each other but through the server.
 * Invariants: every wait has a deadline; what the page complains about in its console is kept in `complaints`.
 * May import: what its package may; never web-demo, which is met over HTTP like any page.
 */

import type { DemoAccount } from '@seatwire/local';
import type { EventId } from '@seatwire/protocol';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { HALL_COLOR } from '../e2e/hall.ts';
import { until } from '../e2e/until.ts';
import { SEAT_PIXELS, type Sight } from './seat-pixels.ts';

export interface VisitorOptions {
  readonly viewport?: { readonly width: number; readonly height: number };
  /** A phone: touch, and no mouse. */
  readonly touch?: boolean;
  readonly theme?: 'light' | 'dark';
  /** Pixels of the screen for one of the page. */
  readonly density?: number;
  /** IANA zone of the machine; Brussels if left out. */
  readonly timeZone?: string;
  /** Ms by which the machine's clock is wrong; a test sets it while the page is open with `setMachineClock`. */
  readonly clockIsWrongBy?: number;
}

/** A page's first paint may wait for a cold server on a busy machine. */
const PAGE_MS = 20_000;

export class Visitor {
  readonly page: Page;
  /** Errors in the console, and uncaught ones. */
  readonly complaints: readonly string[];
  readonly #context: BrowserContext;
  readonly #url: string;
  readonly #touch: boolean;

  private constructor(url: string, context: BrowserContext, page: Page, touch: boolean) {
    this.#url = url;
    this.#touch = touch;
    this.#context = context;
    this.page = page;
    const complaints: string[] = [];
    this.complaints = complaints;
    page.setDefaultTimeout(PAGE_MS);
    page.on('console', (line) => {
      if (line.type() === 'error') complaints.push(`${line.text()} (${line.location().url})`);
    });
    page.on('pageerror', (error) => complaints.push(String(error)));
  }

  static async arrive(browser: Browser, url: string, options: VisitorOptions = {}): Promise<Visitor> {
    const { touch = false } = options;
    const context = await browser.newContext({
      viewport: options.viewport ?? { width: 1000, height: 700 },
      locale: 'en-GB',
      timezoneId: options.timeZone ?? 'Europe/Brussels',
      // The map then moves at once: nobody clicks where a seat was a moment ago.
      reducedMotion: 'reduce',
      colorScheme: options.theme ?? 'light',
      hasTouch: touch,
      isMobile: touch,
      deviceScaleFactor: options.density ?? 1,
    });
    await context.addInitScript({ content: SEAT_PIXELS });
    if (options.clockIsWrongBy !== undefined)
      await context.addInitScript({ content: machineClock(options.clockIsWrongBy) });
    return new Visitor(url, context, await context.newPage(), touch);
  }

  /** Another tab of the same browser: its cookies and its storage are this one's. */
  async tab(): Promise<Visitor> {
    return new Visitor(this.#url, this.#context, await this.#context.newPage(), this.#touch);
  }

  /** Sets the machine's clock while the page is open: ms by which it is wrong from now on. */
  setMachineClock(wrongBy: number): Promise<void> {
    return this.page.evaluate(`setMachineClock(${wrongBy})`);
  }

  leave(): Promise<void> {
    return this.#context.close();
  }

  async open(path: string): Promise<void> {
    await this.page.goto(`${this.#url}${path}`, { timeout: PAGE_MS });
  }

  /** Opens an event's picker and waits until its map is live. */
  async openEvent(event: EventId): Promise<void> {
    await this.open(`/event/${event}?debug`);
    await this.live();
  }

  /** Live, and painted: a snapshot came. */
  async live(): Promise<void> {
    await this.page.locator('[data-testid=map-status][data-line=live]').waitFor();
    // Not waitForFunction: the page's security policy forbids the `eval` it is made of.
    await until('the map is painted', PAGE_MS, () =>
      this.page.evaluate<boolean>(`performance.getEntriesByName('seatwire:painted').length > 0`),
    );
  }

  async signIn(account: DemoAccount): Promise<void> {
    const dialog = this.page.getByTestId('sign-in-form');
    if (!(await dialog.isVisible())) await this.page.getByTestId('sign-in').click();
    await dialog.getByLabel('E-mail address').fill(account.email);
    await dialog.getByLabel('Password').fill(account.password);
    await dialog.getByRole('button', { name: 'Sign in', exact: true }).click();
    await dialog.waitFor({ state: 'detached' });
  }

  /** By the menu under one's name; who holds seats is asked once more. */
  async signOut(): Promise<void> {
    await this.page.getByTestId('account').click();
    await this.page.getByTestId('sign-out').click();
    const anyway = this.page.getByTestId('sign-out-anyway');
    const signIn = this.page.getByTestId('sign-in');
    await anyway.or(signIn).first().waitFor();
    if (await anyway.isVisible()) await anyway.click();
    await signIn.waitFor();
  }

  /** Brings places into view and waits until they are drawn there. */
  async show(places: readonly number[]): Promise<void> {
    const shown = `seatwire.show(${JSON.stringify(places)})`;
    await this.page.evaluate(
      `new Promise((drawn) => { ${shown}; requestAnimationFrame(() => requestAnimationFrame(drawn)); })`,
    );
  }

  /** A click of the mouse, or a tap, on a seat that is in view. */
  async pick(place: number): Promise<void> {
    const { x, y } = await this.#seatAt(place);
    if (this.#touch) await this.page.touchscreen.tap(x, y);
    else await this.page.mouse.click(x, y);
  }

  /** What the seat looks like right now. */
  look(place: number): Promise<Sight> {
    return this.page.evaluate(`seatPixels.look(${place}, '${HALL_COLOR}')`);
  }

  /** Waits until the seat looks so; returns when it did, epoch ms of this machine, to one frame. */
  async sees(place: number, wanted: Sight, ms = PAGE_MS): Promise<number> {
    return within(
      `seat ${place} looks ${wanted}`,
      ms,
      this.page.evaluate<number>(`seatPixels.sees(${place}, '${HALL_COLOR}', '${wanted}')`),
      () => this.look(place),
    );
  }

  /** When the page's sale comes to this phase, epoch ms. */
  reaches(phase: 'held' | 'confirmed'): Promise<number> {
    return this.page.evaluate(`seatPixels.reaches('${phase}')`);
  }

  /** Selects seats that are in view, and holds them. */
  async hold(places: readonly number[]): Promise<void> {
    for (const place of places) {
      await this.pick(place);
      await this.sees(place, 'selected');
    }
    await this.page.getByTestId('hold-button').click();
    await this.page.getByTestId('pay-button').waitFor();
  }

  async pay(card = 'tok_ok'): Promise<void> {
    await this.page.locator(`[data-testid=card-option][value=${card}]`).check();
    await this.page.getByTestId('pay-button').click();
  }

  /** A figure of the monitor, or undefined before the first came. */
  async figure(name: 'sold' | 'held' | 'free' | 'viewers'): Promise<number | undefined> {
    const value = await this.page.getByTestId(`monitor-${name}`).getAttribute('data-value');
    return value === null ? undefined : Number(value);
  }

  async #seatAt(place: number): Promise<{ x: number; y: number }> {
    const box = (await this.page.getByTestId('seat-map').boundingBox())!;
    const at = await this.page.evaluate<{ x: number; y: number }>(`seatwire.seatAt(${place})`);
    return { x: box.x + at.x, y: box.y + at.y };
  }
}

/** A page's script sees the machine's clock as `Date`; the steady clock of `performance` only began with it. */
const machineClock = (wrongBy: number) => `{
  const Right = Date;
  let wrongBy = ${wrongBy};
  const began = performance.timeOrigin + wrongBy;
  Object.defineProperty(performance, 'timeOrigin', { get: () => began });
  globalThis.setMachineClock = (ms) => { wrongBy = ms; };
  globalThis.Date = class Date extends Right {
    constructor(...given) {
      if (given.length === 0) super(Right.now() + wrongBy);
      else super(...given);
    }
    static now() {
      return Right.now() + wrongBy;
    }
  };
}`;

async function within<T>(what: string, ms: number, work: Promise<T>, state: () => unknown): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<'late'>((resolve) => {
    timer = setTimeout(() => resolve('late'), ms);
  });
  const first = await Promise.race([work, late]).finally(() => clearTimeout(timer));
  if (first === 'late') throw new Error(`not after ${ms} ms: ${what}; now ${await state()}`);
  return first;
}
