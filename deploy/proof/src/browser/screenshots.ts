/**
 * Makes the README's pictures from the running demo, by hand: `node --conditions=@seatwire/source --import tsx
 * deploy/proof/src/browser/screenshots.ts`. They lie in deploy/proof/screenshots.
 */
import { mkdir, mkdtemp, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { DEMO_ACCOUNTS, type DemoEvent, ORGANIZER, seedDemo, startCrowd, startSystem } from '@seatwire/local';
import type { Chart, EventId } from '@seatwire/protocol';
import type { Browser } from 'playwright-core';
import { launchChromium } from '../chromium/chromium.ts';
import { call, restMap } from '../e2e/rest.ts';
import { Visitor } from './visitor.ts';

const FOLDER = fileURLToPath(new URL('../../screenshots/', import.meta.url));
const MAX_BYTES = 400_000;
/** The map has stopped gliding by then. */
const GLIDE_MS = 800;
/** Until the crowd has made the map and the monitor's curves worth a picture. */
const CROWD_MS = 45_000;

const dataDir = await mkdtemp(join(tmpdir(), 'seatwire-screenshots-'));
let events: DemoEvent[] = [];
const system = await startSystem({
  dataDir,
  env: { LOG_LEVEL: 'warn' },
  seed: async (urls) => {
    events = await seedDemo(urls);
  },
});
const browser = await launchChromium();
const crowd = startCrowd({ url: system.url, events });
try {
  await mkdir(FOLDER, { recursive: true });
  const { id } = events[0]!;
  const monitor = await openMonitor(browser, id);
  await sleep(CROWD_MS);
  await shootPicker(browser, id);
  await shootPhone(browser, id);
  await shoot(monitor, 'monitor');
  await monitor.leave();
} finally {
  await crowd.stop();
  await browser.close();
  await system.stop();
  await rm(dataDir, { recursive: true, force: true });
}

async function openMonitor(chromium: Browser, event: EventId): Promise<Visitor> {
  const organizer = await Visitor.arrive(chromium, system.url, {
    viewport: { width: 1200, height: 750 },
    theme: 'dark',
  });
  await organizer.open(`/monitor/${event}`);
  await organizer.signIn(ORGANIZER);
  return organizer;
}

async function shootPicker(chromium: Browser, event: EventId): Promise<void> {
  const buyer = await Visitor.arrive(chromium, system.url, { viewport: { width: 1280, height: 800 } });
  await buyer.openEvent(event);
  await buyer.signIn(DEMO_ACCOUNTS[0]!);
  const places = await freeTogether(event, 3);
  await buyer.show(places);
  for (const place of places) {
    await buyer.pick(place);
    await buyer.sees(place, 'selected');
  }
  // Far enough out that the price colours around can be seen.
  await buyer.page.getByRole('button', { name: 'Zoom out' }).click();
  await sleep(GLIDE_MS);
  // Away from the seats, which would say what they are.
  await buyer.page.mouse.move(1100, 660);
  await shoot(buyer, 'picker');
  await buyer.leave();
}

async function shootPhone(chromium: Browser, event: EventId): Promise<void> {
  const phone = await Visitor.arrive(chromium, system.url, {
    viewport: { width: 390, height: 844 },
    theme: 'dark',
    touch: true,
    density: 2,
  });
  await phone.openEvent(event);
  await phone.signIn(DEMO_ACCOUNTS[1]!);
  await phone.page.getByRole('button', { name: 'Hold the best 2' }).tap();
  await phone.page.getByTestId('pay-button').waitFor();
  await shoot(phone, 'phone-dark');
  await phone.page.getByTestId('release-button').tap();
  await phone.leave();
}

/** Free seats of one row, near the middle of the hall. */
async function freeTogether(event: EventId, count: number): Promise<number[]> {
  const { map } = await restMap(system.url, event);
  const chart = await call<Chart>(system.url, 'GET', `/events/${event}/chart`);
  if (!chart.ok) throw new Error(`no chart: ${chart.text}`);
  const { sections, width, height } = chart.body;
  const fromMiddle = ([x, y]: readonly [number, number]) => Math.hypot(x - width / 2, y - height / 2);
  const inward = sections.toSorted((a, b) => fromMiddle(a.label) - fromMiddle(b.label));
  for (const run of inward.flatMap(({ runs }) => runs.slice(Math.floor(runs.length / 2)))) {
    for (let from = run.first; from <= run.first + run.count - count; from++) {
      const places = Array.from({ length: count }, (_, i) => from + i);
      if (places.every((place) => map.get(place) === 0)) return places;
    }
  }
  throw new Error('no free places side by side');
}

async function shoot(visitor: Visitor, name: string): Promise<void> {
  const path = join(FOLDER, `${name}.png`);
  await visitor.page.screenshot({ path });
  const { size } = await stat(path);
  console.log(`${path}: ${Math.round(size / 1000)} kB`);
  if (size > MAX_BYTES) throw new Error(`${name}.png is larger than ${MAX_BYTES} bytes`);
}
