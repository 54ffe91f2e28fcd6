import { type HoldId, type OpId, type Session, uuidv7 } from '@seatwire/protocol';
import {
  openPaymentProvider,
  type PaymentProvider,
  SaleRecords,
  type SeatStore,
  StoreUnavailable,
} from '@seatwire/store';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Principal } from '../accounts/principal.ts';
import { isRefused } from '../outcome.ts';
import { type Records, saleDesk } from '../testing/sale-desk.ts';
import { type Answer, type Served, startServed } from '../testing/served.ts';

let served: Served;
let simulated: PaymentProvider;
let next = 0;
beforeAll(async () => {
  served = await startServed({ PAYMENT_TIMEOUT_MS: '2000' });
  simulated = openPaymentProvider({ kind: 'simulated', redis: served.seats.redis });
});
afterAll(async () => {
  await simulated.close();
  await served.stop();
});

const op = () => `op-${uuidv7()}`;
const freshPlace = () => next++;

async function hold(buyer: Session, places = [freshPlace()]): Promise<HoldId> {
  const answer = await served.call('POST', `/api/events/${served.event}/holds`, {
    token: buyer.accessToken,
    body: { opId: op(), places },
  });
  expect(answer.status).toBe(201);
  return answer.body.hold;
}

function buy(buyer: Session, held: HoldId, method = 'tok_ok', key = op()): Promise<Answer> {
  return served.call('POST', '/api/orders', {
    token: buyer.accessToken,
    headers: { 'idempotency-key': key },
    body: { event: served.event, hold: held, method },
  });
}

const codeOf = (answer: Answer): string => answer.body.error?.code ?? answer.body.status;

const deskWith = (instead: Parameters<typeof saleDesk>[2]) => saleDesk(served, simulated, instead);

function paying(buyer: Session, held: HoldId, method = 'tok_ok') {
  const principal: Principal = { user: buyer.user.id, role: 'customer', expiresAt: null };
  return { principal, command: { op: op() as OpId, event: served.event, hold: held, method } };
}

/** `target`, but the first call of `method` is carried out and its answer lost. */
function losingFirst<T extends object>(target: T, method: keyof T & string): T {
  let lost = false;
  return new Proxy(target, {
    get(_, name) {
      const value = Reflect.get(target, name) as unknown;
      if (typeof value !== 'function') return value;
      const call = value.bind(target) as (...args: unknown[]) => unknown;
      if (name !== method || lost) return call;
      return async (...args: unknown[]) => {
        await call(...args);
        lost = true;
        throw new StoreUnavailable('the answer was lost');
      };
    },
  });
}

/** Places that `work` sold. */
async function sold(work: () => Promise<void>): Promise<number> {
  const before = (await served.seats.soldFences(served.event)).size;
  await work();
  return (await served.seats.soldFences(served.event)).size - before;
}

describe('a purchase whose answers get lost', () => {
  const losing = {
    'the checkout': () => ({ store: losingFirst<SeatStore>(served.seats, 'checkout') }),
    'the look at the hold': () => ({ store: losingFirst<SeatStore>(served.seats, 'findHold') }),
    'the note before the payment': () => ({ records: losingFirst<Records>(newRecords(), 'note') }),
    'the authorisation': () => ({ provider: losingFirst(simulated, 'authorise') }),
    'the confirmation': () => ({ store: losingFirst<SeatStore>(served.seats, 'confirm') }),
    'the record of the answer': () => ({ records: losingFirst<Records>(newRecords(), 'answer') }),
  };
  const newRecords = () => new SaleRecords(served.seats.redis, 200) as Records;

  test.each(Object.entries(losing))('[RE9] %s: repeated under its op, it sells once', async (_, instead) => {
    const buyer = await served.customer();
    const desk = deskWith(instead());
    const { principal, command } = paying(buyer, await hold(buyer));
    const made = await sold(async () => {
      const first = await desk.purchase(principal, command);
      const second = await desk.purchase(principal, command);
      expect(second).toMatchObject({ order: expect.any(String) });
      if (!isRefused(first)) expect(first).toEqual(second);
      else expect(first).toEqual({ reject: 'unavailable' });
      expect(await deskWith({}).purchase(principal, command)).toEqual(second);
      if (!isRefused(second)) expect((await simulated.find(second.order))?.state).toBe('authorised');
    });
    expect(made).toBe(1);
  });

  test('[RE9] the revert after a declined card: repeated under its op, the hold is the buyer’s again', async () => {
    const buyer = await served.customer();
    const held = await hold(buyer);
    const desk = deskWith({ store: losingFirst<SeatStore>(served.seats, 'revert') });
    const { principal, command } = paying(buyer, held, 'tok_declined');
    expect(await desk.purchase(principal, command)).toEqual({ reject: 'unavailable' });
    expect(await desk.purchase(principal, command)).toEqual({ reject: 'payment_declined' });
    expect((await served.seats.findHold(served.event, held))?.state).toBe('held');
  });
});

describe('a purchase', () => {
  test('[RE11] asked 100 times at once under one key is one purchase with one answer', async () => {
    const buyer = await served.customer();
    const held = await hold(buyer);
    const key = op();
    const made = await sold(async () => {
      const answers = await Promise.all(Array.from({ length: 100 }, () => buy(buyer, held, 'tok_ok', key)));
      expect(new Set(answers.map((answer) => answer.status))).toEqual(new Set([202]));
      expect(new Set(answers.map((answer) => JSON.stringify(answer.body))).size).toBe(1);
      expect((await buy(buyer, held, 'tok_ok', key)).body).toEqual(answers[0]!.body);
    });
    expect(made).toBe(1);
  });

  test('[RE11] asked 20 times at once under different keys sells once, and the others are told', async () => {
    const buyer = await served.customer();
    const held = await hold(buyer);
    const made = await sold(async () => {
      const answers = await Promise.all(Array.from({ length: 20 }, () => buy(buyer, held)));
      const orders = new Set(answers.filter(({ status }) => status === 202).map(({ body }) => body.id));
      expect(orders.size).toBe(1);
      const refused = answers.filter(({ status }) => status !== 202).map(codeOf);
      expect(new Set([...refused, 'hold_not_found'])).toEqual(new Set(['hold_not_found']));
    });
    expect(made).toBe(1);
  });

  test('[RE11] the control: without the record of what was answered, a repeat gets another answer', async () => {
    const buyer = await served.customer();
    const forgetful = {
      claim: async () => ({ kind: 'yours', note: null }),
      note: async () => undefined,
      answer: async () => undefined,
      release: async () => undefined,
    } as unknown as Records;
    const desk = deskWith({ records: forgetful });
    const { principal, command } = paying(buyer, await hold(buyer));
    expect(await desk.purchase(principal, command)).toMatchObject({ order: expect.any(String) });
    expect(await desk.purchase(principal, command)).toEqual({ reject: 'hold_not_found' });
  });

  test('[RE11] another body under the same key is a conflict', async () => {
    const buyer = await served.customer();
    const held = await hold(buyer);
    const key = op();
    expect((await buy(buyer, held, 'tok_ok', key)).status).toBe(202);
    const other = await buy(buyer, held, 'tok_slow', key);
    expect(other).toMatchObject({ status: 422, body: { error: { code: 'op_conflict' } } });
  });

  test('needs a key, and says so', async () => {
    const buyer = await served.customer();
    const answer = await served.call('POST', '/api/orders', {
      token: buyer.accessToken,
      body: { event: served.event, hold: await hold(buyer), method: 'tok_ok' },
    });
    expect(answer.body.error).toMatchObject({
      code: 'bad_request',
      issues: [{ path: 'header.idempotency-key' }],
    });
  });

  test('a declined card leaves the places with the buyer, who pays with another', async () => {
    const buyer = await served.customer();
    const held = await hold(buyer);
    const key = op();
    expect(codeOf(await buy(buyer, held, 'tok_declined', key))).toBe('payment_declined');
    expect(codeOf(await buy(buyer, held, 'tok_declined', key))).toBe('payment_declined');
    expect((await served.seats.findHold(served.event, held))?.state).toBe('held');
    expect((await buy(buyer, held, 'tok_ok')).status).toBe(202);
  });

  test('a payment whose answer was lost is found, and sells', async () => {
    const buyer = await served.customer();
    expect((await buy(buyer, await hold(buyer), 'tok_timeout_after_success')).status).toBe(202);
  });

  test('a provider that never answers leaves the places in checkout, and the same key may be tried again', async () => {
    const buyer = await served.customer();
    const held = await hold(buyer);
    const key = op();
    const unknown = await buy(buyer, held, 'tok_timeout', key);
    expect(unknown).toMatchObject({
      status: 504,
      body: { error: { code: 'payment_unknown', retryable: true } },
    });
    expect((await served.seats.findHold(served.event, held))?.state).toBe('paying');
    expect(codeOf(await buy(buyer, held, 'tok_timeout', key))).toBe('payment_unknown');
    expect((await buy(buyer, held, 'tok_ok')).status).toBe(202);
  });

  test('an unknown payment method is refused before anything moves', async () => {
    const buyer = await served.customer();
    const held = await hold(buyer);
    expect(codeOf(await buy(buyer, held, 'tok_nonsense'))).toBe('unknown_payment_method');
    expect((await served.seats.findHold(served.event, held))?.state).toBe('held');
  });

  test('[RE13] a payment for a hold that ended meanwhile is let go, and nothing is sold', async () => {
    const buyer = await served.customer();
    const held = await hold(buyer);
    const made = await sold(async () => {
      const paying = buy(buyer, held, 'tok_slow');
      await expect
        .poll(async () => (await served.seats.findHold(served.event, held))?.state, { timeout: 3_000 })
        .toBe('paying');
      const { order } = (await served.seats.findHold(served.event, held))!;
      const user = buyer.user.id;
      await served.seats.release({ event: served.event, buyer: user, op: op() as OpId, hold: held });
      expect(codeOf(await paying)).toBe('hold_expired');
      expect((await simulated.find(order!))?.state).toBe('voided');
    });
    expect(made).toBe(0);
  });
});
