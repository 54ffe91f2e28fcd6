import { setTimeout as sleep } from 'node:timers/promises';

/** Waits until `check` returns something other than undefined or false; throws with `what` when it has not after `ms`. */
export async function until<T>(
  what: string,
  ms: number,
  check: () => Promise<T> | T,
): Promise<Exclude<T, undefined | null | false>> {
  const end = Date.now() + ms;
  let last: unknown;
  for (;;) {
    try {
      const value = await check();
      if (value !== undefined && value !== false && value !== null)
        return value as Exclude<T, undefined | null | false>;
      last = value;
    } catch (error) {
      last = error;
    }
    if (Date.now() > end) throw new Error(`not after ${ms} ms: ${what}`, { cause: last });
    await sleep(25);
  }
}
