/** Holds over the seat store: prices each place, asks the store, and says it in the protocol's words. */
import { type EventId, type HoldId, randomToken, type UserId } from '@seatwire/protocol';
import type { Hold, HoldCommand, SeatStore } from '@seatwire/store';
import { buyerOf } from '../accounts/buyer.ts';
import type { Principal } from '../accounts/principal.ts';
import type { Catalogue } from '../events/catalogue.ts';
import type { PriceList } from '../events/price-list.ts';
import type { Answer, Command } from '../messages.ts';
import { isRefused, type Outcome, type Refused, refused } from '../outcome.ts';
import type { Orders } from '../sales/orders.ts';
import type { HoldEndings } from './hold-endings.ts';
import type { HoldTouches } from './hold-touches.ts';
import type { Holds } from './holds.ts';
import type { SeatCalls } from './seat-calls.ts';

type Want = HoldCommand['want'];

export interface HoldDeskOptions {
  readonly store: SeatStore;
  readonly catalogue: Catalogue;
  readonly calls: SeatCalls;
  readonly orders: Orders;
  readonly endings: HoldEndings;
  readonly touches: HoldTouches;
  /** Counts how commands end: `granted`, or the code of the refusal. */
  readonly count: (command: 'hold' | 'hold-best' | 'extend' | 'release', outcome: string) => void;
}

export class HoldDesk implements Holds {
  readonly #o: HoldDeskOptions;

  constructor(options: HoldDeskOptions) {
    this.#o = options;
  }

  hold(principal: Principal, command: Command<'hold'>): Promise<Outcome<Answer<'held'>>> {
    return this.#counted('hold', () =>
      this.#take(principal, command, (prices) => pricePlaces(prices, command.places)),
    );
  }

  holdBest(principal: Principal, command: Command<'hold-best'>): Promise<Outcome<Answer<'held'>>> {
    const { count, together, area, category } = command;
    return this.#counted('hold-best', () =>
      this.#take(principal, command, (prices) => {
        const stretches = prices.stretches(area, category);
        return stretches.length === 0
          ? refused('unknown_area')
          : { kind: 'best', count, together, stretches };
      }),
    );
  }

  extend(principal: Principal, command: Command<'extend'>): Promise<Outcome<Answer<'extended'>>> {
    const { op, event, hold } = command;
    return this.#counted('extend', async () => {
      const buyer = buyerOf(principal);
      if (isRefused(buyer)) return buyer;
      const done = await this.#o.calls.call(event, () =>
        this.#o.store.extend({ event, buyer: buyer.id, op, hold }),
      );
      if (isRefused(done)) return done;
      this.#o.endings.watch({ event, hold, buyer: buyer.id, expiresAt: done.expiresAt });
      this.#o.touches.touched(buyer.id, event, hold, op);
      return { type: 'extended', op, event, hold, expiresAt: done.expiresAt };
    });
  }

  release(principal: Principal, command: Command<'release'>): Promise<Outcome<Answer<'released'>>> {
    const { op, event, hold } = command;
    return this.#counted('release', async () => {
      const buyer = buyerOf(principal);
      if (isRefused(buyer)) return buyer;
      const done = await this.#o.calls.call(event, () =>
        this.#o.store.release({ event, buyer: buyer.id, op, hold }),
      );
      if (isRefused(done)) return done;
      this.#o.endings.forget(hold);
      return { type: 'released', op, event, hold };
    });
  }

  async mine(principal: Principal, { op, event }: Command<'mine'>): Promise<Outcome<Answer<'mine'>>> {
    const buyer = buyerOf(principal);
    if (isRefused(buyer)) return buyer;
    return this.#o.calls.settle(async () => {
      const [holds, orders] = await Promise.all([
        this.#o.store.holdsOf(event, buyer.id),
        this.#o.orders.briefs(buyer.id, event),
      ]);
      return { type: 'mine', op, event, holds: holds.map(ownHold), orders: [...orders] };
    });
  }

  look(buyer: UserId, event: EventId, id: HoldId): Promise<Outcome<Answer<'hold-changed'> | null>> {
    return this.#o.calls.settle(async () => {
      const hold = await this.#o.store.findHold(event, id);
      return hold?.buyer === buyer ? { type: 'hold-changed', event, ...ownHold(hold) } : null;
    });
  }

  /** One of the caller's own live holds. */
  async find(principal: Principal, event: Command<'hold'>['event'], id: HoldId): Promise<Outcome<Hold>> {
    const buyer = buyerOf(principal);
    if (isRefused(buyer)) return buyer;
    return this.#o.calls.settle(async () => {
      const hold = await this.#o.store.findHold(event, id);
      return hold?.buyer === buyer.id ? hold : refused('hold_not_found');
    });
  }

  async #take(
    principal: Principal,
    command: Pick<Command<'hold'>, 'op' | 'event'>,
    wantAt: (prices: PriceList) => Outcome<Want>,
  ): Promise<Outcome<Answer<'held'>>> {
    const { op, event } = command;
    const buyer = buyerOf(principal);
    if (isRefused(buyer)) return buyer;
    const granted = await this.#o.calls.settle(async () => {
      const first = await this.#ask(buyer.id, command, wantAt);
      if (!isRefused(first) || first.reject !== 'price_changed') return first;
      // Prices in memory may be a few seconds old: look again, once.
      this.#o.catalogue.forget(event);
      return this.#ask(buyer.id, command, wantAt);
    });
    if (isRefused(granted)) return granted;
    this.#o.endings.watch({ event, hold: granted.hold, buyer: buyer.id, expiresAt: granted.expiresAt });
    return { type: 'held', op, event, ...heldOf(granted) };
  }

  async #ask(
    buyer: UserId,
    { op, event }: Pick<Command<'hold'>, 'op' | 'event'>,
    wantAt: (prices: PriceList) => Outcome<Want>,
  ): Promise<Outcome<Hold>> {
    const prices = await this.#o.catalogue.prices(event);
    if (!prices) return refused('unknown_event');
    const want = wantAt(prices);
    if (isRefused(want)) return want;
    const hold = randomToken() as HoldId;
    const result = await this.#o.store.hold({ event, buyer, op, hold, priceRevision: prices.revision, want });
    return result.ok ? result : this.#o.calls.refusal(event, result);
  }

  async #counted<T>(
    command: 'hold' | 'hold-best' | 'extend' | 'release',
    work: () => Promise<Outcome<T>>,
  ): Promise<Outcome<T>> {
    const outcome = await work();
    this.#o.count(command, isRefused(outcome) ? outcome.reject : 'granted');
    return outcome;
  }
}

function pricePlaces(list: PriceList, places: readonly number[]): Want | Refused {
  const prices: number[] = [];
  for (const place of places) {
    const price = list.priceOf(place);
    if (price === null) return refused('unknown_place', [place]);
    prices.push(price);
  }
  return { kind: 'places', places, prices };
}

/** A hold as its owner sees it. */
function ownHold(hold: Hold) {
  return { ...heldOf(hold), paying: hold.state === 'paying', order: hold.order };
}

/** The fields every message about a hold shares. */
export function heldOf(hold: Hold) {
  const { fence, amount, currency, expiresAt } = hold;
  return {
    hold: hold.hold,
    fence,
    places: [...hold.places],
    prices: [...hold.prices],
    amount,
    currency,
    expiresAt,
  };
}
