/**
 * The first purchase, so many times, on a system of its own: `npm run first-purchase -- 20`. A line each, then how many of how many.
 * Exit status 1 when one fails. Its record is docs/first-purchase.md.
 */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startSystem } from '@seatwire/local';
import { closeDatabase, liveTickets, openDatabase } from '@seatwire/store';
import { launchChromium } from '../chromium/chromium.ts';
import { openHall } from '../e2e/hall.ts';
import { slowLine } from './slow-line.ts';
import { buyAsStranger } from './stranger.ts';

const ROUND_TRIP_MS = 100;
const SEATS_PER_ROW = 30;
const times = Number(process.argv[2] ?? 20);
if (!Number.isInteger(times) || times < 1 || times > 100) {
  process.stderr.write('How many times? 1 to 100.\n');
  process.exit(64);
}

const dataDir = await mkdtemp(join(tmpdir(), 'seatwire-first-purchase-'));
const system = await startSystem({ dataDir, env: { LOG_LEVEL: 'warn' } });
const browser = await launchChromium();
const line = await slowLine(system.url, ROUND_TRIP_MS);
const db = await openDatabase(system.databaseUrl, { name: 'seatwire-first-purchase', max: 2 });
const say = (text: string) => process.stdout.write(`${text}\n`);
try {
  const { event } = await openHall(system, { rows: 20, seatsPerRow: SEATS_PER_ROW, buyers: 0 });
  say(
    `A phone of 390 x 844, a line of ${ROUND_TRIP_MS} ms a round trip, signed out; ${times} strangers one after another.`,
  );
  let good = 0;
  for (let nth = 0; nth < times; nth++) {
    const first = (nth % 20) * SEATS_PER_ROW + 6 * Math.floor(nth / 20) + 12;
    try {
      const { taps, ms, places } = await buyAsStranger(browser, line.url, event, [first, first + 1]);
      const sold = (await liveTickets(db, event)).filter(({ place }) => places.includes(place));
      if (sold.length !== 2) throw new Error(`the ledger has ${sold.length} of 2 tickets`);
      good += 1;
      const [map, held, confirmed] = [ms.map, ms.held, ms.confirmed].map(Math.round);
      say(
        `${nth + 1}: bought, ${taps} taps; map ${map} ms, sign-up to held ${held} ms, Pay to confirmed ${confirmed} ms`,
      );
    } catch (error) {
      say(`${nth + 1}: ${String(error)}`);
    }
  }
  say(`${good} of ${times}`);
  if (good < times) process.exitCode = 1;
} finally {
  await closeDatabase(db);
  await line.stop();
  await browser.close();
  await system.stop();
  await rm(dataDir, { recursive: true, force: true });
}
