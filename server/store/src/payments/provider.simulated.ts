/**
 * A payment provider that lives in Redis, for development, tests and the demo. It plays a remote cloud: its state is shared by
 * all processes and outlives them, it takes its time, it loses answers, and which test card is used decides what happens.
 */
import type { OrderId, PaymentMethod } from '@seatwire/protocol';
import { uuidv7 } from '@seatwire/protocol';
import type { Cluster, Redis } from 'ioredis';
import { z } from 'zod';
import { simulatedPaymentKey } from './keys.ts';
import {
  type Authorisation,
  type Payment,
  PaymentImpossible,
  type PaymentProvider,
  PaymentProviderUnavailable,
} from './provider.ts';
import { type PaymentScript, scriptText } from './scripts.ts';
import { TEST_CARDS } from './test-cards.ts';

export interface SimulatedOptions {
  /** How long the cloud takes for each answer; 40 ms if left out. */
  readonly latencyMs?: number;
  /** How long a call other than authorise waits for its answer; 5 s if left out. */
  readonly deadlineMs?: number;
}

const paymentState = z.enum(['authorised', 'captured', 'voided', 'refunded']);
/** What every script returns. */
const reply = z.tuple([z.string(), z.string(), z.string(), z.string(), z.string()]);
type Reply = { readonly said: string; readonly payment: Payment | null };

export function simulatedProvider(redis: Redis | Cluster, options: SimulatedOptions = {}): PaymentProvider {
  const { latencyMs = 40, deadlineMs = 5_000 } = options;
  const pauses = new Set<{ timer: NodeJS.Timeout; wake: () => void }>();

  const pause = (ms: number) =>
    new Promise<void>((resolve) => {
      const wake = () => {
        clearTimeout(entry.timer);
        pauses.delete(entry);
        resolve();
      };
      const entry = { timer: setTimeout(wake, ms), wake };
      pauses.add(entry);
    });

  const run = async (script: PaymentScript, order: OrderId, ...args: (string | number)[]): Promise<Reply> => {
    const raw = await redis.eval(scriptText(script), 1, simulatedPaymentKey(order), ...args);
    const [said, payment, amount, currency, state] = reply.parse(raw);
    const found = payment && {
      payment,
      order,
      amount: Number(amount),
      currency,
      state: paymentState.parse(state),
    };
    return { said, payment: found || null };
  };

  /** The call as the caller meets it: after the cloud's latency, within the deadline, any loss as `PaymentProviderUnavailable`. */
  const ask = async (script: PaymentScript, order: OrderId, ...args: (string | number)[]): Promise<Reply> => {
    await pause(latencyMs);
    const answer = run(script, order, ...args).catch((cause: unknown) => {
      throw new PaymentProviderUnavailable(`The payment provider lost ${script} of ${order}.`, { cause });
    });
    answer.catch(() => undefined);
    const late = pause(deadlineMs).then(() => {
      throw new PaymentProviderUnavailable(
        `The payment provider did not answer ${script} within ${deadlineMs} ms.`,
      );
    });
    late.catch(() => undefined);
    return Promise.race([answer, late]);
  };

  const settled = (order: OrderId, step: string, { said, payment }: Reply): Payment => {
    if (said === 'lost') {
      throw new PaymentProviderUnavailable(
        `The payment provider failed during ${step} of ${order}. Repeat it.`,
      );
    }
    if (said !== 'done' || !payment)
      throw new PaymentImpossible(`${step} of ${order}: the payment is ${said}.`);
    return payment;
  };

  return {
    name: 'simulated',
    methods: (): readonly PaymentMethod[] =>
      TEST_CARDS.map(({ token, label, outcome }) => ({ token, label, outcome })),

    async authorise({ order, amount, currency, method, deadlineMs: within }) {
      const card = TEST_CARDS.find(({ token }) => token === method);
      if (!card) return { kind: 'declined', why: 'There is no such payment method.' };
      const unknown = pause(within).then((): Authorisation => ({ kind: 'unknown' }));
      const work = async (): Promise<Authorisation> => {
        await pause(card.delayMs ?? latencyMs);
        if (card.declines) return { kind: 'declined', why: card.declines };
        if (card.silent === 'before') return unknown;
        const { said, payment } = await run(
          'authorise',
          order,
          `sim_${uuidv7()}`,
          amount,
          currency,
          card.capturesLost ?? 0,
        );
        if (said === 'fresh' && card.silent === 'after') return unknown;
        if (payment) return { kind: 'authorised', payment: payment.payment };
        return { kind: 'declined', why: 'The order was voided before.' };
      };
      // A cloud that cannot be reached is a cloud that does not answer: the caller asks `find`.
      return Promise.race([work().catch((): Authorisation => ({ kind: 'unknown' })), unknown]);
    },

    capture: async (order) => settled(order, 'capture', await ask('capture', order)),
    async void(order) {
      const { said } = await ask('void', order);
      if (said !== 'done')
        throw new PaymentImpossible(`void of ${order}: the payment is ${said}. Refund it.`);
    },
    refund: async (order, amount) => settled(order, 'refund', await ask('refund', order, amount)),
    find: async (order) => (await ask('find', order)).payment,
    async close() {
      for (const { wake } of [...pauses]) wake();
    },
  };
}
