/**
 * Tells buyers that a hold granted here is about to end. Bounded, and only a courtesy: the hold ends by the store's clock, whether
 * its buyer was told or not. The hold is looked up first, since another server may have extended or sold it.
 */
import type { EventId, HoldId, UserId } from '@seatwire/protocol';
import type { Hold } from '@seatwire/store';

/** How long before its end a buyer is told; for short holds, half their time. */
const LEAD_MS = 60_000;
const MOST = 100_000;
/** Lookups of one tick; the rest wait for the next. */
const PER_TICK = 200;
const TICK_MS = 500;

export interface ExpiringHold {
  readonly event: EventId;
  readonly hold: HoldId;
  readonly buyer: UserId;
  readonly expiresAt: number;
}
/** `slot`: the tick at which to tell its buyer. */
type Watched = ExpiringHold & { readonly slot: number };

export interface HoldExpiryWatchParts {
  readonly find: (event: EventId, hold: HoldId) => Promise<Hold | null>;
  readonly tell: (holds: readonly ExpiringHold[]) => Promise<void>;
  readonly failed: (error: unknown) => void;
  readonly now?: () => number;
}

export class HoldExpiryWatch {
  readonly #parts: HoldExpiryWatchParts;
  readonly #now: () => number;
  readonly #watched = new Map<HoldId, Watched>();
  /** A tick reads only the holds that are due: walking all 100,000 blocks the process for milliseconds. */
  readonly #bySlot = new Map<number, Set<HoldId>>();
  #timer: NodeJS.Timeout | null = null;
  #ticking: Promise<void> = Promise.resolve();

  constructor(parts: HoldExpiryWatchParts) {
    this.#parts = parts;
    this.#now = parts.now ?? Date.now;
  }

  /** Replaces what was known of the hold. Beyond the bound its buyer is not told. */
  watch(watched: ExpiringHold): void {
    const { hold, expiresAt } = watched;
    if (this.#watched.size >= MOST && !this.#watched.has(hold)) return;
    this.forget(hold);
    const lead = Math.min(LEAD_MS, (expiresAt - this.#now()) / 2);
    const slot = Math.ceil((expiresAt - lead) / TICK_MS);
    this.#watched.set(hold, { ...watched, slot });
    const others = this.#bySlot.get(slot);
    if (others) others.add(hold);
    else this.#bySlot.set(slot, new Set([hold]));
  }

  forget(hold: HoldId): void {
    const watched = this.#watched.get(hold);
    if (!watched) return;
    this.#watched.delete(hold);
    const slot = this.#bySlot.get(watched.slot)!;
    slot.delete(hold);
    if (slot.size === 0) this.#bySlot.delete(watched.slot);
  }

  start(): void {
    this.#timer ??= setInterval(() => {
      this.#ticking = this.#ticking.then(() => this.tick()).catch(this.#parts.failed);
    }, TICK_MS);
  }

  async stop(): Promise<void> {
    if (this.#timer) clearInterval(this.#timer);
    this.#timer = null;
    await this.#ticking;
  }

  /** Tells the buyers of the holds that are due. */
  async tick(): Promise<void> {
    const due = this.#due(Math.floor(this.#now() / TICK_MS));
    for (const { hold } of due) this.forget(hold);
    const endsSoon = await Promise.all(due.map((hold) => this.#endsSoon(hold)));
    const ending = due.filter((_, i) => endsSoon[i]);
    if (ending.length > 0) await this.#parts.tell(ending);
  }

  #due(now: number): Watched[] {
    const due: Watched[] = [];
    for (const [slot, holds] of this.#bySlot) {
      if (slot > now) continue;
      for (const hold of holds) {
        if (due.push(this.#watched.get(hold)!) === PER_TICK) return due;
      }
    }
    return due;
  }

  /** Whether the hold ends soon. One that was extended elsewhere is watched further. */
  async #endsSoon(watched: ExpiringHold): Promise<boolean> {
    const hold = await this.#parts.find(watched.event, watched.hold);
    if (hold?.state !== 'held') return false;
    const extended = hold.expiresAt > watched.expiresAt;
    if (extended) this.watch({ ...watched, expiresAt: hold.expiresAt });
    return !extended;
  }
}
