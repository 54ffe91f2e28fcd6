/**
 * Tells buyers that a hold granted here is about to end. Bounded, and only a courtesy: the hold ends by the store's clock whether or
 * not anybody was told. A hold extended or sold elsewhere is looked up before its buyer is bothered.
 */
import type { EventId, HoldId, UserId } from '@seatwire/protocol';
import type { Hold, Notice } from '@seatwire/store';

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
  /** The tick to tell it at. */
  readonly slot: number;
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
  /** So that a tick looks at what is due and not at all there is: walking 100,000 stops everybody for milliseconds. */
  readonly #bySlot = new Map<number, Set<HoldId>>();
  #timer: NodeJS.Timeout | null = null;
  #ticking: Promise<void> = Promise.resolve();

  constructor(options: HoldEndingsOptions) {
    this.#o = options;
    this.#now = options.now ?? Date.now;
  }

  /** Replaces what was known of the hold. Beyond the bound it is not told. */
  watch(hold: { event: EventId; hold: HoldId; buyer: UserId; expiresAt: number }): void {
    if (this.#endings.size >= MOST && !this.#endings.has(hold.hold)) return;
    this.forget(hold.hold);
    const { event, hold: id, buyer, expiresAt } = hold;
    const lead = Math.min(LEAD_MS, (expiresAt - this.#now()) / 2);
    const slot = Math.ceil((expiresAt - lead) / TICK_MS);
    this.#endings.set(id, { event, hold: id, buyer, expiresAt, slot });
    const others = this.#bySlot.get(slot);
    if (others) others.add(id);
    else this.#bySlot.set(slot, new Set([id]));
  }

  forget(hold: HoldId): void {
    const ending = this.#endings.get(hold);
    if (!ending) return;
    this.#endings.delete(hold);
    const slot = this.#bySlot.get(ending.slot)!;
    slot.delete(hold);
    if (slot.size === 0) this.#bySlot.delete(ending.slot);
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
    const due = this.#due(Math.floor(this.#now() / TICK_MS));
    for (const { hold } of due) this.forget(hold);
    const notices = await Promise.all(due.map((ending) => this.#notice(ending)));
    const wanted = notices.filter((notice) => notice !== null);
    if (wanted.length > 0) await this.#o.publish(wanted);
  }

  #due(now: number): Ending[] {
    const due: Ending[] = [];
    for (const [slot, holds] of this.#bySlot) {
      if (slot > now) continue;
      for (const hold of holds) {
        if (due.push(this.#endings.get(hold)!) === PER_TICK) return due;
      }
    }
    return due;
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
