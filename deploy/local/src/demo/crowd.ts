/**
 * The simulated crowd: a few made-up visitors who make the demo's maps live. They come in by the same door as everybody, sockets
 * and all, hold at a gentle pace, give most of it back, buy a little, and stop buying long before an event sells out.
 */
import { setMaxListeners } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { Guest } from './guest.ts';
import type { DemoEvent } from './seed.ts';
import { spendAnEvening } from './visitor.ts';

export interface Crowd {
  /** Settles when everybody has left. */
  stop(): Promise<void>;
}

/** Visitors of the main event, then of each other event on sale. */
const AT_MAIN = 12;
const AT_OTHERS = 2;

export function startCrowd(options: { readonly url: string; readonly events: readonly DemoEvent[] }): Crowd {
  const over = new AbortController();
  // One listener a visitor is no leak.
  setMaxListeners(0, over.signal);
  const visitors = options.events
    .filter((event) => event.onSale)
    .flatMap((event, i) => Array.from({ length: i === 0 ? AT_MAIN : AT_OTHERS }, () => event))
    .map((event, i) => keepComing(options.url, event, i * 400, over.signal));
  return {
    async stop() {
      over.abort();
      await Promise.all(visitors);
    },
  };
}

/** When one has bought all that one buyer may, the next one comes. */
async function keepComing(url: string, event: DemoEvent, delayMs: number, over: AbortSignal): Promise<void> {
  try {
    await sleep(delayMs, undefined, { signal: over, ref: false });
    while (!over.aborted) {
      const guest = await Guest.register(url);
      if (guest !== null) await spendAnEvening({ url, event: event.id, guest, over });
      // Not at once: a server that refuses everybody is not helped by a queue at its door.
      await sleep(5000, undefined, { signal: over, ref: false });
    }
  } catch (error) {
    if (!over.aborted) throw error;
  }
}
