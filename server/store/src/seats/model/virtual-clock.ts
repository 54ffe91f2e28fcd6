/** Redis with a clock of ours: the scripts read the time from a key, and are otherwise the very ones that run. */
import { openSeatStore, type RedisSeatStore, type SeatStoreOptions } from '../seat-store.redis.ts';

// One partition, so that one key is every script's clock.
const CLOCK = '{p00}:clock';
const CLOCK_LUA = `
local now, now_us, seconds
local function tick()
  now_us = tonumber(redis.call('GET', '${CLOCK}'))
  now = math.floor(now_us / 1000)
  seconds = string.format('%d', now / 1000)
end
`;

/** A new instant, epoch us; kept in Redis and here. */
export interface VirtualClock {
  now(): number;
  set(us: number): Promise<void>;
}

export async function openOnVirtualClock(
  options: SeatStoreOptions,
): Promise<{ readonly store: RedisSeatStore; readonly clock: VirtualClock }> {
  const store = await openSeatStore({
    ...options,
    partitions: 1,
    opMs: 1e12,
    scriptIncludes: { ...options.scriptIncludes, 'lib/clock.lua': CLOCK_LUA },
  });
  let current = 0;
  const clock = {
    now: () => current,
    set: async (us: number) => {
      current = us;
      await store.redis.set(CLOCK, us);
    },
  };
  return { store, clock };
}
