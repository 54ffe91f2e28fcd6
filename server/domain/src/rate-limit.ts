/** Token buckets by key (an address, a user), for one process. Bounded: beyond `MOST_KEYS` the longest unused is forgotten. */
const MOST_KEYS = 50_000;
/** Of a token: sums of small parts fall a little short of a whole. */
const ROUNDING = 1e-6;

interface Bucket {
  tokens: number;
  at: number;
}

export interface Rate {
  readonly perSecond: number;
  readonly burst: number;
}

export class RateLimit {
  readonly #perMs: number;
  readonly #burst: number;
  readonly #now: () => number;
  readonly #buckets = new Map<string, Bucket>();

  constructor(rate: Rate, now: () => number = Date.now) {
    this.#perMs = rate.perSecond / 1000;
    this.#burst = rate.burst;
    this.#now = now;
  }

  /** False when the key has used up what it may do for now. */
  take(key: string): boolean {
    const bucket = { tokens: this.#tokensOf(key), at: this.#now() };
    const may = bucket.tokens >= 1 - ROUNDING;
    if (may) bucket.tokens -= 1;
    // Taken out and put back, so that the map is ordered by last use.
    this.#buckets.delete(key);
    this.#buckets.set(key, bucket);
    if (this.#buckets.size > MOST_KEYS) this.#buckets.delete(this.#buckets.keys().next().value!);
    return may;
  }

  /** Ms until the key may take again, if nothing is taken meanwhile; 0: now. */
  waitMs(key: string): number {
    const missing = 1 - this.#tokensOf(key);
    return missing <= ROUNDING ? 0 : missing / this.#perMs;
  }

  /** The key starts afresh. */
  forgive(key: string): void {
    this.#buckets.delete(key);
  }

  #tokensOf(key: string): number {
    const bucket = this.#buckets.get(key);
    if (!bucket) return this.#burst;
    return Math.min(this.#burst, bucket.tokens + (this.#now() - bucket.at) * this.#perMs);
  }
}
