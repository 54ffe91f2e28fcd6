/**
 * Tells buyers that a hold granted here is about to end. Bounded, and only a courtesy: the hold ends by the store's clock whether or
 * not anybody was told. A hold extended or sold elsewhere is looked up before its buyer is bothered.
 */
import type { EventId, HoldId, UserId } from '@seatwire/protocol';
import type { Hold } from '@seatwire/store';

/** How long before its end a buyer is told; for short holds, half their time. */
const LEAD_MS = 60_000;
const MOST = 100_000;
/** Lookups of one tick; the rest wait for the next. */
const PER_TICK = 200;
const TICK_MS = 500;

export interface HoldEnding {
  readonly event: EventId;
  readonly hold: HoldId;
  readonly buyer: UserId;
  readonly expiresAt: number;
}
/** `slot`: the tick to tell it at. */
type Watched = HoldEnding & { readonly slot: number };

export interface HoldEndingsParts {
  readonly find: (event: EventId, hold: HoldId) => Promise<Hold | null>;
  readonly tell: (endings: readonly HoldEnding[]) => Promise<void>;
  readonly failed: (error: unknown) => void;
  readonly now?: () => number;
}

export class HoldEndings {
  readonly #parts: HoldEndingsParts;
  readonly #now: () => number;
  readonly #endings = new Map<HoldId, Watched>();
  /** So that a tick looks at what is due and not at all there is: walking 100,000 stops everybody for milliseconds. */
  readonly #bySlot = new Map<number, Set<HoldId>>();
  #timer: NodeJS.Timeout | null = null;
  #ticking: Promise<void> = Promise.resolve();

  constructor(parts: HoldEndingsParts) {
    this.#parts = parts;
    this.#now = parts.now ?? Date.now;
  }

  /** Replaces what was known of the hold. Beyond the bound it is not told. */
  watch(ending: HoldEnding): void {
    const { hold, expiresAt } = ending;
    if (this.#endings.size >= MOST && !this.#endings.has(hold)) return;
    this.forget(hold);
    const lead = Math.min(LEAD_MS, (expiresAt - this.#now()) / 2);
    const slot = Math.ceil((expiresAt - lead) / TICK_MS);
    this.#endings.set(hold, { ...ending, slot });
    const others = this.#bySlot.get(slot);
    if (others) others.add(hold);
    else this.#bySlot.set(slot, new Set([hold]));
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
      this.#ticking = this.#ticking.then(() => this.tick()).catch(this.#parts.failed);
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
    const soon = await Promise.all(due.map((ending) => this.#ends(ending)));
    const ending = due.filter((_, i) => soon[i]);
    if (ending.length > 0) await this.#parts.tell(ending);
  }

  #due(now: number): Watched[] {
    const due: Watched[] = [];
    for (const [slot, holds] of this.#bySlot) {
      if (slot > now) continue;
      for (const hold of holds) {
        if (due.push(this.#endings.get(hold)!) === PER_TICK) return due;
      }
    }
    return due;
  }

  /** Whether it is so. One that was extended elsewhere is watched on. */
  async #ends(ending: HoldEnding): Promise<boolean> {
    const hold = await this.#parts.find(ending.event, ending.hold);
    if (hold?.state !== 'held') return false;
    const extended = hold.expiresAt > ending.expiresAt;
    if (extended) this.watch({ ...ending, expiresAt: hold.expiresAt });
    return !extended;
  }
}
