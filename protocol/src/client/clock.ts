/**
 * The server's clock, seen from a machine whose own may be wrong: the median offset of the last few round trips, so that one slow trip
 * does not move it. Our own clock stands still while a machine sleeps: a trip that cannot be of the same offset forgets the others.
 */
const SAMPLES = 5;
/** Of timers and rounding. */
const SLACK_MS = 50;

interface Sample {
  readonly offset: number;
  /** How wrong it can be: half the round trip. */
  readonly error: number;
}

export class Clock {
  readonly #now: () => number;
  #samples: Sample[] = [];
  #offset = 0;

  constructor(now: () => number) {
    this.#now = now;
  }

  /** A question left at `askedAt` (local ms), the answer said `serverTime`, and has just arrived. True when the clock jumped. */
  sample(askedAt: number, serverTime: number): boolean {
    const now = this.#now();
    const next = { offset: serverTime - (askedAt + now) / 2, error: Math.abs(now - askedAt) / 2 + SLACK_MS };
    const agrees = ({ offset, error }: Sample) => Math.abs(offset - next.offset) <= error + next.error;
    const jumped = !this.#samples.every(agrees);
    if (jumped) this.#samples = [];
    this.#samples.push(next);
    if (this.#samples.length > SAMPLES) this.#samples.shift();
    const sorted = this.#samples.map(({ offset }) => offset).sort((a, b) => a - b);
    this.#offset = sorted[sorted.length >> 1]!;
    return jumped;
  }

  /** Forgets: a machine that slept may have had its clock set meanwhile. */
  reset(): void {
    this.#samples = [];
  }

  /** Whether it has heard enough to be trusted. */
  get settled(): boolean {
    return this.#samples.length >= 3;
  }

  /** Epoch ms of the server, our best guess. */
  serverNow(): number {
    return Math.round(this.#now() + this.#offset);
  }
}
