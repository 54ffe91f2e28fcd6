/**
 * A payment provider that lives in Redis, for development, tests and the demo. It plays a remote cloud: its state is shared by
 * all processes and outlives them, it takes its time, it loses answers, and the test card used decides what happens.
 *
 * Concurrency: one script a step (scripts/), so any number of callers may ask for the same order at once.
 */
import { setMaxListeners } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { type OrderId, uuidv7 } from '@seatwire/protocol';
import type { Cluster, Redis } from 'ioredis';
import { z } from 'zod';
import { inTime, Unavailable } from '../unavailable.ts';
import { simulatedPaymentKey } from './keys.ts';
import { type Authorisation, type Payment, PaymentImpossible, type PaymentProvider } from './provider.ts';
import { type PaymentScript, scriptText } from './scripts.ts';
import { TEST_CARDS, type TestCard } from './test-cards.ts';

export interface SimulatedOptions {
  /** How long the cloud takes for each answer; 40 ms if left out. */
  readonly latencyMs?: number;
  /** How long a call other than authorise, which is told, waits for its answer; 5 s if left out. */
  readonly deadlineMs?: number;
}

export function simulatedProvider(redis: Redis | Cluster, options: SimulatedOptions = {}): PaymentProvider {
  return new SimulatedProvider(redis, options);
}

type Request = Parameters<PaymentProvider['authorise']>[0];
interface Reply {
  readonly said: string;
  readonly payment: Payment | null;
}

const replyShape = z.tuple([z.string(), z.string(), z.string(), z.string(), z.string()]);
const stateShape = z.enum(['authorised', 'captured', 'voided', 'refunded']);
/** The longest a timer of Node can be. */
const LONGEST_MS = 2 ** 31 - 1;
const UNKNOWN: Authorisation = { kind: 'unknown' };

class SimulatedProvider implements PaymentProvider {
  readonly name = 'simulated';
  readonly #redis: Redis | Cluster;
  readonly #latencyMs: number;
  readonly #deadlineMs: number;
  /** Ends every wait, so that nothing waits for what will not come. */
  readonly #closing = new AbortController();

  constructor(redis: Redis | Cluster, { latencyMs = 40, deadlineMs = 5_000 }: SimulatedOptions) {
    this.#redis = redis;
    this.#latencyMs = latencyMs;
    this.#deadlineMs = deadlineMs;
    setMaxListeners(0, this.#closing.signal); // one a call under way
  }

  methods() {
    return TEST_CARDS.map(({ token, label, outcome }) => ({ token, label, outcome }));
  }

  async authorise(request: Request): Promise<Authorisation> {
    const card = TEST_CARDS.find(({ token }) => token === request.method);
    if (!card) return { kind: 'declined', why: 'There is no such payment method.' };
    // A cloud that cannot be reached is one that does not answer, and what it does after the deadline it still does.
    return inTime('payments', request.deadlineMs, this.#authorise(request, card)).catch(() => UNKNOWN);
  }

  async capture(order: OrderId): Promise<Payment> {
    return this.#settled('capture', order);
  }

  async void(order: OrderId): Promise<void> {
    const { said } = await this.#ask('void', order);
    if (said !== 'done')
      throw new PaymentImpossible(`void of ${order}: the payment is ${said}, so refund it.`);
  }

  async refund(order: OrderId, amount: number): Promise<Payment> {
    return this.#settled('refund', order, amount);
  }

  async find(order: OrderId): Promise<Payment | null> {
    return (await this.#ask('find', order)).payment;
  }

  async close(): Promise<void> {
    this.#closing.abort();
  }

  async #authorise({ order, amount, currency }: Request, card: TestCard): Promise<Authorisation> {
    await this.#pause(card.delayMs ?? this.#latencyMs);
    if (card.declines) return { kind: 'declined', why: card.declines };
    if (card.silent === 'before') return this.#never();
    const reference = `sim_${uuidv7()}`;
    const lost = card.capturesLost ?? 0;
    const { said, payment } = await this.#run('authorise', order, reference, amount, currency, lost);
    // Only the first answer is lost: who asks again is told.
    if (said === 'fresh' && card.silent === 'after') return this.#never();
    if (payment) return { kind: 'authorised', payment: payment.payment };
    return { kind: 'declined', why: 'The order was voided.' };
  }

  async #settled(step: 'capture' | 'refund', order: OrderId, ...args: number[]): Promise<Payment> {
    const { said, payment } = await this.#ask(step, order, ...args);
    if (said === 'lost')
      throw new Unavailable('payments', `The payment provider failed to ${step} ${order}.`);
    if (said !== 'done' || !payment) {
      throw new PaymentImpossible(`${step} of ${order}: the payment is ${said}.`);
    }
    return payment;
  }

  /** The call as the caller meets it: after the cloud's latency, within the deadline. */
  async #ask(step: PaymentScript, order: OrderId, ...args: number[]): Promise<Reply> {
    const call = this.#pause(this.#latencyMs).then(() => this.#run(step, order, ...args));
    return inTime('payments', this.#deadlineMs, call).catch((cause: unknown) => {
      throw new Unavailable('payments', `The payment provider did not answer: ${step} of ${order}.`, {
        cause,
      });
    });
  }

  async #run(step: PaymentScript, order: OrderId, ...args: (string | number)[]): Promise<Reply> {
    const raw = await this.#redis.eval(scriptText(step), 1, simulatedPaymentKey(order), ...args);
    const [said, payment, amount, currency, state] = replyShape.parse(raw);
    if (payment === '') return { said, payment: null };
    return {
      said,
      payment: { payment, order, amount: Number(amount), currency, state: stateShape.parse(state) },
    };
  }

  #pause(ms: number): Promise<void> {
    return sleep(ms, undefined, { signal: this.#closing.signal });
  }

  /** Rejects at `close`, and does not settle before. */
  async #never(): Promise<never> {
    for (;;) await this.#pause(LONGEST_MS);
  }
}
