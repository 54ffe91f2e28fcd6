/**
 * The steps of one payment, each written down before what follows it, so that a repeat goes on where the last try stopped:
 *   started    -> ask the provider to authorise (idempotent by order); what costs nothing never meets the provider
 *   declined   -> give the buyer the hold back (revert), then say so
 *   authorised -> confirm in the seat store (idempotent by op), then say so
 * A timeout is unknown, never failed: the provider is asked what it knows; if that stays open, the places stay in checkout until
 * their bound and the buyer may repeat. Money is let go here only when the hold is over, so that the order can never be sold any
 * more: a void bars the order for good, and a hold keeps its order for life. Whatever this misses, the lapse of the hold brings to
 * the worker.
 *
 * Several payments of one hold may be under way, with one order. One that is declined gives the hold back under the others; one
 * that was authorised meanwhile takes it to checkout again and goes on. What is answered is what is true of the hold at that
 * moment: a card's answer that comes after the hold's end is news of the end.
 */
import { type HoldId, type OpId, type OrderId, orderId, type UserId, uuidv7 } from '@seatwire/protocol';
import {
  type AcceptedOrder,
  type AcceptedOrders,
  NOTHING_PAID,
  type PaymentProvider,
  type SeatStore,
} from '@seatwire/store';
import type { HoldEndings } from '../holds/hold-endings.ts';
import type { HoldTouches } from '../holds/hold-touches.ts';
import type { SeatCalls } from '../holds/seat-calls.ts';
import type { Command } from '../messages.ts';
import { type Outcome, type Refused, refused } from '../outcome.ts';
import { withDeadline } from './deadline.ts';
import { derivedOp } from './derived-op.ts';

/** What is kept of a settled payment: the order, or why not. */
export type SaleAnswer = Outcome<AcceptedOrder>;

interface Claimed {
  readonly order: OrderId;
  readonly fence: number;
  readonly places: readonly number[];
  readonly amount: number;
  readonly currency: string;
}
type Started = Claimed & { readonly step: 'started' };
type Declined = Claimed & { readonly step: 'declined' };
type Authorised = Claimed & { readonly step: 'authorised'; readonly payment: string };
export type PaymentNote = Started | Declined | Authorised;

export interface PaymentStepsOptions {
  readonly store: SeatStore;
  readonly provider: PaymentProvider;
  readonly calls: SeatCalls;
  readonly accepted: AcceptedOrders;
  readonly endings: HoldEndings;
  readonly touches: HoldTouches;
  readonly deadlineMs: number;
  /** Something that mends itself later, for the log. */
  readonly failed: (error: unknown, what: string) => void;
}

/** `method`: null where there is nothing to pay. */
export type Paying = Pick<Command<'pay'>, 'op' | 'event' | 'hold'> & { readonly method: string | null };
type WriteDown = (note: PaymentNote) => Promise<void>;

/** A hold that payments take to and fro for longer than this is left to the repeat of the command. */
const MOST_CHECKOUTS = 8;

export class PaymentSteps {
  readonly #o: PaymentStepsOptions;

  constructor(options: PaymentStepsOptions) {
    this.#o = options;
  }

  /** Null if the command may be carried out. Whatever is named will do for what costs nothing, or no method at all. */
  async badMethod(buyer: UserId, { event, hold, method }: Paying): Promise<Refused | null> {
    if (method !== null && this.#o.provider.methods().some(({ token }) => token === method)) return null;
    const found = await this.#o.store.findHold(event, hold);
    const own = found?.buyer === buyer ? found : null;
    if (own?.amount === 0) return null;
    return refused(own === null && method === null ? 'hold_not_found' : 'unknown_payment_method');
  }

  /** `checksOut`: a hold that is not in checkout is taken there. `from`: where an earlier try stopped. Throws `StoreUnavailable`: repeat it. */
  async run(
    buyer: UserId,
    command: Paying,
    { confirmOp, checksOut }: { readonly confirmOp: OpId; readonly checksOut: boolean },
    from: PaymentNote | null,
    writeDown: WriteDown,
  ): Promise<SaleAnswer> {
    let note = from;
    if (note === null) {
      const claimed = await this.#claim(buyer, command, checksOut);
      if ('reject' in claimed) return claimed;
      note = { ...claimed, step: 'started' };
      await writeDown(note);
    }
    if (note.step === 'started') {
      const next = await this.#authorise(buyer, command, note);
      if (!('step' in next)) return next;
      note = next;
      await writeDown(note);
    }
    return note.step === 'declined'
      ? this.#giveBack(buyer, command, note)
      : this.#confirm(buyer, command, confirmOp, note);
  }

  async #claim(buyer: UserId, command: Paying, checksOut: boolean) {
    const { event, hold } = command;
    for (let attempt = 0; attempt < MOST_CHECKOUTS; attempt++) {
      const found = await this.#o.store.findHold(event, hold);
      if (found?.buyer !== buyer) return refused('hold_not_found');
      if (found.state === 'paying' && found.order !== null) {
        const { order, fence, places, amount, currency } = found;
        return { order, fence, places, amount, currency };
      }
      if (!checksOut) break;
      await this.#checkOut(buyer, command, `claim ${attempt}`);
    }
    return refused('hold_not_paying');
  }

  /** To checkout, under an op of its own: answers under the command's own may be of a checkout that was taken back since. */
  async #checkOut(buyer: UserId, { op, event, hold }: Paying, step: string): Promise<void> {
    const order = orderId.parse(uuidv7());
    const own = derivedOp(op, `checkout ${step}`);
    const out = await this.#o.store.checkout({ event, buyer, op: own, hold, order });
    if (!out.ok) return; // whoever looks next finds out why
    this.#o.endings.forget(hold);
    this.#o.touches.touched(buyer, event, hold, op);
  }

  async #authorise(
    buyer: UserId,
    command: Paying,
    note: Started,
  ): Promise<Declined | Authorised | SaleAnswer> {
    const { order, amount, currency } = note;
    if (amount === 0) return { ...note, step: 'authorised', payment: NOTHING_PAID };
    const { method } = command;
    if (method === null) return refused('unknown_payment_method');
    const { provider, deadlineMs } = this.#o;
    const answer = await withDeadline(
      provider.authorise({ order, amount, currency, method, deadlineMs }),
      // The provider keeps its own deadline; this one is for a provider that does not.
      deadlineMs + 500,
    ).catch((error: unknown) => {
      this.#o.failed(error, 'authorise');
      return { kind: 'unknown' as const };
    });
    if (answer.kind === 'declined') return { ...note, step: 'declined' as const };
    if (answer.kind === 'authorised')
      return { ...note, step: 'authorised' as const, payment: answer.payment };
    const known = await withDeadline(provider.find(order), deadlineMs).catch((error: unknown) => {
      this.#o.failed(error, 'find');
      return null;
    });
    if (known?.state === 'voided') return refused('hold_expired');
    if (known === null) {
      const lives = (await this.#o.store.findHold(command.event, command.hold)) !== null;
      return lives ? refused('payment_unknown') : this.#over(buyer, command, note);
    }
    return { ...note, step: 'authorised' as const, payment: known.payment };
  }

  async #giveBack(buyer: UserId, { op, event, hold }: Paying, note: Claimed): Promise<SaleAnswer> {
    const back = await this.#o.store.revert({ event, buyer, op: derivedOp(op, 'revert'), hold });
    if (!back.ok) {
      const refusal = await this.#o.calls.refusal(event, back);
      if (refusal.reject !== 'hold_not_found') return refusal;
      // Bought with another card, or over.
      return (await this.#isSold(event, note)) ? refusal : refused('hold_expired');
    }
    const now = await this.#o.store.findHold(event, hold);
    if (now === null) return refused('hold_expired');
    this.#o.endings.watch({ event, hold, buyer, expiresAt: now.expiresAt });
    this.#o.touches.touched(buyer, event, hold, op);
    return refused('payment_declined');
  }

  async #confirm(buyer: UserId, command: Paying, op: OpId, note: Authorised): Promise<SaleAnswer> {
    const { event, hold } = command;
    const { order, payment } = note;
    for (let attempt = 0; attempt < MOST_CHECKOUTS; attempt++) {
      const done = await this.#o.store.confirm({ event, buyer, op, hold, order, payment });
      if (done.ok) return this.#remember(buyer, event, note);
      if (done.code === 'hold_not_paying') {
        // Another payment of the hold was declined and gave it back. This one is good.
        await this.#checkOut(buyer, command, `confirm ${attempt}`);
        continue;
      }
      const refusal = await this.#o.calls.refusal(event, done);
      if (refusal.reject === 'event_rebuilding' || refusal.reject === 'op_conflict') return refusal;
      return this.#over(buyer, command, note);
    }
    return refused('unavailable');
  }

  /** The hold is over: sold by another command under this very order, and then nothing must be voided, or lost. */
  async #over(buyer: UserId, { event, hold }: Paying, note: Claimed): Promise<SaleAnswer> {
    return (await this.#isSold(event, note)) ? this.#remember(buyer, event, note) : this.#letGo(note, hold);
  }

  /** Only the fence of the sale tells. */
  async #isSold(event: Paying['event'], { places, fence }: Claimed): Promise<boolean> {
    return (await this.#o.store.soldFence(event, places[0]!)) === fence;
  }

  async #letGo({ order, amount }: Claimed, hold: HoldId): Promise<SaleAnswer> {
    this.#o.endings.forget(hold);
    if (amount === 0) return refused('hold_expired');
    await withDeadline(this.#o.provider.void(order), this.#o.deadlineMs).catch((error: unknown) =>
      this.#o.failed(error, 'void'),
    );
    return refused('hold_expired');
  }

  async #remember(buyer: UserId, event: Paying['event'], note: Claimed): Promise<AcceptedOrder> {
    const { order, places, amount, currency } = note;
    const accepted = { order, event, places, amount, currency, acceptedAt: Date.now() };
    await this.#o.accepted
      .add(buyer, accepted)
      .catch((error: unknown) => this.#o.failed(error, 'remember an accepted order'));
    return accepted;
  }
}
