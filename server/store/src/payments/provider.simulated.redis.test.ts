import { type OrderId, uuidv7 } from '@seatwire/protocol';
import { Redis } from 'ioredis';
import { afterAll, describe, expect, test } from 'vitest';
import { testRedisUrl } from '../testing/index.ts';
import { simulatedPaymentKey } from './keys.ts';
import { openPaymentProvider } from './open-provider.ts';
import { PaymentImpossible } from './provider.ts';

const redis = new Redis(testRedisUrl());
const provider = openPaymentProvider({ kind: 'simulated', redis, latencyMs: 1 });
afterAll(async () => {
  await provider.close();
  await redis.quit();
});

const fresh = () => uuidv7() as OrderId;
const authorise = (order: OrderId, method = 'tok_ok', deadlineMs = 2_000) =>
  provider.authorise({ order, amount: 4_500, currency: 'EUR', method, deadlineMs });
const captures = async (order: OrderId) => Number(await redis.hget(simulatedPaymentKey(order), 'captures'));

async function authorised(method?: string): Promise<OrderId> {
  const order = fresh();
  expect(await authorise(order, method)).toMatchObject({ kind: 'authorised' });
  return order;
}

describe('a test card', () => {
  test('tok_ok is authorised, and found with its amount', async () => {
    const order = fresh();
    const outcome = await authorise(order);
    expect(outcome).toEqual({ kind: 'authorised', payment: expect.stringMatching(/^sim_/) });
    expect(await provider.find(order)).toEqual({
      order,
      payment: 'payment' in outcome && outcome.payment,
      amount: 4_500,
      currency: 'EUR',
      state: 'authorised',
    });
  });

  test.each(['tok_declined', 'tok_insufficient_funds', 'tok_nonsense'])(
    '%s is declined, leaves nothing, and another card may be tried for the same order',
    async (method) => {
      const order = fresh();
      expect(await authorise(order, method)).toEqual({ kind: 'declined', why: expect.any(String) });
      expect(await provider.find(order)).toBeNull();
      expect(await authorise(order)).toMatchObject({ kind: 'authorised' });
    },
  );

  test('tok_timeout is unknown at the deadline, and nothing was authorised', async () => {
    const order = fresh();
    const from = performance.now();
    expect(await authorise(order, 'tok_timeout', 50)).toEqual({ kind: 'unknown' });
    expect(performance.now() - from).toBeGreaterThan(45);
    expect(await provider.find(order)).toBeNull();
  });

  test('tok_timeout_after_success is unknown, but the payment is there, and who asks again is told', async () => {
    const order = fresh();
    expect(await authorise(order, 'tok_timeout_after_success', 100)).toEqual({ kind: 'unknown' });
    const found = await provider.find(order);
    expect(found).toMatchObject({ state: 'authorised' });
    expect(await authorise(order, 'tok_timeout_after_success')).toEqual({
      kind: 'authorised',
      payment: found?.payment,
    });
  });

  test('tok_slow takes 1.5 seconds; past the deadline it is authorised all the same, unless it was voided', async () => {
    const [patient, late, voided] = [fresh(), fresh(), fresh()];
    const from = performance.now();
    const outcomes = Promise.all([
      authorise(patient, 'tok_slow'),
      authorise(late, 'tok_slow', 50),
      authorise(voided, 'tok_slow', 50),
    ]);
    await provider.void(voided);
    expect(await outcomes).toMatchObject([{ kind: 'authorised' }, { kind: 'unknown' }, { kind: 'unknown' }]);
    expect(performance.now() - from).toBeGreaterThan(1_450);
    await expect.poll(() => provider.find(late)).toMatchObject({ state: 'authorised' });
    expect(await provider.find(voided)).toBeNull();
  });

  test('tok_capture_fails_once fails once to capture', async () => {
    const order = await authorised('tok_capture_fails_once');
    await expect(provider.capture(order)).rejects.toMatchObject({
      name: 'Unavailable',
      dependency: 'payments',
    });
    expect(await provider.find(order)).toMatchObject({ state: 'authorised' });
    expect(await provider.capture(order)).toMatchObject({ state: 'captured' });
    expect(await captures(order)).toBe(1);
  });

  test('a test card is offered with what it does', () => {
    const offered = provider.methods();
    expect(offered.map(({ token }) => token)).toContain('tok_ok');
    for (const method of offered) expect(method.outcome).not.toBe('');
  });
});

describe('at once', () => {
  test('50 authorisations of one order are one payment', async () => {
    const order = fresh();
    const outcomes = await Promise.all(Array.from({ length: 50 }, () => authorise(order)));
    expect(new Set(outcomes.map((outcome) => 'payment' in outcome && outcome.payment)).size).toBe(1);
    expect(outcomes[0]).toMatchObject({ kind: 'authorised' });
  });

  test('50 captures of one order take the money once', async () => {
    const order = await authorised();
    const payments = await Promise.all(Array.from({ length: 50 }, () => provider.capture(order)));
    for (const payment of payments) expect(payment.state).toBe('captured');
    expect(await captures(order)).toBe(1);
  });

  test('a capture and a void of one order never both happen', async () => {
    const both = await Promise.all(
      Array.from({ length: 50 }, async () => {
        const order = await authorised();
        return Promise.allSettled([provider.capture(order), provider.void(order)]);
      }),
    );
    for (const outcomes of both) {
      expect(outcomes.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
    }
  });
});

describe('a payment', () => {
  test('a payment that was voided cannot be captured or authorised, and may be voided again', async () => {
    const order = await authorised();
    await provider.void(order);
    await provider.void(order);
    await expect(provider.capture(order)).rejects.toThrow(PaymentImpossible);
    expect(await authorise(order)).toMatchObject({ kind: 'declined' });
    expect(await provider.find(order)).toMatchObject({ state: 'voided' });
  });

  test('a payment of an order voided before it was ever authorised never comes to be', async () => {
    const order = fresh();
    await provider.void(order);
    expect(await authorise(order)).toMatchObject({ kind: 'declined' });
    expect(await provider.find(order)).toBeNull();
    await expect(provider.capture(order)).rejects.toThrow(PaymentImpossible);
  });

  test('a payment that was captured is refunded once, never with more than was taken, and not voided', async () => {
    const order = await authorised();
    await expect(provider.refund(order, 4_500)).rejects.toThrow(PaymentImpossible);
    await provider.capture(order);
    await expect(provider.void(order)).rejects.toThrow(PaymentImpossible);
    await expect(provider.refund(order, 4_501)).rejects.toThrow(PaymentImpossible);
    expect(await provider.refund(order, 4_500)).toMatchObject({ state: 'refunded' });
    expect(await provider.refund(order, 4_500)).toMatchObject({ state: 'refunded' });
    await expect(provider.capture(order)).rejects.toThrow(PaymentImpossible);
  });

  test('a payment that does not exist can be neither captured nor refunded', async () => {
    await expect(provider.capture(fresh())).rejects.toThrow(PaymentImpossible);
    await expect(provider.refund(fresh(), 1)).rejects.toThrow(PaymentImpossible);
  });
});

describe('a cloud out of reach', () => {
  test('a cloud out of reach is unknown to who authorises, and an error with its cause to everybody else', async () => {
    const lost = new Redis(testRedisUrl(), { maxRetriesPerRequest: 0 });
    lost.disconnect();
    const nowhere = openPaymentProvider({ kind: 'simulated', redis: lost, latencyMs: 1, deadlineMs: 200 });
    const order = fresh();
    expect(
      await nowhere.authorise({ order, amount: 1, currency: 'EUR', method: 'tok_ok', deadlineMs: 200 }),
    ).toEqual({ kind: 'unknown' });
    for (const call of [nowhere.capture(order), nowhere.void(order), nowhere.find(order)]) {
      await expect(call).rejects.toMatchObject({
        name: 'Unavailable',
        dependency: 'payments',
        cause: expect.any(Error),
      });
    }
    await nowhere.close();
  });

  test('a payment cloud that is closed settles every call that waits', async () => {
    const closing = openPaymentProvider({ kind: 'simulated', redis, latencyMs: 60_000, deadlineMs: 60_000 });
    const [asked, found] = [
      closing.authorise({
        order: fresh(),
        amount: 1,
        currency: 'EUR',
        method: 'tok_timeout',
        deadlineMs: 60_000,
      }),
      closing.find(fresh()),
    ];
    await closing.close();
    expect(await asked).toEqual({ kind: 'unknown' });
    await expect(found).rejects.toMatchObject({ name: 'Unavailable', dependency: 'payments' });
  });
});
