/**
 * The clock that judges expiry is Redis's. Clients count down by `serverTime`, so that must be an estimate of it, not of this
 * machine's clock. The sample with the shortest round trip wins, until it is old.
 */
const SAMPLE_LIFE_MS = 60_000;

export class StoreClock {
  #offset = 0;
  #roundTrip = Number.POSITIVE_INFINITY;
  #sampledAt = Number.NEGATIVE_INFINITY;

  /** The store answered `at` to a question asked at `asked`; both epoch ms, each by its own clock. */
  observe(asked: number, at: number, now = Date.now()): void {
    const roundTrip = now - asked;
    if (roundTrip > this.#roundTrip && now - this.#sampledAt < SAMPLE_LIFE_MS) return;
    this.#roundTrip = roundTrip;
    this.#sampledAt = now;
    this.#offset = at - (asked + roundTrip / 2);
  }

  /** Epoch ms, by the store's clock. */
  now(): number {
    return Math.round(Date.now() + this.#offset);
  }
}
