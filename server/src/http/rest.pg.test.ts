import { errorBody, orderBody, uuidv7 } from '@seatwire/protocol';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Served, startServed } from '../testing/served.ts';

let served: Served;
beforeAll(async () => {
  served = await startServed();
});
afterAll(() => served.stop());

const op = () => `op-${uuidv7()}`;

describe('REST', () => {
  test('lists the event on sale, with its prices', async () => {
    const list = await served.call('GET', '/api/events?limit=5');
    expect(list.status).toBe(200);
    expect(list.body.events).toMatchObject([
      { id: served.event, minPrice: 1000, maxPrice: 5000, places: 40 },
    ]);
    const detail = await served.call('GET', `/api/events/${served.event}`);
    expect(detail.body.prices).toHaveLength(3);
  });

  test('holds, pays and lists the order', async () => {
    const { accessToken: token } = await served.customer();
    const held = await served.call('POST', `/api/events/${served.event}/holds`, {
      token,
      body: { opId: op(), places: [3, 2] },
    });
    expect(held).toMatchObject({ status: 201, body: { places: [2, 3], amount: 10_000, currency: 'EUR' } });
    const paid = await served.call('POST', '/api/orders', {
      token,
      headers: { 'idempotency-key': op() },
      body: { event: served.event, hold: held.body.hold, method: 'tok_ok' },
    });
    expect(paid).toMatchObject({ status: 202, body: { status: 'accepted', amount: 10_000 } });
    expect(orderBody.safeParse(paid.body).success).toBe(true);
    const orders = await served.call('GET', '/api/orders', { token });
    expect(orders.body.orders).toMatchObject([{ id: paid.body.id, status: 'accepted' }]);
    expect(await served.call('GET', `/api/orders/${paid.body.id}`, { token })).toMatchObject({ status: 200 });
  });

  test('readyz needs Redis and Postgres and reports MongoDB', async () => {
    expect(await served.call('GET', '/readyz')).toMatchObject({
      status: 200,
      body: { ready: true, checks: { redis: 'ok', postgres: 'ok', mongo: 'failed' } },
    });
  });

  test('an unknown address has the form of every error', async () => {
    const answer = await served.call('GET', '/api/nowhere');
    expect(answer.status).toBe(404);
    expect(errorBody.parse(answer.body).error.code).toBe('not_found');
  });
});
