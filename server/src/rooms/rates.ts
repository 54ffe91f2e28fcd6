/** Holds and sales per second of one event: the mean over the last few whole seconds. */
import type { SeatEvent } from '@seatwire/protocol';

const WINDOW_SECONDS = 5;

export class Rates {
  readonly #holds: number[] = [];
  readonly #sales: number[] = [];
  #holdsNow = 0;
  #salesNow = 0;

  /** One granted command. A hold of four places is one hold. */
  count(kind: SeatEvent | 'rebuild'): void {
    if (kind === 'hold') this.#holdsNow++;
    else if (kind === 'confirm') this.#salesNow++;
  }

  /** A second is over. */
  turn(): void {
    this.#holds.push(this.#holdsNow);
    this.#sales.push(this.#salesNow);
    this.#holdsNow = 0;
    this.#salesNow = 0;
    if (this.#holds.length > WINDOW_SECONDS) {
      this.#holds.shift();
      this.#sales.shift();
    }
  }

  get holdsPerSecond(): number {
    return mean(this.#holds);
  }
  get salesPerSecond(): number {
    return mean(this.#sales);
  }
}

function mean(counts: readonly number[]): number {
  return counts.length === 0 ? 0 : counts.reduce((sum, n) => sum + n, 0) / counts.length;
}
