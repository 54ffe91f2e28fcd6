/**
 * Paying for the basket: hold by hold, the one that ends first first. What one card does not pay stays held.
 *
 * A payment is open from the press of Pay until an answer says what became of it. While nobody has said so, its hold is not judged by
 * anything else, and each time that the server is heard again it is asked again under the same ops: it then goes through, once, or is
 * refused. So a lost line, a restarted server, a reload of the page or a way to another one change only when the buyer hears of it.
 */
import type { UserId } from '@seatwire/protocol';
import { newOp, UNTOLD } from './ask-again.ts';
import { OVER, over } from './keeping.ts';
import { NO_PAYMENT_MEMORY, type OpenPayment, type PaymentMemory } from './open-payments.ts';
import type { SaleDesk } from './sale-desk.ts';
import type { Hold } from './sale-state.ts';

/** Names the method where nothing is charged: the server does not look at it then. */
const NOTHING_TO_PAY = 'none';

/** After these it was the card that did not do. */
const CARD_REFUSED: ReadonlySet<string> = new Set(['payment_declined', 'unknown_payment_method']);

/** told: what became of it is known. stop: and nothing more is to be paid with this card. unheard: nobody knows. */
type Outcome = 'told' | 'stop' | 'unheard';

export class Paying {
  readonly #desk: SaleDesk;
  readonly #memory: PaymentMemory;
  /** In the order they are to be asked. Another card for the same hold is another payment. */
  #open: readonly OpenPayment[] = [];
  /** To be asked about as soon as nothing else is. */
  #due = false;

  constructor(desk: SaleDesk, memory: PaymentMemory = NO_PAYMENT_MEMORY) {
    this.#desk = desk;
    this.#memory = memory;
    desk.state.watch(({ holds, activity }) => {
      const awaited = new Set(holds.filter((hold) => hold.awaited).map(({ hold }) => hold));
      if (this.#open.some(({ hold }) => !awaited.has(hold.hold)))
        this.#keep(this.#open.filter(({ hold }) => awaited.has(hold.hold)));
      if (this.#due && activity === null) queueMicrotask(() => this.follow());
    });
  }

  /** What this user left open in this tab is shown, and asked about. */
  recall(user: UserId): void {
    this.#open = this.#memory.load(user);
    this.#desk.apply({ type: 'recalled', holds: this.#open.map(({ hold }) => hold) });
    void this.follow();
  }

  /** `method` null: the basket costs nothing. */
  pay(method: string | null): Promise<void> {
    const desk = this.#desk;
    return desk.during('pay', async (current) => {
      const inOrder = desk.now.holds.toSorted((a, b) => a.expiresAt - b.expiresAt);
      const payments = inOrder.map((hold) => this.#begin(hold, method ?? NOTHING_TO_PAY));
      await this.#settle(payments, current);
    });
  }

  /** The server is there: whatever it has not said of a payment, it is asked. */
  async follow(): Promise<void> {
    this.#due = this.#open.length > 0 && this.#desk.now.activity !== null;
    if (this.#open.length === 0 || this.#due) return;
    const open = [...new Map(this.#open.map((payment) => [payment.hold.hold, payment])).values()];
    await this.#desk.during('pay', (current) => this.#settle(open, current));
  }

  async #settle(payments: readonly OpenPayment[], current: () => boolean): Promise<void> {
    for (const payment of payments) {
      const still = this.#desk.holds(payment.hold.hold);
      const outcome = still ? await this.#pay(payment, current) : 'told';
      if (!current() || outcome === 'unheard') return;
      if (outcome === 'stop') {
        // What has not been asked for yet is not to be paid with this card any more.
        for (const { hold } of payments) this.#desk.apply({ type: 'heard', hold: hold.hold });
        return;
      }
    }
  }

  async #pay(payment: OpenPayment, current: () => boolean): Promise<Outcome> {
    const desk = this.#desk;
    const { client, event } = desk.options;
    const { hold } = payment.hold;
    if (!payment.begun) {
      const out = await desk.ask(
        current,
        (asked) => client.checkout(event, hold, asked),
        payment.checkout,
        UNTOLD,
      );
      if (!current()) return 'unheard';
      if (out.ok) desk.apply({ type: 'checked-out', hold, order: out.order, expiresAt: out.expiresAt });
      // A payment that is under way already may go on.
      else if (out.code !== 'hold_paying') return this.#failed(payment, out.code, current);
      this.#keep(this.#open.map((one) => (one === payment ? { ...one, begun: true } : one)));
    }
    desk.apply({ type: 'paying', hold });
    const paid = await desk.ask(
      current,
      (asked) => client.pay(event, hold, payment.method, asked),
      payment.pay,
      UNTOLD,
    );
    if (!current()) return 'unheard';
    if (!paid.ok) return this.#failed(payment, paid.code, current);
    desk.apply({ type: 'accepted', hold, order: paid.order });
    // Asked about late, it may be more than accepted by now.
    if (!desk.now.known || payment.begun) void desk.own.find();
    return 'told';
  }

  /** Says so at the Pay button, unless the hold has ended meanwhile: then that was said, and is what matters. */
  async #failed(
    payment: OpenPayment,
    code: Parameters<SaleDesk['refuse']>[0],
    current: () => boolean,
  ): Promise<Outcome> {
    const desk = this.#desk;
    const { hold, expiresAt } = payment.hold;
    if ((UNTOLD as ReadonlySet<string>).has(code)) {
      desk.refuse('payment_unheard', 'pay');
      void desk.own.find();
      return 'unheard';
    }
    if (OVER[code]) {
      // Another card, tried before, may have bought it.
      const before = this.#open.find((one) => one.hold.hold === hold && one.pay !== payment.pay);
      this.#keep(this.#open.filter(({ pay }) => pay !== payment.pay));
      if (before) return this.#pay(before, current);
    }
    desk.apply({ type: 'heard', hold });
    if (over(desk, hold, code)) return 'told';
    // The declined hold has at least what was left before; how much exactly, the server is asked.
    if (code === 'payment_declined') desk.apply({ type: 'declined', hold, expiresAt });
    desk.refuse(code, 'pay', CARD_REFUSED.has(code) ? { method: payment.method } : {});
    void desk.own.find();
    return 'stop';
  }

  #begin(hold: Hold, method: string): OpenPayment {
    const found = this.#open.find((one) => one.hold.hold === hold.hold && one.method === method);
    if (found) return found;
    const { awaited, atLimit, paidHere, paying, ...told } = hold;
    const made = { hold: told, method, checkout: newOp(), pay: newOp(), begun: false };
    this.#keep([...this.#open, made]);
    this.#desk.apply({ type: 'awaited', hold: hold.hold });
    return made;
  }

  #keep(open: readonly OpenPayment[]): void {
    this.#open = open;
    this.#memory.save(this.#desk.now.user, open);
  }
}
