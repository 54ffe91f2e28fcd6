/** The page's one server clock, and views that follow it. Whoever hears the server's time (REST, the socket) tells it to `serverClock`. */
import { useEffect, useState } from 'preact/hooks';
import { follow, type World } from './follow.ts';
import { ServerClock } from './server-clock.ts';

export const serverClock = new ServerClock({
  steady: () => performance.now(),
  wall: () => Date.now(),
});

/** Epoch ms of the server. */
export const serverNow = (): number => serverClock.now();

/**
 * The server's time, and a new drawing at each instant that `next` names: the first after the one it is given at which the text
 * reads otherwise. `of`: what `next` depends on.
 */
export function useServerNow(next: (now: number) => number | null, of: readonly unknown[]): number {
  const [, draw] = useState(0);
  const now = serverNow();
  useEffect(() => follow(next, () => draw((n) => n + 1), world, now), of);
  return now;
}

/** Deadline of asking for the time. */
const ASK_MS = 5000;
let asking = false;

/** The `Date` of any answer will do; this one is small and there in every deployment. */
async function askTheTime(): Promise<void> {
  if (asking) return;
  asking = true;
  const askedAt = serverClock.steady();
  try {
    const { headers } = await fetch('/', {
      method: 'HEAD',
      cache: 'no-store',
      signal: AbortSignal.timeout(ASK_MS),
    });
    serverClock.heardDate(Date.parse(headers.get('date') ?? ''), askedAt);
  } catch {
    // Offline: what is known stays, and the next waking asks again.
  } finally {
    asking = false;
  }
}

const world: World = {
  now: serverNow,
  after(ms, callback) {
    const timer = setTimeout(() => {
      if (serverClock.jumped()) askTheTime();
      callback();
    }, ms);
    return () => clearTimeout(timer);
  },
  disturbed(listener) {
    const woken = () => {
      if (document.visibilityState === 'hidden') return;
      askTheTime();
      listener();
    };
    document.addEventListener('visibilitychange', woken);
    window.addEventListener('pageshow', woken);
    window.addEventListener('online', woken);
    const off = serverClock.watch(listener);
    return () => {
      document.removeEventListener('visibilitychange', woken);
      window.removeEventListener('pageshow', woken);
      window.removeEventListener('online', woken);
      off();
    };
  },
};
