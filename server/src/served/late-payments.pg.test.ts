/** Payments whose answers come late, or meet each other: the order of things is the test's. */
import type { Buyer } from '@seatwire/domain';
import {
  type Epoch,
  type HoldId,
  isRefusal,
  type OpId,
  type OrderId,
  randomToken,
  refused,
  type UserId,
  uuidv7,
} from '@seatwire/protocol';
import { findSeatPlan, openPaymentProvider, type PaymentProvider, type SeatStore } from '@seatwire/store';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { saleDesk } from '../testing/sale-desk.ts';
import { type Served, startServed } from '../testing/served.ts';

type Authorise = PaymentProvider['authorise'];

let served: Served;
let simulated: PaymentProvider;
beforeAll(async () => {
  served = await startServed();
  simulated = openPaymentProvider({ kind: 'simulated', redis: served.redis });
});
// Sold places go back on offer: the small theatre has 40.
afterEach(async () => {
  const { event, seats } = served;
  const buyer = uuidv7() as UserId;
  for (const [place, fence] of await seats.soldFences(event)) {
    await seats.cancel({ event, buyer, fence, places: [place] });
  }
});
afterAll(async () => {
  await simulated.close();
  await served.stop();
});

const newOp = () => `op-${uuidv7()}` as OpId;

/** The provider, each card's answer waiting for the test: `card.say()`. */
class Cards {
  readonly #waiting = new Map<string, { asked: () => void; said: Promise<void> }>();
  readonly provider: PaymentProvider = this.#proxy();
  readonly voided: OrderId[] = [];

  card(method: string): { readonly asked: Promise<void>; say(): void } {
    let say: () => void = () => undefined;
    let ask: () => void = () => undefined;
    const said = new Promise<void>((resolve) => {
      say = resolve;
    });
    const asked = new Promise<void>((resolve) => {
      ask = resolve;
    });
    this.#waiting.set(method, { asked: ask, said });
    return { asked, say };
  }

  #proxy(): PaymentProvider {
    const authorise: Authorise = async (request) => {
      const waiting = this.#waiting.get(request.method);
      waiting?.asked();
      await waiting?.said;
      return simulated.authorise(request);
    };
    const voided = async (order: OrderId) => {
      this.voided.push(order);
      return simulated.void(order);
    };
    return new Proxy(simulated, {
      get: (target, name) => {
        if (name === 'authorise') return authorise;
        if (name === 'void') return voided;
        const value = Reflect.get(target, name) as unknown;
        return typeof value === 'function' ? value.bind(target) : value;
      },
    });
  }
}

/** The store, but for one command. */
function storeWith<K extends keyof SeatStore>(name: K, instead: SeatStore[K]): SeatStore {
  return new Proxy(served.seats as SeatStore, {
    get(target, asked) {
      if (asked === name) return instead;
      const value = Reflect.get(target, asked) as unknown;
      return typeof value === 'function' ? value.bind(target) : value;
    },
  });
}

async function checkedOut(checkout = true) {
  const buyer = await served.customer();
  const by = buyer.user.id as Buyer;
  const { event } = served;
  const answer = await served.call('POST', `/api/events/${event}/holds`, {
    token: buyer.accessToken,
    body: { opId: newOp(), best: { count: 1 } },
  });
  const hold = answer.body.hold as HoldId;
  const cards = new Cards();
  const desk = saleDesk(served, simulated, { provider: cards.provider });
  if (checkout) await desk.checkout(by, { op: newOp(), event, hold });
  const pay = (method: string, at = desk) => at.pay(by, { op: newOp(), event, hold, method });
  const find = () => served.seats.findHold(event, hold);
  const ref = () => ({ event, buyer: buyer.user.id, op: newOp(), hold });
  return { buyer, by, event, hold, cards, desk, pay, find, ref };
}

const DECLINED = 'tok_declined';
const GOOD = 'tok_ok';

describe('two payments of one hold at once, one declined', () => {
  test('[CF5] the declined one answers first: the good one sells all the same', async () => {
    const { cards, pay, find } = await checkedOut();
    const good = cards.card(GOOD);
    const paying = pay(GOOD);
    await good.asked;
    expect(await pay(DECLINED)).toEqual(refused('payment_declined'));
    expect((await find())?.state).toBe('held');
    good.say();
    const sold = await paying;
    expect(sold).toMatchObject({ ok: true });
    if (!isRefusal(sold)) expect((await simulated.find(sold.order))?.state).toBe('authorised');
    expect(cards.voided).toEqual([]);
    expect(await find()).toBeNull();
  });

  test('[CF5] the good one answers first: it sells, and the declined one is not told the places are still theirs to pay', async () => {
    const { cards, pay } = await checkedOut();
    const declined = cards.card(DECLINED);
    const paying = pay(DECLINED);
    await declined.asked;
    expect(await pay(GOOD)).toMatchObject({ ok: true });
    declined.say();
    expect(await paying).toEqual(refused('hold_not_found'));
    expect(cards.voided).toEqual([]);
  });

  test.each([
    ['sells', 'hold_not_found'],
    ['is given back', 'hold_expired'],
  ] as const)('[CF5] a hold that %s just after the declined card gave it back: %s', async (end, code) => {
    const { cards, pay, ref } = await checkedOut();
    const good = cards.card(GOOD);
    const paying = pay(GOOD);
    await good.asked;
    const meeting = storeWith('revert', async (command) => {
      const back = await served.seats.revert(command);
      if (end === 'is given back') await served.seats.release(ref());
      good.say();
      await paying;
      return back;
    });
    const late = saleDesk(served, simulated, { provider: cards.provider, store: meeting });
    expect(await pay(DECLINED, late)).toEqual(refused(code));
    expect((await paying).ok).toBe(end === 'sells');
  });

  test('[CF5] the control: without its way back to checkout the good one is lost, and every later card is refused', async () => {
    const { cards, pay, by, event, hold } = await checkedOut();
    const refusing = storeWith('confirm', async (command) => {
      const done = await served.seats.confirm(command);
      return !done.ok && done.code === 'hold_not_paying' ? { ok: false, code: 'hold_expired' } : done;
    });
    const without = saleDesk(served, simulated, { provider: cards.provider, store: refusing });
    const good = cards.card(GOOD);
    const paying = pay(GOOD, without);
    await good.asked;
    expect(await pay(DECLINED)).toEqual(refused('payment_declined'));
    good.say();
    expect(await paying).toEqual(refused('hold_expired'));
    const later = saleDesk(served, simulated, {});
    await later.checkout(by, { op: newOp(), event, hold });
    expect(await pay(GOOD, later)).toEqual(refused('payment_declined'));
  });

  test('[CF5] two payments of one hold at once by REST, one declined, 20 times at random, sell once or leave a hold that the next card pays', async () => {
    const { event } = served;
    for (let time = 0; time < 20; time++) {
      const { buyer, find } = await checkedOut(false);
      const hold = (await served.seats.holdsOf(event, buyer.user.id))[0]!.hold;
      const buy = (method: string) =>
        served.call('POST', '/api/orders', {
          token: buyer.accessToken,
          headers: { 'idempotency-key': newOp() },
          body: { event, hold, method },
        });
      const order = time % 2 === 0 ? [DECLINED, GOOD] : [GOOD, DECLINED];
      const answers = await Promise.all(order.map(buy));
      const good = answers[order.indexOf(GOOD)]!;
      if (good.status !== 202) {
        expect(await find()).not.toBeNull();
        expect((await buy(GOOD)).status).toBe(202);
      }
      expect(await find()).toBeNull();
    }
  });
});

describe('a card that is answered after the hold', () => {
  const ends = {
    'was given back': async ({ ref }: Awaited<ReturnType<typeof checkedOut>>) => {
      expect(await served.seats.release(ref())).toMatchObject({ ok: true });
    },
    'expired, before it is swept': async ({ event, find }: Awaited<ReturnType<typeof checkedOut>>) => {
      await expect.poll(find, { timeout: 10_000 }).toBeNull();
      expect(event).toBe(served.event);
    },
    'expired, and was swept': async ({ event, find }: Awaited<ReturnType<typeof checkedOut>>) => {
      await expect.poll(find, { timeout: 10_000 }).toBeNull();
      await served.seats.expireDue(served.seats.partitionOf(event), 100);
    },
    'ended with a rebuild': async ({ event }: Awaited<ReturnType<typeof checkedOut>>) => {
      const { epoch } = (await served.seats.snapshot(event))!;
      const plan = (await findSeatPlan(served.db, event))!;
      expect(await served.seats.rebuild(event, plan, randomToken() as Epoch, epoch)).toBe(true);
    },
  };

  describe.each(Object.entries(ends))('%s', (name, end) => {
    test.each([
      ['declined', DECLINED],
      ['good', GOOD],
      ['silent', 'tok_timeout'],
    ])('[CB5] a %s card: the buyer hears of the end, and no money is kept', async (_, method) => {
      const brief = name.startsWith('expired');
      const { rules } = (await findSeatPlan(served.db, served.event))!;
      if (brief) await served.seats.setRules(served.event, { ...rules, holdMs: 600, payingMs: 600 });
      const made = await checkedOut();
      if (brief) await served.seats.setRules(served.event, rules);
      const { order } = (await made.find())!;
      const card = made.cards.card(method);
      const paying = made.pay(method);
      await card.asked;
      await end(made);
      card.say();
      expect(await paying).toEqual(refused('hold_expired'));
      const payment = await simulated.find(order!);
      expect(payment?.state ?? 'none').toBe(method === GOOD ? 'voided' : 'none');
    });
  });

  test('[CB5] a card that is declined because the order was voided is news of the end', async () => {
    const made = await checkedOut();
    const { order } = (await made.find())!;
    const card = made.cards.card(GOOD);
    const paying = made.pay(GOOD);
    await card.asked;
    await served.seats.release(made.ref());
    await simulated.void(order!);
    card.say();
    expect(await paying).toEqual(refused('hold_expired'));
  });

  test('[CB5] the control: a card declined in time leaves the hold, and says so', async () => {
    const { pay, find } = await checkedOut();
    expect(await pay(DECLINED)).toEqual(refused('payment_declined'));
    expect((await find())?.state).toBe('held');
  });

  test('[CB5] a payment of which nothing is known is not voided when another command sold its order', async () => {
    const made = await checkedOut();
    const away = saleDesk(served, simulated, {
      provider: new Proxy(made.cards.provider, {
        get: (target, name) => (name === 'find' ? async () => null : (Reflect.get(target, name) as unknown)),
      }),
    });
    const silent = made.cards.card('tok_timeout');
    const paying = made.pay('tok_timeout', away);
    await silent.asked;
    const sold = await made.pay(GOOD);
    silent.say();
    expect(await paying).toMatchObject({ ok: true, order: isRefusal(sold) ? null : sold.order });
    expect(made.cards.voided).toEqual([]);
  });
});
