/** Nothing waits on Redis for longer than its deadline, and no more than a bounded number wait at once. */
import { StoreUnavailable } from './seat-store.ts';

export class Deadline {
  readonly #ms: number;
  readonly #most: number;
  #waiting = 0;

  constructor(ms: number, most: number) {
    this.#ms = ms;
    this.#most = most;
  }

  /**
   * The value of `ask`, or StoreUnavailable after the deadline, at once when too many wait, and for every failure but a script's
   * own, which is a defect and stays what it is.
   */
  async within<T>(ask: () => Promise<T>): Promise<T> {
    if (this.#waiting >= this.#most)
      throw new StoreUnavailable(`${this.#most} commands already wait for Redis.`);
    this.#waiting++;
    let timer: NodeJS.Timeout | undefined;
    try {
      return await new Promise<T>((resolve, reject) => {
        timer = setTimeout(
          () => reject(new StoreUnavailable(`Redis did not answer within ${this.#ms} ms.`)),
          this.#ms,
        );
        ask().then(resolve, reject);
      });
    } catch (error) {
      throw asUnavailable(error);
    } finally {
      clearTimeout(timer);
      this.#waiting--;
    }
  }
}

// A reply starting so is our own mistake; OOM, LOADING, READONLY, CLUSTERDOWN, MISCONF and their like pass with time.
const DEFECT = /^(ERR|WRONGTYPE|CROSSSLOT|NOGROUP|BUSYGROUP)\b/;

export function asUnavailable(error: unknown): unknown {
  if (error instanceof StoreUnavailable) return error;
  if (error instanceof Error && error.name === 'ReplyError' && DEFECT.test(error.message)) return error;
  return new StoreUnavailable(
    `Redis is not available: ${error instanceof Error ? error.message : String(error)}`,
    {
      cause: error,
    },
  );
}
