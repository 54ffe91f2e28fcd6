/**
 * One buyer at one event: what is selected, held, being paid, confirmed. No DOM, no drawing: views watch `state` and call the verbs.
 *
 * The server decides everything; this only remembers what it said. Events are applied by a pure function (sale-events.ts), so that
 * what comes late or twice does no harm; verbs (holding, keeping, paying) run one at a time and ask until they are answered;
 * `mine` (own-holds.ts) has the last word after a reload, a sign-in, a reconnect, a lost answer.
 * Invariants: all of a user's holds at the event are here, whichever window made them; nothing here outlives its user but the
 * selection; a hold that is over stays over; nobody else is blamed for a seat before it is known not to be the buyer's.
 */
import type { DownOf, HoldId, UserId } from '@seatwire/protocol';
import type { Late } from '@seatwire/protocol/client';
import type { Readable } from '../connection/store.ts';
import type { BuyerCode } from '../words/refusals.ts';
import { Holding } from './holding.ts';
import { extend, release } from './keeping.ts';
import type { PaymentMemory } from './open-payments.ts';
import { Paying } from './paying.ts';
import type { Wish } from './sale-client.ts';
import { SaleDesk, type SaleOptions } from './sale-desk.ts';
import { phaseOf, type SaleState } from './sale-state.ts';
import type { SelectionMemory } from './selection-memory.ts';

/** The notice that a seat was taken may overtake the one that says by whom. */
const GRACE_MS = 300;

export class Sale {
  readonly maxPerHold: number;
  readonly #desk: SaleDesk;
  readonly #holding: Holding;
  readonly #paying: Paying;
  readonly #memory: SelectionMemory | undefined;
  /** Holds this page is giving back. */
  readonly #leaving = new Set<HoldId>();
  /** Selected places that somebody took, perhaps this very buyer. */
  readonly #suspects = new Set<number>();

  constructor(
    options: SaleOptions & { readonly memory?: SelectionMemory; readonly payments?: PaymentMemory },
  ) {
    this.maxPerHold = options.maxPerHold;
    this.#memory = options.memory;
    this.#desk = new SaleDesk(options);
    this.#holding = new Holding(this.#desk);
    this.#paying = new Paying(this.#desk, options.payments);
    this.#desk.onKnown = () => {
      this.#holding.settle();
      void this.#paying.follow();
      this.#judge();
    };
    const kept = options.memory?.load() ?? [];
    if (kept.length > 0) this.#desk.apply({ type: 'selected', selection: kept });
    let saved = this.#desk.now.selection;
    this.#desk.state.watch(({ selection }) => {
      if (selection === saved) return;
      saved = selection;
      this.#memory?.save(selection);
    });
  }

  get state(): Readable<SaleState> {
    return this.#desk.state;
  }

  /** Whom the server takes this page for, or that it is nobody: what was another's is gone. `told`: the person knows. */
  setUser(user: UserId | null, told = true): void {
    if (user === this.#desk.now.user) return;
    const { holds, activity } = this.#desk.now;
    const paying = activity === 'pay' || holds.some(({ awaited }) => awaited);
    this.#desk.nextTurn();
    this.#holding.forget();
    this.#leaving.clear();
    this.#desk.apply({ type: 'user', user });
    if (user === null) {
      // Nothing is told of what it was.
      if (!told && holds.length > 0) this.#desk.refuse(paying ? 'signed_out_paying' : 'signed_out', 'panel');
      return;
    }
    this.#paying.recall(user);
    void this.restore();
  }

  /** Selects a free place, or takes it out of the selection again. */
  toggle(place: number): void {
    const { selection, activity } = this.#desk.now;
    const phase = phaseOf(this.#desk.now);
    if ((phase !== 'choosing' && phase !== 'held') || activity === 'hold') return;
    if (selection.includes(place)) this.#select(selection.filter((p) => p !== place));
    else if (!this.#desk.options.isFree(place)) this.refuse('lost', place);
    else if (selection.length >= this.maxPerHold) this.refuse('selection_full', place);
    else this.#select([...selection, place]);
  }

  clear(): void {
    this.#select([]);
  }

  /** Selects what of these is free, in place of what was selected. */
  choose(places: readonly number[]): void {
    if (this.#desk.now.activity === 'hold') return;
    this.#select(places.filter(this.#desk.options.isFree).slice(0, this.maxPerHold));
  }

  dismiss(): void {
    this.#desk.apply({ type: 'dismissed' });
  }

  /** Says something at a seat. */
  refuse(code: BuyerCode, place: number): void {
    this.#desk.refuse(code, 'map', { places: [place] });
  }

  /** The map changed under us: a selected place that is no longer free is somebody's. */
  placesChanged(places: Iterable<number>, isFree: (place: number) => boolean): void {
    const selected = new Set(this.#desk.now.selection);
    for (const place of places) {
      if (!selected.has(place) || isFree(place)) this.#suspects.delete(place);
      else this.#suspects.add(place);
    }
    if (this.#suspects.size === 0) return;
    if (this.#desk.now.user === null) this.#judge();
    else this.#desk.options.time.after(GRACE_MS, () => this.#judge());
  }

  async hold(): Promise<void> {
    await this.#holding.hold();
    this.#judge();
  }

  async holdBest(wish: Wish): Promise<void> {
    await this.#holding.holdBest(wish);
    this.#judge();
  }

  extend(): Promise<void> {
    return extend(this.#desk);
  }

  /** All holds, or only this one. */
  release(only?: HoldId): Promise<void> {
    return release(this.#desk, this.#leaving, only);
  }

  pay(method: string | null): Promise<void> {
    return this.#paying.pay(method);
  }

  /** What the server says of an order of this buyer. */
  onOrder({ event, order, status, places }: DownOf<'order'>): void {
    if (this.#concerns(event)) this.#desk.apply({ type: 'order', order, status, places });
  }

  onHoldChanged(notice: DownOf<'hold-changed'>): void {
    if (!this.#concerns(notice.event)) return;
    const before = this.#desk.now.holds.find(({ hold }) => hold === notice.hold);
    this.#desk.apply({ type: 'told', hold: notice });
    // Notices and answers come by different ways: a shorter time may be the older word.
    if (before && notice.expiresAt < before.expiresAt) void this.restore();
  }

  onHoldEnded({ event, hold, reason }: DownOf<'hold-ended'>): void {
    if (!this.#concerns(event)) return;
    this.#desk.apply({ type: 'ended', hold, reason, byMe: this.#leaving.has(hold) });
  }

  /** An answer that came when nobody waited for it any more. It tells of the past, so `mine` is asked too. */
  onLate({ command, answer }: { command: Pick<Late['command'], 'op'>; answer: Late['answer'] }): void {
    if (!answer.ok || !this.#desk.ops.has(command.op)) return;
    if (answer.type === 'held' && answer.expiresAt > this.#desk.options.client.serverNow()) {
      this.#desk.apply({ type: 'held', hold: answer });
      this.#holding.settle();
    } else if (answer.type === 'released') {
      this.#desk.apply({ type: 'ended', hold: answer.hold, reason: 'released', byMe: true });
    } else if (answer.type === 'accepted') {
      this.#desk.apply({ type: 'accepted', hold: answer.hold, order: answer.order });
    } else if (answer.type === 'extended') {
      this.#desk.apply({ type: 'extended', hold: answer.hold, expiresAt: answer.expiresAt });
    }
    void this.restore();
  }

  /** Asks the server what this buyer has here: after a reload, a sign-in, a reconnect, a sleep. */
  async restore(): Promise<void> {
    if (this.#desk.now.user === null) return;
    await this.#desk.own.find();
  }

  /** Back to choosing, after tickets or a rejection were read. */
  again(): void {
    this.#desk.apply({ type: 'again' });
  }

  /** The page is left. */
  stop(): void {
    this.#desk.stop();
  }

  #select(selection: readonly number[]): void {
    this.#desk.apply({ type: 'selected', selection });
  }

  #concerns(event: string): boolean {
    return event === this.#desk.options.event && this.#desk.now.user !== null;
  }

  /** What of the selection was taken, once it can be said that it was not by the buyer. */
  #judge(): void {
    const { user, known, activity } = this.#desk.now;
    const asking = activity === 'hold' || activity === 'best' || this.#holding.unknown;
    if (user !== null && (!known || asking)) return;
    const places = [...this.#suspects];
    this.#suspects.clear();
    this.#desk.apply({ type: 'lost', places });
  }
}
