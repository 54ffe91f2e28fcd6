/** Nothing waits on Redis for longer than its deadline, and no more than a bounded number wait at once. */
import { asUnavailable } from '../redis/unavailable.ts';
import { Unavailable } from '../unavailable.ts';

export class Deadline {
  readonly #ms: number;
  readonly #most: number;
  #waiting = 0;

  constructor(ms: number, most: number) {
    this.#ms = ms;
    this.#most = most;
  }

  /**
   * The value of `ask`, or Unavailable after the deadline, at once when too many wait, and for every failure but a script's
   * own, which is a defect and stays what it is.
   */
  async within<T>(ask: () => Promise<T>): Promise<T> {
    if (this.#waiting >= this.#most)
      throw new Unavailable('redis', `${this.#most} commands already wait for Redis.`);
    this.#waiting++;
    let timer: NodeJS.Timeout | undefined;
    try {
      return await new Promise<T>((resolve, reject) => {
        timer = setTimeout(
          () => reject(new Unavailable('redis', `Redis did not answer within ${this.#ms} ms.`)),
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
