/** Token buckets by key (an address, a user), for one process. Bounded: beyond `MOST_KEYS` the longest unused is forgotten. */
const MOST_KEYS = 50_000;

interface Bucket {
  tokens: number;
  at: number;
}

export class RateLimit {
  readonly #perMs: number;
  readonly #burst: number;
  readonly #now: () => number;
  readonly #buckets = new Map<string, Bucket>();

  constructor(rate: { perSecond: number; burst: number }, now: () => number = Date.now) {
    this.#perMs = rate.perSecond / 1000;
    this.#burst = rate.burst;
    this.#now = now;
  }

  /** False when the key has used up what it may do for now. */
  take(key: string): boolean {
    const now = this.#now();
    const bucket = this.#buckets.get(key) ?? { tokens: this.#burst, at: now };
    bucket.tokens = Math.min(this.#burst, bucket.tokens + (now - bucket.at) * this.#perMs);
    bucket.at = now;
    // Taken out and put back, the map stays ordered by last use.
    this.#buckets.delete(key);
    this.#buckets.set(key, bucket);
    if (this.#buckets.size > MOST_KEYS) this.#buckets.delete(this.#buckets.keys().next().value!);
    if (bucket.tokens < 1) return false;
    bucket.tokens -= 1;
    return true;
  }
}
