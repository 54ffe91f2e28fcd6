/**
 * kill -9 of each part at the moment it hurts most, 20 times each, under buyers who shop on through it. Nothing may be sold twice,
 * nothing confirmed or accepted may be lost, every map must end equal, every hold must end in time.
 */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { type System, startSystem } from '@seatwire/local';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Hall, openHall } from './hall.ts';
import { NOTHING_WRONG, prove, reconcile } from './proof.ts';
import { type Moment, type Shoppers, sendShoppers } from './shoppers.ts';

const KILLS = 20;
const HOLD_MS = 4000;
const PAYING_MS = 8000;
/**
 * What is under way when the shoppers rest must have ended by then: the longest hold and its sweep, a backlog's drain, and a capture
 * whose job was cut off in the middle (given to another after up to 30 s).
 */
const SETTLE_MS = HOLD_MS + PAYING_MS + 90_000;

/** By then somebody must have got so far again, whatever was killed. */
const MOMENT_MS = 30_000;

async function soon(shoppers: Shoppers, moment: Moment): Promise<void> {
  const late = new AbortController();
  const stuck = sleep(MOMENT_MS, undefined, { signal: late.signal }).then(() => {
    throw new Error(
      `nobody was ${moment} within ${MOMENT_MS} ms; ended by themselves: ${died.join('; ') || 'none'}`,
    );
  });
  await Promise.race([shoppers.next(moment), stuck]);
  late.abort();
  await stuck.catch(() => undefined);
}

let dataDir: string;
let system: System;
const died: string[] = [];

beforeAll(async () => {
  dataDir = await mkdtemp(join(tmpdir(), 'seatwire-restarts-'));
  system = await startSystem({
    dataDir,
    // Whatever ends without having been killed by this test is a defect, and waiting for it would hide which.
    onExit: (name, error) => {
      died.push(`${name}: ${error.message}`);
    },
    env: {
      LOG_LEVEL: 'warn',
      MESSAGES_PER_SECOND: '1000',
      REQUESTS_PER_SECOND: '1000',
      REGISTRATIONS_PER_MINUTE: '1000',
    },
  });
});
afterAll(async () => {
  await system?.stop();
  await rm(dataDir, { recursive: true, force: true });
});

interface Victim {
  readonly who: string;
  readonly moment: Moment;
  readonly what: () => { kill(): Promise<void>; restart(): Promise<void> };
}

const VICTIMS: readonly Victim[] = [
  { who: 'the worker mid-batch', moment: 'accepted', what: () => system.workers[0]! },
  { who: 'the server mid-hold', moment: 'holding', what: () => system.servers[0]! },
  { who: 'Redis after accepted', moment: 'accepted', what: () => system.redis },
  { who: 'Postgres mid-transaction', moment: 'accepted', what: () => system.postgres },
];

describe.each(VICTIMS)('[RE1] kill -9 of $who', ({ moment, what, who }) => {
  test(`[RE1] kill -9 of ${who}, ${KILLS} times: 0 sold twice, 0 confirmed lost, all maps equal, holds freed in time`, async () => {
    const hall: Hall = await openHall(system, {
      rows: 50,
      seatsPerRow: 40,
      buyers: 4,
      holdMs: HOLD_MS,
      payingMs: PAYING_MS,
    });
    const shoppers = await sendShoppers(system.url, hall);
    try {
      for (let kill = 0; kill < KILLS; kill++) {
        expect(died).toEqual([]);
        await soon(shoppers, moment);
        await what().kill();
        await what().restart();
      }
      // Whatever was killed, the buyers can go on buying.
      const after = shoppers.counts.accepted;
      while (shoppers.counts.accepted < after + KILLS) {
        await soon(shoppers, 'accepted');
      }
      await shoppers.rest();
      const verdict = await prove(system, hall, shoppers.purchases, shoppers.clients, SETTLE_MS);
      console.log(`${who}: ${KILLS} kills, ${JSON.stringify({ ...verdict, ...shoppers.counts })}`);
      expect(verdict).toMatchObject(NOTHING_WRONG);
      expect(verdict.tickets).toBeGreaterThan(KILLS);
      const { clean, report } = await reconcile(system, hall);
      expect(clean, report).toBe(true);
    } finally {
      shoppers.stop();
      await shoppers.rest();
    }
  }, 240_000);
});
