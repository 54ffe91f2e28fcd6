/**
 * What the store grants while three times as much is asked as it can do, beside the most it grants when callers wait; and the control,
 * the same without the bounds of the queue before Redis: `npm run bench -w server/store`. One process asks and is the store's, so the
 * peak is that process's.
 */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startRedis } from '@seatwire/embedded';
import {
  type Epoch,
  type EventId,
  type HoldId,
  type OpId,
  randomToken,
  type UserId,
  uuidv7,
} from '@seatwire/protocol';
import { RULES } from './contract/fixture.ts';
import { GROUP_BOUNDS, type GroupBounds } from './hold-groups.ts';
import { openSeatStore, type RedisSeatStore } from './seat-store.redis.ts';

const PLACES = 400_000;
const CALLERS = 1_000;
const TIMES = 3;
const SECONDS = process.argv.includes('--quick') ? 3 : 6;
/** Before that, whatever is bounded fills. */
const WARM_UP_SECONDS = 1;
const UNBOUNDED: GroupBounds = { ...GROUP_BOUNDS, waiting: 10_000_000, waitMs: 10_000_000 };

const dir = await mkdtemp(join(tmpdir(), 'seatwire-overload-'));
const server = await startRedis({ dir, appendfsync: 'always' });
try {
  const peak = await during(GROUP_BOUNDS, closedLoop);
  const offered = Math.round(TIMES * peak);
  const bounded = await during(GROUP_BOUNDS, (ask) => openLoop(ask, offered));
  const control = await during(UNBOUNDED, (ask) => openLoop(ask, offered));
  const share = (rate: number) => `${Math.round(rate)}/s (${((100 * rate) / peak).toFixed(0)}% of the peak)`;
  console.log(
    `overload of the store: peak ${Math.round(peak)}/s; of ${offered}/s offered ${share(bounded)} granted, without bounds ${share(control)}`,
  );
} finally {
  await server.stop();
  await rm(dir, { recursive: true, force: true });
}

type Ask = () => Promise<void>;

/** Granted holds a second. */
async function during(groups: GroupBounds, load: (ask: Ask) => Promise<void>): Promise<number> {
  const store = await openSeatStore({ url: server.url, groups, maxWaiting: 10_000_000 });
  const event = await freshEvent(store);
  const began = performance.now();
  const seconds = () => (performance.now() - began) / 1_000;
  let [place, granted] = [0, 0];
  await load(async () => {
    // Cheap ids: what asks must not need the process that is measured.
    const hold = `hold-${String(place).padStart(17, '0')}` as HoldId;
    const [buyer, op] = [`buyer-${place}` as UserId, `op-${place}` as OpId];
    const want = { kind: 'places', places: [place++], prices: [1] } as const;
    const result = await store.hold({ event, buyer, op, hold, priceRevision: 1, want }).catch(() => null);
    const now = seconds();
    if (result?.ok && now >= WARM_UP_SECONDS && now < SECONDS) granted++;
  });
  await store.close();
  return granted / (SECONDS - WARM_UP_SECONDS);
}

async function closedLoop(ask: Ask): Promise<void> {
  const until = performance.now() + SECONDS * 1_000;
  const caller = async () => {
    while (performance.now() < until) await ask();
  };
  await Promise.all(Array.from({ length: CALLERS }, caller));
}

async function openLoop(ask: Ask, perSecond: number): Promise<void> {
  const began = performance.now();
  let asked = 0;
  await new Promise<void>((resolve) => {
    const timer = setInterval(() => {
      const seconds = (performance.now() - began) / 1_000;
      while (asked < seconds * perSecond) {
        asked++;
        void ask();
      }
      if (seconds < SECONDS) return;
      clearInterval(timer);
      resolve();
    }, 1);
  });
}

async function freshEvent(store: RedisSeatStore): Promise<EventId> {
  const event = uuidv7() as EventId;
  const rules = { ...RULES, holdMs: 600_000, maxHoldMs: 600_000 };
  const plan = { places: PLACES, runStarts: [0], rules, sold: [], blocked: [], fence: 0 };
  await store.rebuild(event, plan, randomToken() as Epoch, null);
  return event;
}
