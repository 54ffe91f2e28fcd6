/** Nothing waits on Redis for longer than its deadline, and no more than a bounded number wait at once. */
import { asUnavailable } from '../redis/unavailable.ts';
import { inTime, Unavailable } from '../unavailable.ts';

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
   * own, which is a defect and is thrown as it is.
   */
  async within<T>(ask: () => Promise<T>): Promise<T> {
    if (this.#waiting >= this.#most)
      throw new Unavailable('redis', `${this.#most} commands already wait for Redis.`);
    this.#waiting++;
    try {
      return await inTime('redis', this.#ms, ask());
    } catch (error) {
      throw asUnavailable(error);
    } finally {
      this.#waiting--;
    }
  }
}
