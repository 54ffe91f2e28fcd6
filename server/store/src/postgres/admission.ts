import { Unavailable } from '../unavailable.ts';

/**
 * Lets at most `width` calls at the pool at once; the rest wait here, at most `depth` of them and each at most `waitMs`.
 * The pool's own queue has neither bound, and forgets its waiters when a connection cannot be made.
 */
export class Admission {
  readonly #width: number;
  readonly #depth: number;
  readonly #waitMs: number;
  readonly #waiting = new Set<() => void>();
  #inside = 0;

  constructor(width: number, depth: number, waitMs: number) {
    this.#width = width;
    this.#depth = depth;
    this.#waitMs = waitMs;
  }

  async run<T>(work: () => Promise<T>): Promise<T> {
    if (this.#inside < this.#width) this.#inside++;
    else await this.#turn();
    try {
      return await work();
    } finally {
      this.#leave();
    }
  }

  #turn(): Promise<void> {
    if (this.#waiting.size >= this.#depth) {
      throw new Unavailable(
        'postgres',
        `Postgres is overloaded: ${this.#depth} calls wait for a connection.`,
      );
    }
    return new Promise((resolve, reject) => {
      const admitted = () => {
        clearTimeout(timer);
        resolve();
      };
      const timer = setTimeout(() => {
        this.#waiting.delete(admitted);
        reject(
          new Unavailable('postgres', `No connection to Postgres became free within ${this.#waitMs} ms.`),
        );
      }, this.#waitMs);
      this.#waiting.add(admitted);
    });
  }

  /** The place goes straight to the first in line, so a newcomer cannot overtake. */
  #leave(): void {
    const next = this.#waiting.values().next().value;
    if (next === undefined) {
      this.#inside--;
      return;
    }
    this.#waiting.delete(next);
    next();
  }
}
