/** The server's clock, seen from a machine whose own may be wrong: the median offset of the last few round trips, so that one slow trip does not move it. */
const SAMPLES = 5;

export class Clock {
  readonly #now: () => number;
  #offsets: number[] = [];
  #offset = 0;

  constructor(now: () => number) {
    this.#now = now;
  }

  /** A question left at `askedAt` (local ms), the answer said `serverTime`, and has just arrived. */
  sample(askedAt: number, serverTime: number): void {
    this.#offsets.push(serverTime - (askedAt + this.#now()) / 2);
    if (this.#offsets.length > SAMPLES) this.#offsets.shift();
    const sorted = [...this.#offsets].sort((a, b) => a - b);
    this.#offset = sorted[sorted.length >> 1]!;
  }

  /** Forgets: a machine that slept may have had its clock set meanwhile. */
  reset(): void {
    this.#offsets = [];
  }

  /** Whether it has heard enough to be trusted. */
  get settled(): boolean {
    return this.#offsets.length >= 3;
  }

  /** Epoch ms of the server, our best guess. */
  serverNow(): number {
    return Math.round(this.#now() + this.#offset);
  }
}
