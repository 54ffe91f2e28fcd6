/** Sales over the seat store and the payment provider: one answer to each (buyer, op), however often and from how many places it is asked. */
import { createHash } from 'node:crypto';
import { type EventId, orderId, REJECTIONS, type RejectCode, type UserId, uuidv7 } from '@seatwire/protocol';
import type { SaleKey, SaleRecords, SeatStore } from '@seatwire/store';
import { buyerOf } from '../accounts/buyer.ts';
import type { Principal } from '../accounts/principal.ts';
import type { HoldEndings } from '../holds/hold-endings.ts';
import type { HoldTouches } from '../holds/hold-touches.ts';
import type { SeatCalls } from '../holds/seat-calls.ts';
import type { Answer, Command } from '../messages.ts';
import { isRefused, type Outcome, refused } from '../outcome.ts';
import { derivedOp } from './derived-op.ts';
import type { Paying, PaymentNote, PaymentSteps, SaleAnswer } from './payment-steps.ts';
import type { Sales } from './sales.ts';

/** Between two looks at a command that somebody else carries out. */
const LOOK_AGAIN_MS = 40;

export interface SaleDeskOptions {
  readonly store: SeatStore;
  readonly calls: SeatCalls;
  readonly records: SaleRecords<PaymentNote, SaleAnswer>;
  readonly steps: PaymentSteps;
  readonly endings: HoldEndings;
  readonly touches: HoldTouches;
  readonly revenueOf: (event: EventId) => Promise<{ readonly revenue: number; readonly currency: string }>;
  /** How long a repeat waits for the answer of the one under way. */
  readonly patienceMs: number;
  readonly count: (command: 'checkout' | 'pay', outcome: string) => void;
}

export class SaleDesk implements Sales {
  readonly #o: SaleDeskOptions;
  /** Repeats that meet in this process share one run. */
  readonly #running = new Map<string, Promise<SaleAnswer>>();

  constructor(options: SaleDeskOptions) {
    this.#o = options;
  }

  async checkout(
    principal: Principal,
    { op, event, hold }: Command<'checkout'>,
  ): Promise<Outcome<Answer<'checked-out'>>> {
    const buyer = buyerOf(principal);
    if (isRefused(buyer)) return buyer;
    const order = orderId.parse(uuidv7());
    const done = await this.#o.calls.call(event, () =>
      this.#o.store.checkout({ event, buyer: buyer.id, op, hold, order }),
    );
    this.#o.count('checkout', isRefused(done) ? done.reject : 'granted');
    if (isRefused(done)) return done;
    this.#o.endings.forget(hold);
    this.#o.touches.touched(buyer.id, event, hold, op);
    const { amount, currency, expiresAt } = done;
    return { type: 'checked-out', op, event, hold, order: done.order, amount, currency, expiresAt };
  }

  async pay(principal: Principal, command: Command<'pay'>): Promise<Outcome<Answer<'accepted'>>> {
    const answer = await this.#once('pay', principal, command, (buyer, key, note) =>
      this.#o.steps.run(buyer, command, { confirmOp: command.op, checksOut: false }, note, (next) =>
        this.#o.records.note(key, next),
      ),
    );
    const { op, event, hold } = command;
    return isRefused(answer) ? answer : { type: 'accepted', op, event, hold, order: answer.order };
  }

  purchase(principal: Principal, command: Paying): Promise<SaleAnswer> {
    const { event, hold, op } = command;
    return this.#once('purchase', principal, command, async (buyer, key, note) => {
      if (note === null) {
        const order = orderId.parse(uuidv7());
        const out = await this.#o.store.checkout({ event, buyer, op, hold, order });
        // Checked out before, in another way: then it can be paid all the same.
        if (!out.ok && out.code !== 'hold_paying') return this.#o.calls.refusal(event, out);
        this.#o.endings.forget(hold);
        this.#o.touches.touched(buyer, event, hold, op);
      }
      const ways = { confirmOp: derivedOp(op, 'confirm'), checksOut: true };
      return this.#o.steps.run(buyer, command, ways, note, (next) => this.#o.records.note(key, next));
    });
  }

  revenue(event: EventId): Promise<{ readonly revenue: number; readonly currency: string }> {
    return this.#o.revenueOf(event);
  }

  async #once(
    kind: 'pay' | 'purchase',
    principal: Principal,
    command: Paying,
    work: (buyer: UserId, key: SaleKey, note: PaymentNote | null) => Promise<SaleAnswer>,
  ): Promise<SaleAnswer> {
    const buyer = buyerOf(principal);
    if (isRefused(buyer)) return buyer;
    const { op, event, hold, method } = command;
    const digest = createHash('sha256')
      .update(JSON.stringify([kind, event, hold, method]))
      .digest('base64url');
    const key: SaleKey = { buyer: buyer.id, op, digest };
    const running = `${buyer.id} ${op} ${digest}`;
    let run = this.#running.get(running);
    if (!run) {
      run = this.#o.calls
        .settle(() =>
          this.#carryOut(key, async (note) => {
            const bad = note === null ? await this.#o.steps.badMethod(buyer.id, command) : null;
            return bad ?? work(buyer.id, key, note);
          }),
        )
        .finally(() => this.#running.delete(running));
      this.#running.set(running, run);
    }
    const answer = await run;
    this.#o.count('pay', isRefused(answer) ? answer.reject : 'accepted');
    return answer;
  }

  async #carryOut(
    key: SaleKey,
    work: (note: PaymentNote | null) => Promise<SaleAnswer>,
  ): Promise<SaleAnswer> {
    const { records } = this.#o;
    const until = Date.now() + this.#o.patienceMs;
    let claim = await records.claim(key);
    while (claim.kind === 'busy' && Date.now() < until) {
      await new Promise((resolve) => setTimeout(resolve, LOOK_AGAIN_MS));
      claim = await records.claim(key);
    }
    if (claim.kind === 'conflict') return refused('op_conflict');
    if (claim.kind === 'busy') return refused('unavailable');
    if (claim.kind === 'answered') return claim.answer;
    let answer: SaleAnswer;
    try {
      answer = await work(claim.note);
    } catch (error) {
      await records.release(key).catch(() => undefined);
      throw error;
    }
    if (isRefused(answer) && isPassing(answer.reject)) await records.release(key);
    else await records.answer(key, answer);
    return answer;
  }
}

/** Refusals that may turn out otherwise when the same op is tried again, or of what never was a payment: they are not kept. */
function isPassing(code: RejectCode): boolean {
  return REJECTIONS[code].retryable || code === 'unknown_payment_method';
}
