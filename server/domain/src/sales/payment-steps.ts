/**
 * The steps of one payment, each recorded before the next begins, so that a repeat goes on where the last try stopped:
 *   started    -> ask the provider to authorise (idempotent by order); an order that costs nothing skips the provider
 *   declined   -> give the buyer the hold back (revert), then say so
 *   authorised -> confirm in the seat store (idempotent by op), then say so
 * A timeout is unknown, never failed: the provider is asked what it knows. While that is open, the places remain in checkout until
 * their bound, and the buyer may repeat. A payment is voided here only when the hold is over, because a void bars the order for good
 * and a hold keeps its order for life. A payment that this misses is voided by the worker, from the hold's lapse in the outbox.
 *
 * Several payments of one hold may be under way, with one order. One that is declined takes the hold out of checkout under the others;
 * one that was authorised meanwhile takes it to checkout again and goes on. The answer says what is true of the hold at that moment:
 * when a card's answer comes after the hold's end, it tells of the end.
 */
import {
  amount,
  currency,
  type HoldId,
  isRefusal,
  type OpId,
  orderId,
  place,
  REJECT_CODES,
  type Refusal,
  type Result,
  refused,
  uuidv7,
} from '@seatwire/protocol';
import {
  type AcceptedOrder,
  type AcceptedOrders,
  acceptedOrder,
  inTime,
  NOTHING_PAID,
  OpRecords,
  type PaymentProvider,
  type RedisClient,
  type SeatStore,
} from '@seatwire/store';
import { z } from 'zod';
import type { Buyer } from '../accounts/buyer.ts';
import { derivedOp } from '../holds/derived-op.ts';
import type { AskedOfHold } from '../holds/hold-desk.ts';
import type { HoldExpiryWatch } from '../holds/hold-expiry-watch.ts';
import type { HoldTouches } from '../holds/hold-touches.ts';
import type { SeatCalls } from '../holds/seat-calls.ts';

/** What is kept of a settled payment: the order, or why not. */
export type SaleAnswer = Result<AcceptedOrder>;
const saleAnswer: z.ZodType<SaleAnswer> = z.discriminatedUnion('ok', [
  acceptedOrder.extend({ ok: z.literal(true) }),
  z.object({
    ok: z.literal(false),
    code: z.enum(REJECT_CODES),
    places: z.array(place).readonly().exactOptional(),
    retryAfterMs: z.number().exactOptional(),
  }),
]);

const claimed = z.object({
  order: orderId,
  fence: z.int(),
  places: z.array(place).readonly(),
  amount,
  currency,
});
type Claimed = Readonly<z.output<typeof claimed>>;
const started = claimed.extend({ step: z.literal('started') });
const declined = claimed.extend({ step: z.literal('declined') });
const authorised = claimed.extend({ step: z.literal('authorised'), payment: z.string() });
type Started = Readonly<z.output<typeof started>>;
type Declined = Readonly<z.output<typeof declined>>;
type Authorised = Readonly<z.output<typeof authorised>>;
const paymentNote = z.discriminatedUnion('step', [started, declined, authorised]);
export type PaymentNote = Started | Declined | Authorised;

export function saleRecords(redis: RedisClient, leaseMs?: number): OpRecords<PaymentNote, SaleAnswer> {
  return new OpRecords({
    redis,
    ...(leaseMs === undefined ? {} : { leaseMs }),
    note: paymentNote,
    answer: saleAnswer,
  });
}

export interface PaymentStepsParts {
  readonly store: SeatStore;
  readonly provider: PaymentProvider;
  readonly calls: SeatCalls;
  readonly accepted: AcceptedOrders;
  readonly expiryWatch: HoldExpiryWatch;
  readonly touches: HoldTouches;
  readonly deadlineMs: number;
  /** Something that mends itself later, for the log. */
  readonly failed: (error: unknown, what: string) => void;
}

/** `method`: null where there is nothing to pay. */
export interface Paying extends AskedOfHold {
  readonly method: string | null;
}
export type WriteDown = (note: PaymentNote) => Promise<void>;

/** A hold that payments take to and fro for longer than this is left to the repeat of the command. */
const MOST_CHECKOUTS = 8;

export class PaymentSteps {
  readonly #parts: PaymentStepsParts;

  constructor(parts: PaymentStepsParts) {
    this.#parts = parts;
  }

  /** Null if the command may be carried out. A hold that costs nothing may name any method, or none. */
  async badMethod(buyer: Buyer, { event, hold, method }: Paying): Promise<Refusal | null> {
    if (method !== null && this.#parts.provider.methods().some(({ token }) => token === method)) return null;
    const found = await this.#parts.store.findHold(event, hold);
    const own = found?.buyer === buyer ? found : null;
    if (own?.amount === 0) return null;
    return refused(own === null && method === null ? 'hold_not_found' : 'unknown_payment_method');
  }

  /** `checksOut`: a hold that is not in checkout is taken there. `from`: where an earlier try stopped. Throws `Unavailable`: repeat it. */
  async run(
    buyer: Buyer,
    command: Paying,
    { confirmOp, checksOut }: { readonly confirmOp: OpId; readonly checksOut: boolean },
    from: PaymentNote | null,
    writeDown: WriteDown,
  ): Promise<SaleAnswer> {
    let note = from;
    if (note === null) {
      const claimed = await this.#claim(buyer, command, checksOut);
      if (isRefusal(claimed)) return claimed;
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

  async #claim(buyer: Buyer, command: Paying, checksOut: boolean): Promise<Claimed | Refusal> {
    const { event, hold } = command;
    for (let attempt = 0; attempt < MOST_CHECKOUTS; attempt++) {
      const found = await this.#parts.store.findHold(event, hold);
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
  async #checkOut(buyer: Buyer, { op, event, hold }: Paying, step: string): Promise<void> {
    const order = orderId.parse(uuidv7());
    const own = derivedOp(op, `checkout ${step}`);
    const out = await this.#parts.store.checkout({ event, buyer, op: own, hold, order });
    if (!out.ok) return; // the next look at the hold finds out why
    this.#parts.expiryWatch.forget(hold);
    this.#parts.touches.touched(buyer, event, hold, op);
  }

  async #authorise(
    buyer: Buyer,
    command: Paying,
    note: Started,
  ): Promise<Declined | Authorised | SaleAnswer> {
    const { order, amount, currency } = note;
    if (amount === 0) return { ...note, step: 'authorised', payment: NOTHING_PAID };
    const { method } = command;
    if (method === null) return refused('unknown_payment_method');
    const { provider, deadlineMs } = this.#parts;
    const answer = await inTime(
      'payments',
      // The provider keeps its own deadline; this one is for a provider that does not.
      deadlineMs + 500,
      provider.authorise({ order, amount, currency, method, deadlineMs }),
    ).catch((error: unknown) => {
      this.#parts.failed(error, 'authorise');
      return { kind: 'unknown' as const };
    });
    if (answer.kind === 'declined') return { ...note, step: 'declined' as const };
    if (answer.kind === 'authorised')
      return { ...note, step: 'authorised' as const, payment: answer.payment };
    const known = await inTime('payments', deadlineMs, provider.find(order)).catch((error: unknown) => {
      this.#parts.failed(error, 'find');
      return null;
    });
    if (known?.state === 'voided') return refused('hold_expired');
    if (known === null) {
      const lives = (await this.#parts.store.findHold(command.event, command.hold)) !== null;
      return lives ? refused('payment_unknown') : this.#over(buyer, command, note);
    }
    return { ...note, step: 'authorised' as const, payment: known.payment };
  }

  async #giveBack(buyer: Buyer, { op, event, hold }: Paying, note: Claimed): Promise<SaleAnswer> {
    const back = await this.#parts.store.revert({ event, buyer, op: derivedOp(op, 'revert'), hold });
    if (!back.ok) {
      const refusal = await this.#parts.calls.refusal(event, back);
      return refusal.code === 'hold_not_found' ? this.#gone(event, note) : refusal;
    }
    const now = await this.#parts.store.findHold(event, hold);
    if (now === null) return this.#gone(event, note);
    this.#parts.expiryWatch.watch({ event, hold, buyer, expiresAt: now.expiresAt });
    this.#parts.touches.touched(buyer, event, hold, op);
    return refused('payment_declined');
  }

  async #confirm(buyer: Buyer, command: Paying, op: OpId, note: Authorised): Promise<SaleAnswer> {
    const { event, hold } = command;
    const { order, payment } = note;
    for (let attempt = 0; attempt < MOST_CHECKOUTS; attempt++) {
      const done = await this.#parts.store.confirm({ event, buyer, op, hold, order, payment });
      if (done.ok) return this.#remember(buyer, event, note);
      if (done.code === 'hold_not_paying') {
        // Another payment of the hold was declined and gave it back. This one is good.
        await this.#checkOut(buyer, command, `confirm ${attempt}`);
        continue;
      }
      const refusal = await this.#parts.calls.refusal(event, done);
      if (refusal.code === 'event_rebuilding' || refusal.code === 'op_conflict') return refusal;
      return this.#over(buyer, command, note);
    }
    return refused('unavailable');
  }

  /** The hold is over: sold by another command under this very order, and then nothing must be voided, or lost. */
  async #over(buyer: Buyer, { event, hold }: Paying, note: Claimed): Promise<SaleAnswer> {
    return (await this.#isSold(event, note)) ? this.#remember(buyer, event, note) : this.#letGo(note, hold);
  }

  /** There is no such hold any more: bought with another card, or over without a purchase. */
  async #gone(event: Paying['event'], note: Claimed): Promise<SaleAnswer> {
    return refused((await this.#isSold(event, note)) ? 'hold_not_found' : 'hold_expired');
  }

  /** Only the fence of the sale tells. */
  async #isSold(event: Paying['event'], { places, fence }: Claimed): Promise<boolean> {
    return (await this.#parts.store.soldFence(event, places[0]!)) === fence;
  }

  async #letGo({ order, amount }: Claimed, hold: HoldId): Promise<SaleAnswer> {
    this.#parts.expiryWatch.forget(hold);
    if (amount === 0) return refused('hold_expired');
    await inTime('payments', this.#parts.deadlineMs, this.#parts.provider.void(order)).catch(
      (error: unknown) => this.#parts.failed(error, 'void'),
    );
    return refused('hold_expired');
  }

  async #remember(buyer: Buyer, event: Paying['event'], note: Claimed): Promise<SaleAnswer> {
    const { order, places, amount, currency } = note;
    const accepted = { order, event, places, amount, currency, acceptedAt: Date.now() };
    await this.#parts.accepted
      .add(buyer, accepted)
      .catch((error: unknown) => this.#parts.failed(error, 'remember an accepted order'));
    return { ok: true, ...accepted };
  }
}
