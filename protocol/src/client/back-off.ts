/** How long to wait before the next try. Full jitter: anywhere from 0 to a ceiling that doubles, so that 10,000 clients of a dead server do not return together. */
const BASE_MS = 500;
const CEILING_MS = 15_000;
/** A session that lived this long starts the doubling anew; one that is welcomed and thrown out at once does not. */
const STABLE_MS = 5_000;

export class BackOff {
  readonly #random: () => number;
  #attempt = 0;

  constructor(random: () => number) {
    this.#random = random;
  }

  /** ms to wait now. */
  next(): number {
    const ceiling = Math.min(CEILING_MS, BASE_MS * 2 ** this.#attempt);
    this.#attempt = Math.min(this.#attempt + 1, 10);
    return this.#random() * ceiling;
  }

  /** Says how long the session lasted that was just lost. */
  lasted(ms: number): void {
    if (ms >= STABLE_MS) this.reset();
  }

  /** Begins the doubling anew. */
  reset(): void {
    this.#attempt = 0;
  }
}
