import { type EventId, type HoldId, randomToken, type UserId, uuidv7 } from '@seatwire/protocol';
import type { Hold } from '@seatwire/store';
import { beforeEach, describe, expect, test } from 'vitest';
import { type ExpiringHold, HoldExpiryWatch } from './hold-expiry-watch.ts';

const event = uuidv7() as EventId;
const buyer = uuidv7() as UserId;
let now: number;
let told: ExpiringHold[];
let live: Map<HoldId, Partial<Hold>>;
let expiryWatch: HoldExpiryWatch;

beforeEach(() => {
  now = 1_000_000;
  told = [];
  live = new Map();
  expiryWatch = new HoldExpiryWatch({
    find: async (_, hold) => (live.get(hold) as Hold | undefined) ?? null,
    tell: async (holds) => void told.push(...holds),
    failed: (error) => {
      throw error;
    },
    now: () => now,
  });
});

function held(forMs: number): HoldId {
  const hold = randomToken() as HoldId;
  const expiresAt = now + forMs;
  live.set(hold, { state: 'held', expiresAt });
  expiryWatch.watch({ event, hold, buyer, expiresAt });
  return hold;
}

async function at(ms: number): Promise<number> {
  now = 1_000_000 + ms;
  await expiryWatch.tick();
  return told.length;
}

describe('the hold expiry watch', () => {
  test('the hold expiry watch tells the buyer a minute before the end, once', async () => {
    const hold = held(300_000);
    expect(await at(239_000)).toBe(0);
    expect(await at(240_000)).toBe(1);
    expect(told).toMatchObject([{ event, buyer, hold, expiresAt: 1_300_000 }]);
    expect(await at(299_000)).toBe(1);
  });

  test('the hold expiry watch tells of a short hold at half its time', async () => {
    held(20_000);
    expect(await at(9_000)).toBe(0);
    expect(await at(10_000)).toBe(1);
  });

  test('the hold expiry watch says nothing of a hold that was released, sold, or is being paid for', async () => {
    expiryWatch.forget(held(100_000));
    live.delete(held(100_000));
    live.set(held(100_000), { state: 'paying', expiresAt: now + 100_000 });
    expect(await at(99_000)).toBe(0);
  });

  test('the hold expiry watch waits for the new end of a hold that another server extended', async () => {
    const hold = held(100_000);
    live.set(hold, { state: 'held', expiresAt: 1_400_000 });
    expect(await at(60_000)).toBe(0);
    expect(await at(339_000)).toBe(0);
    expect(await at(341_000)).toBe(1);
  });
});
