/**
 * Passwords, by argon2id with OWASP's parameters (19 MiB, 2 passes, 1 lane: about 20 ms of one core). Few at a time and a bounded
 * queue, so that a flood of sign-ins cannot take the cores and the thread pool from the seats.
 */
import { hash, verify } from '@node-rs/argon2';

const PARAMETERS = { memoryCost: 19_456, timeCost: 2, parallelism: 1 } as const;

/** Asked and told while this try alone has its slot, so that tries which wait side by side are counted one after another. */
export interface PasswordGuard {
  mayLook(): boolean;
  wrong(): void;
}
const OPEN: PasswordGuard = { mayLook: () => true, wrong: () => undefined };

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

  /** `stored` null: no such account; takes as long as a wrong password and says no. `refused`: the guard says not to look. */
  matches(
    stored: string | null,
    password: string,
    guard: PasswordGuard = OPEN,
  ): Promise<boolean | 'overloaded' | 'refused'> {
    return this.#run(async () => {
      if (!guard.mayLook()) return 'refused';
      this.#decoy ??= hash('correct horse battery staple', PARAMETERS);
      const matches = (await verify(stored ?? (await this.#decoy), password)) && stored !== null;
      if (!matches) guard.wrong();
      return matches;
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
      // The slot passes straight to the next in line, so no newcomer can take it in between.
      const next = this.#waiting.shift();
      if (next) next();
      else this.#running--;
    }
  }
}
