/**
 * Passwords, by argon2id with OWASP's parameters (19 MiB, 2 passes, 1 lane: about 20 ms of one core). Few at a time and a bounded
 * queue, so that a flood of sign-ins cannot take the cores and the thread pool from the seats.
 */
import { hash, verify } from '@node-rs/argon2';

const PARAMETERS = { memoryCost: 19_456, timeCost: 2, parallelism: 1 } as const;

export class Passwords {
  readonly #atOnce: number;
  readonly #mostWaiting: number;
  readonly #waiting: (() => void)[] = [];
  #running = 0;
  /** Checked when there is no such account, so that the answer takes as long. */
  #decoy: Promise<string> | null = null;

  constructor(limits: { atOnce: number; mostWaiting: number } = { atOnce: 1, mostWaiting: 64 }) {
    this.#atOnce = limits.atOnce;
    this.#mostWaiting = limits.mostWaiting;
  }

  hash(password: string): Promise<string | 'overloaded'> {
    return this.#run(() => hash(password, PARAMETERS));
  }

  /** `stored` null: no such account; takes as long as a wrong password and says no. */
  matches(stored: string | null, password: string): Promise<boolean | 'overloaded'> {
    return this.#run(async () => {
      this.#decoy ??= hash('correct horse battery staple', PARAMETERS);
      const same = await verify(stored ?? (await this.#decoy), password);
      return stored !== null && same;
    });
  }

  async #run<T>(work: () => Promise<T>): Promise<T | 'overloaded'> {
    if (this.#running >= this.#atOnce) {
      if (this.#waiting.length >= this.#mostWaiting) return 'overloaded';
      await new Promise<void>((resolve) => this.#waiting.push(resolve));
    } else {
      this.#running++;
    }
    try {
      return await work();
    } finally {
      // The slot passes straight to the next in line, so nobody can slip in between.
      const next = this.#waiting.shift();
      if (next) next();
      else this.#running--;
    }
  }
}
