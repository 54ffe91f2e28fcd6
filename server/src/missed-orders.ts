/**
 * `order` messages go by pub/sub, and pub/sub never backfills: what was told while this server's line to the bus was dead is lost here. What
 * is true of orders is in the ledger, so once the line is there again it is read back for the users that are here, from a while before
 * the line died, and told. One may come twice. Messages about holds are hints that `mine` makes good; they are not told again.
 */
import type { UserId } from '@seatwire/protocol';
import {
  type Database,
  LINE_BACK,
  messagesOfWritten,
  type PrivateMessage,
  type RedisClient,
  resubscribed,
} from '@seatwire/store';

/** An order is dated before it is committed, and told after that. */
const OVERLAP_MS = 30_000;
const AGAIN_MS = 2_000;

export interface MissedOrdersParts {
  readonly db: Database;
  /** The line that private messages are heard on. */
  readonly bus: RedisClient;
  /** Those with a session on this server. */
  readonly users: () => readonly UserId[];
  readonly tell: (message: PrivateMessage) => void;
  readonly failed: (error: unknown, what: string) => void;
}

export class MissedOrders {
  readonly #parts: MissedOrdersParts;
  /** Since when messages may be lost; null: none are. */
  #since: number | null = null;
  #reading: Promise<void> = Promise.resolve();
  #timer: NodeJS.Timeout | undefined;
  #running = false;

  constructor(parts: MissedOrdersParts) {
    this.#parts = parts;
  }

  start(): void {
    this.#running = true;
    this.#bus.on(LINE_BACK, this.#back);
  }

  stop(): void {
    this.#running = false;
    clearTimeout(this.#timer);
    this.#bus.off(LINE_BACK, this.#back);
  }

  get #bus(): NodeJS.EventEmitter {
    return this.#parts.bus;
  }

  readonly #back = (awayMs: number): void => {
    this.#since ??= performance.now() - awayMs;
    clearTimeout(this.#timer);
    this.#reading = this.#reading.then(() => this.#read());
  };

  async #read(): Promise<void> {
    const { db, bus, users, tell, failed } = this.#parts;
    const since = this.#since;
    if (since === null || !this.#running) return;
    this.#since = null;
    try {
      // Before that, what is told next could be missed as well.
      await resubscribed(bus);
      const missed = await messagesOfWritten(db, users(), performance.now() - since + OVERLAP_MS);
      for (const message of missed) tell(message);
    } catch (error) {
      if (!this.#running) return;
      failed(error, 'orders that were written while the bus was away could not be read back');
      // The line may have died again meanwhile, and for less long.
      this.#since = Math.min(this.#since ?? since, since);
      this.#timer = setTimeout(this.#back, AGAIN_MS, 0);
      this.#timer.unref();
    }
  }
}
