/** Says to all servers which holds changed though the map did not. Gathered for a moment, so that a crowd in checkout costs few messages. */
import type { EventId, HoldId, OpId, UserId } from '@seatwire/protocol';
import type { HoldTouched } from '@seatwire/store';

const GATHER_MS = 10;

export interface HoldTouchesParts {
  readonly publish: (touched: readonly HoldTouched[]) => Promise<void>;
  readonly failed: (error: unknown) => void;
}

export class HoldTouches {
  readonly #parts: HoldTouchesParts;
  #waiting: HoldTouched[] = [];

  constructor(parts: HoldTouchesParts) {
    this.#parts = parts;
  }

  /** `op`: the command that did it. Never throws: a session that is not told asks `mine`. */
  touched(to: UserId, event: EventId, hold: HoldId, op: OpId): void {
    if (this.#waiting.push({ to, touched: { event, hold }, op }) > 1) return;
    setTimeout(() => {
      const gathered = this.#waiting;
      this.#waiting = [];
      this.#parts.publish(gathered).catch(this.#parts.failed);
    }, GATHER_MS).unref();
  }
}
