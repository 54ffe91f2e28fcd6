/** Starts again what ended by itself: soon at first, then with doubling pauses, so that a broken program does not burn the machine. */
import { setTimeout as sleep } from 'node:timers/promises';

export interface Restartable {
  readonly name: string;
  restart(): Promise<void>;
}

export interface Keeper {
  /** Tell it that `what` ended by itself. */
  ended(what: Restartable, why: Error): void;
  /** No more restarts; settles when those under way are over. */
  stop(): Promise<void>;
}

const FIRST_PAUSE_MS = 500;
const LONGEST_PAUSE_MS = 30_000;
/** Having lived this long, a program is forgiven its earlier deaths. */
const SOUND_AFTER_MS = 60_000;

export function keepRunning(options: {
  readonly report: (line: string) => void;
  readonly now?: () => number;
  readonly pause?: (ms: number, signal: AbortSignal) => Promise<void>;
}): Keeper {
  const now = options.now ?? Date.now;
  const pause = options.pause ?? ((ms, signal) => sleep(ms, undefined, { signal }));
  const over = new AbortController();
  const history = new Map<string, { deaths: number; upSince: number }>();
  const underWay = new Set<Promise<void>>();

  async function revive(what: Restartable): Promise<void> {
    const past = history.get(what.name) ?? { deaths: 0, upSince: now() };
    history.set(what.name, past);
    if (now() - past.upSince > SOUND_AFTER_MS) past.deaths = 0;
    while (!over.signal.aborted) {
      const ms = Math.min(LONGEST_PAUSE_MS, FIRST_PAUSE_MS * 2 ** past.deaths);
      past.deaths++;
      options.report(`${what.name}: starting it again in ${ms / 1000} s`);
      try {
        await pause(ms, over.signal);
      } catch {
        return;
      }
      try {
        await what.restart();
        past.upSince = now();
        options.report(`${what.name}: up again`);
        return;
      } catch (error) {
        options.report(error instanceof Error ? error.message : String(error));
      }
    }
  }

  return {
    ended(what, why) {
      if (over.signal.aborted) return;
      options.report(why.message);
      const work = revive(what).finally(() => underWay.delete(work));
      underWay.add(work);
    },
    async stop() {
      over.abort();
      await Promise.all(underWay);
    },
  };
}
