/**
 * One buyer at one event: what is selected, held, being paid, confirmed. No DOM, no drawing: views watch `state` and call the verbs.
 * The server decides everything; this only remembers what it said, and drops a selected seat the moment somebody else takes it.
 */
import type { DownOf, EventId, HoldId, OrderId, RejectCode } from '@seatwire/protocol';
import { type Readable, type Store, store } from '../connection/store.ts';

export type Reply<T> =
  | ({ readonly ok: true } & T)
  | {
      readonly ok: false;
      readonly code: RejectCode;
      readonly places: readonly number[] | null;
      readonly message: string;
    };

/** What the sale needs of the socket client. */
export interface SaleClient {
  hold(event: EventId, places: readonly number[]): Promise<Reply<DownOf<'held'>>>;
  holdBest(
    event: EventId,
    wish: { count: number; area: string | null; category: string | null; together: boolean },
  ): Promise<Reply<DownOf<'held'>>>;
  extend(event: EventId, hold: HoldId): Promise<Reply<DownOf<'extended'>>>;
  release(event: EventId, hold: HoldId): Promise<Reply<DownOf<'released'>>>;
  checkout(event: EventId, hold: HoldId): Promise<Reply<DownOf<'checked-out'>>>;
  pay(event: EventId, hold: HoldId, method: string): Promise<Reply<DownOf<'accepted'>>>;
  mine(event: EventId): Promise<Reply<DownOf<'mine'>>>;
}

export interface HoldView {
  readonly hold: HoldId;
  readonly places: readonly number[];
  readonly prices: readonly number[];
  readonly amount: number;
  readonly currency: string;
  readonly expiresAt: number;
}

export type Phase =
  | { readonly kind: 'choosing' }
  | { readonly kind: 'asking' }
  | {
      readonly kind: 'held';
      readonly hold: HoldView;
      readonly busy: 'extending' | 'releasing' | 'paying' | null;
    }
  | { readonly kind: 'confirming'; readonly order: OrderId; readonly hold: HoldView }
  | { readonly kind: 'confirmed'; readonly order: OrderId; readonly hold: HoldView }
  | { readonly kind: 'rejected'; readonly reason: RejectCode | null; readonly hold: HoldView };

/** Something that did not work, at a seat if it was about one. */
export interface Refusal {
  readonly code: RejectCode | 'lost' | 'ended';
  readonly message: string;
  readonly place: number | null;
}

export interface SaleState {
  readonly phase: Phase;
  readonly selection: readonly number[];
  readonly refusal: Refusal | null;
  /** Places this buyer bought here before. */
  readonly bought: readonly number[];
}

const CHOOSING: Phase = { kind: 'choosing' };

export class Sale {
  readonly event: EventId;
  readonly maxPerHold: number;
  readonly #client: SaleClient;
  readonly #state: Store<SaleState> = store<SaleState>({
    phase: CHOOSING,
    selection: [],
    refusal: null,
    bought: [],
  });
  /** An order can be confirmed before the answer to `pay` is read. */
  readonly #early = new Map<OrderId, DownOf<'order'>>();

  constructor(event: EventId, maxPerHold: number, client: SaleClient) {
    this.event = event;
    this.maxPerHold = maxPerHold;
    this.#client = client;
  }

  get state(): Readable<SaleState> {
    return this.#state;
  }

  /** Selects a free place, or takes it out of the selection again. */
  toggle(place: number): void {
    const { selection, phase } = this.#state.get();
    if (phase.kind !== 'choosing') return;
    if (selection.includes(place)) {
      this.#patch({ selection: selection.filter((p) => p !== place), refusal: null });
      return;
    }
    if (selection.length >= this.maxPerHold) {
      const message = `At most ${this.maxPerHold} places in one go. Take one out first.`;
      this.#patch({ refusal: { code: 'too_many_places', message, place } });
      return;
    }
    this.#patch({ selection: [...selection, place], refusal: null });
  }

  clear(): void {
    this.#patch({ selection: [], refusal: null });
  }

  dismiss(): void {
    this.#patch({ refusal: null });
  }

  refuse(refusal: Refusal): void {
    this.#patch({ refusal });
  }

  /** The map changed under us: a selected place that is no longer free was somebody else's. */
  placesTaken(places: Iterable<number>): void {
    const { selection, phase } = this.#state.get();
    if (phase.kind !== 'choosing' || selection.length === 0) return;
    const gone = new Set(places);
    const lost = selection.filter((place) => gone.has(place));
    if (lost.length === 0) return;
    this.#patch({
      selection: selection.filter((place) => !gone.has(place)),
      refusal: {
        code: 'lost',
        message: 'Somebody else just took this place. Pick another.',
        place: lost[0]!,
      },
    });
  }

  async hold(): Promise<void> {
    const { selection } = this.#state.get();
    if (selection.length === 0) return;
    await this.#ask(() => this.#client.hold(this.event, selection), selection);
  }

  async holdBest(wish: {
    count: number;
    area: string | null;
    category: string | null;
    together: boolean;
  }): Promise<void> {
    await this.#ask(() => this.#client.holdBest(this.event, wish), []);
  }

  async extend(): Promise<void> {
    const held = this.#held();
    if (!held) return;
    this.#phase({ kind: 'held', hold: held, busy: 'extending' });
    const reply = await this.#client.extend(this.event, held.hold);
    if (reply.ok) this.#phase({ kind: 'held', hold: { ...held, expiresAt: reply.expiresAt }, busy: null });
    else this.#keepOrEnd(held, reply);
  }

  async release(): Promise<void> {
    const held = this.#held();
    if (!held) return;
    this.#phase({ kind: 'held', hold: held, busy: 'releasing' });
    const reply = await this.#client.release(this.event, held.hold);
    if (reply.ok) this.#patch({ phase: CHOOSING, selection: [], refusal: null });
    else this.#keepOrEnd(held, reply);
  }

  /** Checks out and pays. A declined card leaves the hold as it was. */
  async pay(method: string): Promise<void> {
    const held = this.#held();
    if (!held) return;
    this.#patch({ phase: { kind: 'held', hold: held, busy: 'paying' }, refusal: null });
    const checkedOut = await this.#client.checkout(this.event, held.hold);
    // A payment that is under way already (a repeat after a lost answer) may go on.
    if (!checkedOut.ok && checkedOut.code !== 'hold_paying') return this.#keepOrEnd(held, checkedOut);
    const hold = checkedOut.ok ? { ...held, expiresAt: checkedOut.expiresAt } : held;
    const paid = await this.#client.pay(this.event, hold.hold, method);
    if (!paid.ok) return this.#keepOrEnd(hold, paid);
    this.#phase({ kind: 'confirming', order: paid.order, hold });
    const early = this.#early.get(paid.order);
    if (early) this.onOrder(early);
  }

  /** What the server says of an order of this buyer. */
  onOrder(notice: DownOf<'order'>): void {
    if (notice.event !== this.event) return;
    const { phase, bought } = this.#state.get();
    if (phase.kind !== 'confirming' || phase.order !== notice.order) {
      this.#early.set(notice.order, notice);
      if (notice.status === 'confirmed') this.#patch({ bought: [...new Set([...bought, ...notice.places])] });
      return;
    }
    if (notice.status === 'confirmed') {
      this.#patch({
        phase: { kind: 'confirmed', order: notice.order, hold: phase.hold },
        bought: [...new Set([...bought, ...phase.hold.places])],
        selection: [],
      });
    } else if (notice.status === 'rejected' || notice.status === 'cancelled') {
      this.#patch({ phase: { kind: 'rejected', reason: notice.reason, hold: phase.hold }, selection: [] });
    }
  }

  onHoldEnded(hold: HoldId): void {
    const held = this.#held();
    if (held?.hold !== hold) return;
    this.#patch({
      phase: CHOOSING,
      selection: [],
      refusal: {
        code: 'ended',
        message: 'The time for these places ran out, and they are free again. Pick them anew while they are.',
        place: held.places[0] ?? null,
      },
    });
  }

  /** Asks the server what this buyer has here: after a reload, a sign-in, or a reconnect. */
  async restore(): Promise<void> {
    const reply = await this.#client.mine(this.event);
    if (!reply.ok) return;
    const { phase } = this.#state.get();
    const confirmed = reply.orders.filter((o) => o.status === 'confirmed').flatMap((o) => o.places);
    this.#patch({ bought: confirmed });
    const mine = reply.holds[0];
    if (phase.kind === 'confirming') {
      const order = reply.orders.find((o) => o.order === phase.order);
      if (order && order.status !== 'accepted') {
        this.onOrder({ type: 'order', event: this.event, ...order, reason: null });
      }
    } else if (phase.kind === 'choosing' && mine) {
      this.#patch({ phase: { kind: 'held', hold: mine, busy: null }, selection: [] });
    } else if (phase.kind === 'held' && phase.busy === null) {
      const still = reply.holds.find((h) => h.hold === phase.hold.hold);
      if (still) this.#phase({ kind: 'held', hold: still, busy: null });
      else this.onHoldEnded(phase.hold.hold);
    }
  }

  /** Back to choosing, after tickets or a rejection were read. */
  again(): void {
    this.#patch({ phase: CHOOSING, selection: [], refusal: null });
  }

  async #ask(command: () => Promise<Reply<DownOf<'held'>>>, wanted: readonly number[]): Promise<void> {
    if (this.#state.get().phase.kind !== 'choosing') return;
    this.#patch({ phase: { kind: 'asking' }, refusal: null });
    const reply = await command();
    if (reply.ok) return this.#patch({ phase: { kind: 'held', hold: reply, busy: null }, selection: [] });
    const taken = new Set(
      reply.code === 'place_taken' || reply.code === 'place_blocked' ? (reply.places ?? []) : [],
    );
    this.#patch({
      phase: CHOOSING,
      selection: this.#state.get().selection.filter((place) => !taken.has(place)),
      refusal: { code: reply.code, message: reply.message, place: reply.places?.[0] ?? wanted[0] ?? null },
    });
  }

  #keepOrEnd(held: HoldView, reply: { code: RejectCode; message: string }): void {
    const over = reply.code === 'hold_not_found' || reply.code === 'hold_expired';
    this.#patch({
      phase: over ? CHOOSING : { kind: 'held', hold: held, busy: null },
      refusal: { code: reply.code, message: reply.message, place: over ? (held.places[0] ?? null) : null },
    });
  }

  #held(): HoldView | null {
    const { phase } = this.#state.get();
    return phase.kind === 'held' ? phase.hold : null;
  }

  #phase(phase: Phase): void {
    this.#patch({ phase });
  }

  #patch(change: Partial<SaleState>): void {
    this.#state.update((state) => ({ ...state, ...change }));
  }
}
