import { type Buyer, saleRecords } from '@seatwire/domain';
import { type HoldId, isRefusal, type OpId, refused, type Session, uuidv7 } from '@seatwire/protocol';
import { openPaymentProvider, type PaymentProvider, type SeatStore, Unavailable } from '@seatwire/store';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Records, saleDesk } from '../testing/sale-desk.ts';
import { type Answer, type Served, startServed } from '../testing/served.ts';

let served: Served;
let simulated: PaymentProvider;
let next = 0;
beforeAll(async () => {
  served = await startServed({ PAYMENT_TIMEOUT_MS: '2000' });
  simulated = openPaymentProvider({ kind: 'simulated', redis: served.redis });
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

const codeOf = (answer: Answer): string => answer.body.code ?? answer.body.status;

const deskWith = (instead: Parameters<typeof saleDesk>[2]) => saleDesk(served, simulated, instead);

function paying(buyer: Session, held: HoldId, method = 'tok_ok') {
  return {
    by: buyer.user.id as Buyer,
    command: { op: op() as OpId, event: served.event, hold: held, method },
  };
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
        throw new Unavailable('redis', 'the answer was lost');
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
  const newRecords = () => saleRecords(served.redis, 200);

  test.each(Object.entries(losing))(
    '[RE9] a purchase by %s, repeated under its op, sells once',
    async (_, instead) => {
      const buyer = await served.customer();
      const desk = deskWith(instead());
      const { by, command } = paying(buyer, await hold(buyer));
      const made = await sold(async () => {
        const first = await desk.purchase(by, command);
        const second = await desk.purchase(by, command);
        expect(second).toMatchObject({ order: expect.any(String) });
        if (!isRefusal(first)) expect(first).toEqual(second);
        else expect(first).toEqual(refused('unavailable'));
        expect(await deskWith({}).purchase(by, command)).toEqual(second);
        if (!isRefusal(second)) expect((await simulated.find(second.order))?.state).toBe('authorised');
      });
      expect(made).toBe(1);
    },
  );

  test('[RE9] the revert after a declined card: repeated under its op, the hold is the buyer’s again', async () => {
    const buyer = await served.customer();
    const held = await hold(buyer);
    const desk = deskWith({ store: losingFirst<SeatStore>(served.seats, 'revert') });
    const { by, command } = paying(buyer, held, 'tok_declined');
    expect(await desk.purchase(by, command)).toEqual(refused('unavailable'));
    expect(await desk.purchase(by, command)).toEqual(refused('payment_declined'));
    expect((await served.seats.findHold(served.event, held))?.state).toBe('held');
  });
});

describe('a purchase that is asked for again at another server', () => {
  const BRIEF_MS = 200;
  const atServer = (changed: Partial<PaymentProvider> = {}, keep?: Records['keep']) => {
    const records = saleRecords(served.redis, BRIEF_MS);
    if (keep) records.keep = keep;
    const provider = new Proxy(simulated, {
      get(target, name) {
        const value = Reflect.get(name in changed ? changed : target, name) as unknown;
        return typeof value === 'function' ? (value.bind(target) as unknown) : value;
      },
    });
    return deskWith({ records, provider });
  };
  const never = new Promise<never>(() => undefined);

  test('a purchase asked for again at another server while the first is at it, however long that takes, is carried out once', async () => {
    const buyer = await served.customer();
    const { by, command } = paying(buyer, await hold(buyer));
    let asked = 0;
    const authorise: PaymentProvider['authorise'] = async (request) => {
      asked++;
      await new Promise((resolve) => setTimeout(resolve, 4 * BRIEF_MS));
      return simulated.authorise(request);
    };
    const answers = await Promise.all([
      atServer({ authorise }).purchase(by, command),
      atServer({ authorise }).purchase(by, command),
    ]);
    expect(answers[0]).toMatchObject({ order: expect.any(String) });
    expect(answers[1]).toEqual(answers[0]);
    expect(asked).toBe(1);
  });

  test('a purchase asked for again at another server after the first died is carried on once its lease has expired', async () => {
    const buyer = await served.customer();
    const { by, command } = paying(buyer, await hold(buyer));
    let reached: () => void = () => undefined;
    const asking = new Promise<void>((resolve) => {
      reached = resolve;
    });
    const authorise = () => {
      reached();
      return never;
    };
    // A process that is gone renews nothing.
    void atServer({ authorise, find: () => never }, () => () => undefined).purchase(by, command);
    await asking;
    expect(await atServer().purchase(by, command)).toMatchObject({ order: expect.any(String) });
  });
});

describe('a purchase', () => {
  test('[RE11] a purchase asked for 100 times at once under one key is one purchase with one answer', async () => {
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

  test('[RE11] a purchase asked for 20 times at once under different keys sells once, and the others are told', async () => {
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
      answer: async (_: unknown, answer: unknown) => answer,
      release: async () => undefined,
      keep: () => () => undefined,
    } as unknown as Records;
    const desk = deskWith({ records: forgetful });
    const { by, command } = paying(buyer, await hold(buyer));
    expect(await desk.purchase(by, command)).toMatchObject({ order: expect.any(String) });
    expect(await desk.purchase(by, command)).toEqual(refused('hold_not_found'));
  });

  test('[RE11] another body under the same key is a conflict', async () => {
    const buyer = await served.customer();
    const held = await hold(buyer);
    const key = op();
    expect((await buy(buyer, held, 'tok_ok', key)).status).toBe(202);
    const other = await buy(buyer, held, 'tok_slow', key);
    expect(other).toMatchObject({ status: 422, body: { code: 'op_conflict' } });
  });

  test('a purchase needs a key, and says so', async () => {
    const buyer = await served.customer();
    const answer = await served.call('POST', '/api/orders', {
      token: buyer.accessToken,
      body: { event: served.event, hold: await hold(buyer), method: 'tok_ok' },
    });
    expect(answer.body).toMatchObject({
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

  test.each([
    ['pay', 'hold_not_paying'],
    ['purchase', 'hold_not_found'],
  ] as const)(
    '[C4] a %s refused before any money was asked for may do better under the same op: %s',
    async (kind, code) => {
      const buyer = await served.customer();
      const held = await hold(buyer);
      const { by, command } = paying(buyer, held);
      const ref = { event: served.event, buyer: buyer.user.id, hold: held };
      const away = new Proxy(served.seats as SeatStore, {
        get: (target, name) =>
          name === 'checkout'
            ? async () => refused('hold_not_found')
            : (Reflect.get(target, name) as unknown),
      });
      expect(await deskWith(kind === 'pay' ? {} : { store: away })[kind](by, command)).toEqual(refused(code));
      if (kind === 'pay') await deskWith({}).checkout(by, { op: op() as OpId, ...ref });
      expect(await deskWith({})[kind](by, command)).toMatchObject({ ok: true });
    },
  );

  test('[C4] the control: one that met its card keeps the answer, though another card would pay', async () => {
    const buyer = await served.customer();
    const { by, command } = paying(buyer, await hold(buyer), 'tok_declined');
    expect(await deskWith({}).purchase(by, command)).toEqual(refused('payment_declined'));
    expect(await deskWith({}).purchase(by, { ...command, op: op() as OpId, method: 'tok_ok' })).toMatchObject(
      { ok: true },
    );
    expect(await deskWith({}).purchase(by, command)).toEqual(refused('payment_declined'));
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
      body: { code: 'payment_unknown', retryable: true },
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
