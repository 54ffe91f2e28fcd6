export interface Rate {
  readonly perSecond: number;
  readonly burst: number;
}

/**
 * Messages of one socket: `burst` at once, `perSecond` on the average. One that is refused costs nothing, so a client that waits
 * is served again at once; but it is counted, so that a flood stands out.
 */
export class TokenBucket {
  readonly #rate: Rate;
  #tokens: number;
  #excess = 0;
  #at: number;

  constructor(rate: Rate, now = performance.now()) {
    this.#rate = rate;
    this.#tokens = rate.burst;
    this.#at = now;
  }

  /** False: over the rate. */
  take(now = performance.now()): boolean {
    const earned = ((now - this.#at) * this.#rate.perSecond) / 1000;
    this.#at = now;
    this.#excess = Math.max(0, this.#excess - earned);
    this.#tokens = Math.min(this.#rate.burst, this.#tokens + earned);
    if (this.#tokens >= 1) {
      this.#tokens--;
      return true;
    }
    this.#excess++;
    return false;
  }

  /** Messages over the rate so far, those forgiven by time taken off. */
  get excess(): number {
    return this.#excess;
  }
}
