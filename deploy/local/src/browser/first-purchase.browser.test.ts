/** The first thing a new buyer does, as on the day of a sale: on a phone, over a slow line, without an account. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { closeDatabase, type Database, liveTickets, openDatabase } from '@seatwire/store';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { launchChromium } from '../chromium.ts';
import { openHall } from '../e2e/hall.ts';
import { type System, startSystem } from '../system.ts';
import { buyAsStranger } from './first-purchase.ts';
import { type SlowLine, slowLine } from './slow-line.ts';

let dataDir: string;
let system: System;
let browser: Browser;
let db: Database;
let line: SlowLine;

beforeAll(async () => {
  dataDir = await mkdtemp(join(tmpdir(), 'seatwire-first-purchase-'));
  [system, browser] = await Promise.all([
    startSystem({ dataDir, env: { LOG_LEVEL: 'warn' } }),
    launchChromium(),
  ]);
  line = await slowLine(system.url, 100);
  db = await openDatabase(system.databaseUrl, { name: 'seatwire-first-purchase-test', max: 2 });
});
afterAll(async () => {
  if (db) await closeDatabase(db);
  await line?.stop();
  await Promise.all([browser?.close(), system?.stop()]);
  await rm(dataDir, { recursive: true, force: true });
});

test('[D1] [B1] a stranger on a phone buys two seats over a slow line, three times of three', async () => {
  const { event } = await openHall(system, { rows: 20, seatsPerRow: 30, buyers: 0 });
  for (const first of [131, 251, 371]) {
    await buyAsStranger(browser, line.url, event, [first, first + 1]);
    const sold = (await liveTickets(db, event)).map(({ place }) => place);
    expect(sold).toEqual(expect.arrayContaining([first, first + 1]));
  }
  expect(await liveTickets(db, event)).toHaveLength(6);
});
