/** Sales over the seat store and the payment provider: one answer to each (buyer, op), however often and from how many places it is asked. */
import { createHash } from 'node:crypto';
import {
  type EventId,
  type OrderId,
  orderId,
  REJECTIONS,
  type Result,
  refused,
  uuidv7,
} from '@seatwire/protocol';
import {
  type AcceptedOrder,
  carryOutOnce,
  type Hold,
  type OpRecords,
  type SeatStore,
  type Steps,
} from '@seatwire/store';
import type { Buyer } from '../accounts/buyer.ts';
import { derivedOp } from '../holds/derived-op.ts';
import type { AskedOfHold } from '../holds/hold-desk.ts';
import type { HoldExpiryWatch } from '../holds/hold-expiry-watch.ts';
import type { HoldTouches } from '../holds/hold-touches.ts';
import type { SeatCalls } from '../holds/seat-calls.ts';
import type { OrderBrief, Orders } from './orders.ts';
import type { Paying, PaymentNote, PaymentSteps, SaleAnswer } from './payment-steps.ts';

export interface SaleDeskParts {
  readonly store: SeatStore;
  readonly calls: SeatCalls;
  readonly orders: Pick<Orders, 'briefs'>;
  readonly records: OpRecords<PaymentNote, SaleAnswer>;
  readonly steps: PaymentSteps;
  readonly expiryWatch: HoldExpiryWatch;
  readonly touches: HoldTouches;
  readonly revenueOf: (event: EventId) => Promise<{ readonly revenue: number; readonly currency: string }>;
  /** How long a repeat waits for the answer of the one under way. */
  readonly patienceMs: number;
  readonly count: (command: 'checkout' | 'pay', outcome: string) => void;
}

/** What a buyer has of one event. */
export interface Mine {
  readonly holds: readonly Hold[];
  readonly orders: readonly OrderBrief[];
}

export class SaleDesk {
  readonly #parts: SaleDeskParts;
  /** Repeats that meet in this process share one run. */
  readonly #running = new Map<string, Promise<SaleAnswer>>();

  constructor(parts: SaleDeskParts) {
    this.#parts = parts;
  }

  /** The caller's own live holds and orders, for a page that lost its memory. */
  mine(buyer: Buyer, event: EventId): Promise<Result<Mine>> {
    const { calls, store, orders } = this.#parts;
    return calls.settle(async () => {
      const [holds, briefs] = await Promise.all([store.holdsOf(event, buyer), orders.briefs(buyer, event)]);
      return { ok: true, holds, orders: briefs };
    });
  }

  async checkout(
    buyer: Buyer,
    { op, event, hold }: AskedOfHold,
  ): Promise<Result<Hold & { readonly order: OrderId }>> {
    const { calls, store, expiryWatch, touches, count } = this.#parts;
    const order = orderId.parse(uuidv7());
    const done = await calls.call(event, () => store.checkout({ event, buyer, op, hold, order }));
    count('checkout', done.ok ? 'granted' : done.code);
    if (!done.ok) return done;
    expiryWatch.forget(hold);
    touches.touched(buyer, event, hold, op);
    return done;
  }

  pay(buyer: Buyer, command: Paying): Promise<Result<AcceptedOrder>> {
    const ways = { confirmOp: command.op, checksOut: false };
    return this.#once('pay', buyer, command, (note, writeDown) =>
      this.#parts.steps.run(buyer, command, ways, note, writeDown),
    );
  }

  /** Checkout and pay as one command under one op. Repeats get the same order, word for word. `method` may be null where there is nothing to pay. */
  purchase(buyer: Buyer, command: Paying): Promise<Result<AcceptedOrder>> {
    const { store, calls, expiryWatch, touches, steps } = this.#parts;
    const { event, hold, op } = command;
    return this.#once('purchase', buyer, command, async (note, writeDown) => {
      if (note === null) {
        const order = orderId.parse(uuidv7());
        const out = await store.checkout({ event, buyer, op, hold, order });
        // Checked out before, in another way: then it can be paid all the same.
        if (!out.ok && out.code !== 'hold_paying') return calls.refusal(event, out);
        expiryWatch.forget(hold);
        touches.touched(buyer, event, hold, op);
      }
      const ways = { confirmOp: derivedOp(op, 'confirm'), checksOut: true };
      return steps.run(buyer, command, ways, note, writeDown);
    });
  }

  /** Confirmed sales of an event so far; `revenue` in minor units. */
  revenue(event: EventId): Promise<{ readonly revenue: number; readonly currency: string }> {
    return this.#parts.revenueOf(event);
  }

  async #once(
    kind: 'pay' | 'purchase',
    buyer: Buyer,
    command: Paying,
    work: Steps<PaymentNote, SaleAnswer>,
  ): Promise<SaleAnswer> {
    const { calls, steps, count, records, patienceMs } = this.#parts;
    const { op, event, hold, method } = command;
    const digest = createHash('sha256')
      .update(JSON.stringify([kind, event, hold, method]))
      .digest('base64url');
    const running = `${buyer} ${op} ${digest}`;
    let run = this.#running.get(running);
    if (!run) {
      run = calls
        .settle(async () => {
          const once = { records, patienceMs, isLast };
          const done = await carryOutOnce(once, { actor: buyer, op, digest }, async (note, writeDown) => {
            const bad = note === null ? await steps.badMethod(buyer, command) : null;
            return bad ?? work(note, writeDown);
          });
          if (done === 'conflict') return refused('op_conflict');
          return done === 'busy' ? refused('unavailable') : done;
        })
        .finally(() => this.#running.delete(running));
      this.#running.set(running, run);
    }
    const answer = await run;
    count('pay', answer.ok ? 'accepted' : answer.code);
    return answer;
  }
}

/** A refusal is kept only of a payment that began: before that nothing was done, and a repeat may do better. */
function isLast(answer: SaleAnswer, began: boolean): boolean {
  return answer.ok || (began && !REJECTIONS[answer.code].retryable);
}
