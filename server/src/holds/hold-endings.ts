/**
 * Tells buyers that a hold granted here is about to end. Bounded, and only a courtesy: the hold ends by the store's clock whether or
 * not anybody was told. A hold extended or sold elsewhere is looked up before its buyer is bothered.
 */
import type { EventId, HoldId, Notice, UserId } from '@seatwire/protocol';
import type { Hold } from '@seatwire/store';

/** How long before its end a buyer is told; for short holds, half their time. */
const LEAD_MS = 60_000;
const MOST = 100_000;
/** Lookups of one tick; the rest wait for the next. */
const PER_TICK = 200;
const TICK_MS = 500;

interface Ending {
  readonly event: EventId;
  readonly hold: HoldId;
  readonly buyer: UserId;
  readonly expiresAt: number;
  readonly tellAt: number;
}

export interface HoldEndingsOptions {
  readonly find: (event: EventId, hold: HoldId) => Promise<Hold | null>;
  readonly publish: (notices: readonly Notice[]) => Promise<void>;
  readonly failed: (error: unknown) => void;
  readonly now?: () => number;
}

export class HoldEndings {
  readonly #o: HoldEndingsOptions;
  readonly #now: () => number;
  readonly #endings = new Map<HoldId, Ending>();
  #timer: NodeJS.Timeout | null = null;
  #ticking: Promise<void> = Promise.resolve();

  constructor(options: HoldEndingsOptions) {
    this.#o = options;
    this.#now = options.now ?? Date.now;
  }

  /** Replaces what was known of the hold. Beyond the bound it is not told. */
  watch(hold: { event: EventId; hold: HoldId; buyer: UserId; expiresAt: number }): void {
    if (this.#endings.size >= MOST && !this.#endings.has(hold.hold)) return;
    const lead = Math.min(LEAD_MS, (hold.expiresAt - this.#now()) / 2);
    this.#endings.set(hold.hold, { ...hold, tellAt: hold.expiresAt - lead });
  }

  forget(hold: HoldId): void {
    this.#endings.delete(hold);
  }

  start(): void {
    this.#timer ??= setInterval(() => {
      this.#ticking = this.#ticking.then(() => this.tick()).catch(this.#o.failed);
    }, TICK_MS);
  }

  async stop(): Promise<void> {
    if (this.#timer) clearInterval(this.#timer);
    this.#timer = null;
    await this.#ticking;
  }

  /** Tells those that are due. */
  async tick(): Promise<void> {
    const now = this.#now();
    const due: Ending[] = [];
    for (const ending of this.#endings.values()) {
      if (ending.tellAt > now) continue;
      this.#endings.delete(ending.hold);
      due.push(ending);
      if (due.length === PER_TICK) break;
    }
    const notices = await Promise.all(due.map((ending) => this.#notice(ending)));
    const wanted = notices.filter((notice) => notice !== null);
    if (wanted.length > 0) await this.#o.publish(wanted);
  }

  async #notice(ending: Ending): Promise<Notice | null> {
    const hold = await this.#o.find(ending.event, ending.hold);
    if (hold?.state !== 'held') return null;
    if (hold.expiresAt > ending.expiresAt) {
      this.watch({ ...ending, expiresAt: hold.expiresAt });
      return null;
    }
    const { event, hold: id, expiresAt } = ending;
    return { to: ending.buyer, message: { type: 'hold-ending', event, hold: id, expiresAt } };
  }
}
