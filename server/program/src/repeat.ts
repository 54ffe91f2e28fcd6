import { setTimeout as sleep } from 'node:timers/promises';
import type { Logger } from 'pino';
import { backoffMs } from './backoff.ts';
import type { Service } from './service.ts';

export interface Repeated {
  readonly name: string;
  /** Pause between the end of a run and the start of the next. 0: the run itself waits for its work. */
  readonly everyMs: number;
  readonly log: Logger;
  /** A longest pause after failures in a row. */
  readonly capMs?: number;
  /** One round. The signal says: finish what is in hand and return. A throw is logged and tried again after a back-off. */
  run(signal: AbortSignal): Promise<void>;
}

/** A service that runs one thing again and again, never twice at once, and outlives its failures. */
export function repeat(task: Repeated): Service {
  const ending = new AbortController();
  let loop: Promise<void> = Promise.resolve();

  const pause = (ms: number): Promise<void> =>
    sleep(ms, undefined, { signal: ending.signal }).then(
      () => {},
      () => {}, // aborted: the loop's condition sees it
    );

  async function forever(): Promise<void> {
    let failures = 0;
    while (!ending.signal.aborted) {
      let wait = task.everyMs;
      try {
        await task.run(ending.signal);
        failures = 0;
      } catch (error) {
        if (ending.signal.aborted) return;
        failures++;
        wait = Math.max(wait, backoffMs(failures, { baseMs: 100, capMs: task.capMs ?? 5_000 }));
        task.log.warn({ err: error, task: task.name, failures, retryInMs: wait }, 'failed, will try again');
      }
      if (wait > 0) await pause(wait);
    }
  }

  return {
    name: task.name,
    async start() {
      loop = forever();
    },
    async drain() {
      ending.abort();
      await loop;
    },
    async stop() {
      ending.abort();
      await loop;
    },
  };
}
