/**
 * The steps of one payment, each written down before what follows it, so that a repeat goes on where the last try stopped:
 *   started    -> ask the provider to authorise (idempotent by order)
 *   declined   -> give the buyer the hold back (revert), then say so
 *   authorised -> confirm in the seat store (idempotent by op), then say so
 * A timeout is unknown, never failed: the provider is asked what it knows; if that stays open, the places stay in checkout until
 * their bound and the buyer may repeat. Money is let go here only when the order can never be sold any more; whatever this misses,
 * the lapse of the hold brings to the worker.
 */
import type { HoldId, OpId, OrderId, UserId } from '@seatwire/protocol';
import type { AcceptedOrder, AcceptedOrders, PaymentProvider, SeatStore } from '@seatwire/store';
import type { HoldEndings } from '../holds/hold-endings.ts';
import type { SeatCalls } from '../holds/seat-calls.ts';
import type { Command } from '../messages.ts';
import { type Outcome, refused } from '../outcome.ts';
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
export type PaymentNote = Claimed &
  (
    | { readonly step: 'started' }
    | { readonly step: 'declined' }
    | { readonly step: 'authorised'; readonly payment: string }
  );

export interface PaymentStepsOptions {
  readonly store: SeatStore;
  readonly provider: PaymentProvider;
  readonly calls: SeatCalls;
  readonly accepted: AcceptedOrders;
  readonly endings: HoldEndings;
  readonly deadlineMs: number;
  /** Something that mends itself later, for the log. */
  readonly failed: (error: unknown, what: string) => void;
}

type Paying = Pick<Command<'pay'>, 'op' | 'event' | 'hold' | 'method'>;
type WriteDown = (note: PaymentNote) => Promise<void>;

export class PaymentSteps {
  readonly #o: PaymentStepsOptions;

  constructor(options: PaymentStepsOptions) {
    this.#o = options;
  }

  knows(method: string): boolean {
    return this.#o.provider.methods().some(({ token }) => token === method);
  }

  /** `from`: where an earlier try stopped. Throws `StoreUnavailable`: repeat it. */
  async run(
    buyer: UserId,
    command: Paying,
    confirmOp: OpId,
    from: PaymentNote | null,
    writeDown: WriteDown,
  ): Promise<SaleAnswer> {
    let note = from;
    if (note === null) {
      const claimed = await this.#claim(buyer, command);
      if ('reject' in claimed) return claimed;
      note = { ...claimed, step: 'started' };
      await writeDown(note);
    }
    if (note.step === 'started') {
      const next = await this.#authorise(note, command.method);
      if ('reject' in next) return next;
      note = next;
      await writeDown(note);
    }
    return note.step === 'declined'
      ? this.#giveBack(buyer, command)
      : this.#confirm(buyer, command, confirmOp, note);
  }

  async #claim(buyer: UserId, { event, hold }: Paying) {
    const found = await this.#o.store.findHold(event, hold);
    if (found?.buyer !== buyer) return refused('hold_not_found');
    if (found.state !== 'paying' || found.order === null) return refused('hold_not_paying');
    const { order, fence, places, amount, currency } = found;
    return { order, fence, places, amount, currency };
  }

  async #authorise(note: PaymentNote & { step: 'started' }, method: string) {
    const { order, amount, currency } = note;
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
    if (known === null) return refused('payment_unknown');
    return { ...note, step: 'authorised' as const, payment: known.payment };
  }

  async #giveBack(buyer: UserId, { op, event, hold }: Paying): Promise<SaleAnswer> {
    const back = await this.#o.store.revert({ event, buyer, op: derivedOp(op, 'revert'), hold });
    if (back.ok) this.#o.endings.watch({ event, hold, buyer, expiresAt: back.expiresAt });
    // If the hold has ended meanwhile, the buyer hears that by itself; the card was declined in any case.
    return refused('payment_declined');
  }

  async #confirm(
    buyer: UserId,
    { event, hold }: Paying,
    op: OpId,
    note: PaymentNote & { step: 'authorised' },
  ): Promise<SaleAnswer> {
    const { order, payment } = note;
    const done = await this.#o.store.confirm({ event, buyer, op, hold, order, payment });
    if (!done.ok) {
      const refusal = await this.#o.calls.refusal(event, done);
      if (refusal.reject === 'event_rebuilding' || refusal.reject === 'op_conflict') return refusal;
      // Another command may have confirmed this very order: only the fence of the sale tells, and then nothing must be voided.
      const fences = await this.#o.store.soldFences(event);
      if (fences.get(note.places[0]!) !== note.fence) return this.#letGo(order, hold);
    }
    return this.#remember(buyer, event, note);
  }

  async #letGo(order: OrderId, hold: HoldId): Promise<SaleAnswer> {
    this.#o.endings.forget(hold);
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
