/** Orders of amount 0, beside one that costs something. */
import { type HoldId, type OpId, type Session, uuidv7 } from '@seatwire/protocol';
import { openPaymentProvider, type PaymentProvider } from '@seatwire/store';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Served, startServed } from '../testing/served.ts';

let paid: Served;
let free: Served;
let simulated: PaymentProvider;
beforeAll(async () => {
  paid = await startServed();
  const prices = ['dear', 'cheap', 'standing'].map((category) => ({ category, amount: 0 }));
  free = await startServed({}, { prices });
  simulated = openPaymentProvider({ kind: 'simulated', redis: free.redis });
});
afterAll(async () => {
  await simulated.close();
  await free.stop();
  await paid.stop();
});

const newOp = () => `op-${uuidv7()}` as OpId;

async function heldIn(served: Served): Promise<{ buyer: Session; hold: HoldId }> {
  const buyer = await served.customer();
  const answer = await served.call('POST', `/api/events/${served.event}/holds`, {
    token: buyer.accessToken,
    body: { opId: newOp(), best: { count: 1 } },
  });
  return { buyer, hold: answer.body.hold };
}

const buy = (served: Served, buyer: Session, hold: HoldId, method?: string, key = newOp()) =>
  served.call('POST', '/api/orders', {
    token: buyer.accessToken,
    headers: { 'idempotency-key': key },
    body: { event: served.event, hold, ...(method === undefined ? {} : { method }) },
  });

describe('what costs nothing', () => {
  test.each(['tok_declined', 'tok_timeout', 'no-such-card', undefined])(
    '[CB18] an order that costs nothing is sold without a word to the provider, paid with %s',
    async (method) => {
      const { buyer, hold } = await heldIn(free);
      const key = newOp();
      const sold = await buy(free, buyer, hold, method, key);
      expect(sold).toMatchObject({ status: 202, body: { status: 'accepted', amount: 0 } });
      expect((await buy(free, buyer, hold, method, key)).body).toEqual(sold.body);
      expect(await simulated.find(sold.body.id)).toBeNull();
    },
  );

  test('[CB18] the control: what costs something is not, and needs a method that there is', async () => {
    const { buyer, hold } = await heldIn(paid);
    const unknown = { status: 400, body: { code: 'unknown_payment_method' } };
    expect(await buy(paid, buyer, hold)).toMatchObject(unknown);
    expect(await buy(paid, buyer, hold, 'no-such-card')).toMatchObject(unknown);
    expect((await paid.seats.findHold(paid.event, hold))?.state).toBe('held');
    const sold = await buy(paid, buyer, hold, 'tok_ok');
    expect((await simulated.find(sold.body.id))?.state).toBe('authorised');
  });

  test('[CB18] a free hold that is over is not sold', async () => {
    const { buyer, hold } = await heldIn(free);
    await free.seats.release({ event: free.event, buyer: buyer.user.id, op: newOp(), hold });
    expect((await buy(free, buyer, hold)).body.code).toBe('hold_not_found');
    expect((await buy(free, buyer, hold, 'tok_ok')).body.code).toBe('hold_not_found');
  });
});
