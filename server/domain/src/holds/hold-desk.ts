/** Holds over the seat store: prices each place, asks the store, and looks after what is granted. */
import {
  type EventId,
  type HoldId,
  isRefusal,
  type OpId,
  opId,
  type Refusal,
  type Result,
  randomToken,
  refused,
  type UserId,
} from '@seatwire/protocol';
import type { Hold, HoldCommand, SeatStore } from '@seatwire/store';
import type { Buyer } from '../accounts/buyer.ts';
import type { Catalogue } from '../events/catalogue.ts';
import type { PriceList } from '../events/price-list.ts';
import { derivedOp } from './derived-op.ts';
import type { HoldExpiryWatch } from './hold-expiry-watch.ts';
import type { HoldTouches } from './hold-touches.ts';
import type { SeatCalls } from './seat-calls.ts';

type Want = HoldCommand['want'];

/** One command of a buyer. A repeat under the same `op` gets the first answer. */
export interface Asked {
  readonly op: OpId;
  readonly event: EventId;
}
export interface AskedPlaces extends Asked {
  readonly places: readonly number[];
}
export interface AskedBest extends Asked {
  readonly count: number;
  readonly together: boolean;
  /** A section's id and a category's key; null: any. */
  readonly area: string | null;
  readonly category: string | null;
}
export interface AskedOfHold extends Asked {
  readonly hold: HoldId;
}

export interface HoldDeskParts {
  readonly store: SeatStore;
  readonly catalogue: Catalogue;
  readonly calls: SeatCalls;
  readonly expiryWatch: HoldExpiryWatch;
  readonly touches: HoldTouches;
  /** Counts how commands end: `granted`, or the code of the refusal. */
  readonly count: (command: 'hold' | 'hold-best' | 'extend' | 'release', outcome: string) => void;
}

export class HoldDesk {
  readonly #parts: HoldDeskParts;

  constructor(parts: HoldDeskParts) {
    this.#parts = parts;
  }

  hold(buyer: Buyer, asked: AskedPlaces): Promise<Result<Hold>> {
    return this.#counted('hold', () =>
      this.#take(buyer, asked, (prices) => pricePlaces(prices, asked.places)),
    );
  }

  holdBest(buyer: Buyer, asked: AskedBest): Promise<Result<Hold>> {
    const { count, together, area, category } = asked;
    return this.#counted('hold-best', () =>
      this.#take(buyer, asked, (prices) => {
        const stretches = prices.stretches(area, category);
        return stretches.length === 0
          ? refused('unknown_area')
          : { kind: 'best', count, together, stretches };
      }),
    );
  }

  extend(buyer: Buyer, { op, event, hold }: AskedOfHold): Promise<Result<{ readonly expiresAt: number }>> {
    const { calls, store, expiryWatch, touches } = this.#parts;
    return this.#counted('extend', async () => {
      const done = await calls.call(event, () => store.extend({ event, buyer, op, hold }));
      if (!done.ok) return done;
      expiryWatch.watch({ event, hold, buyer, expiresAt: done.expiresAt });
      touches.touched(buyer, event, hold, op);
      return done;
    });
  }

  /** Without an op of the caller's, all releases of the hold are one command. */
  release(
    buyer: Buyer,
    { event, hold, op = derivedOp(opId.parse(hold), 'release') }: Omit<AskedOfHold, 'op'> & { op?: OpId },
  ): Promise<Result<object>> {
    const { calls, store, expiryWatch } = this.#parts;
    return this.#counted('release', async () => {
      const done = await calls.call(event, () => store.release({ event, buyer, op, hold }));
      if (done.ok) expiryWatch.forget(hold);
      return done;
    });
  }

  /** A live hold, if it is this user's. */
  find(owner: UserId, event: EventId, id: HoldId): Promise<Result<Hold>> {
    return this.#parts.calls.settle(async () => {
      const hold = await this.#parts.store.findHold(event, id);
      return hold?.buyer === owner ? { ok: true, ...hold } : refused('hold_not_found');
    });
  }

  async #take(
    buyer: Buyer,
    asked: Asked,
    wantAt: (prices: PriceList) => Want | Refusal,
  ): Promise<Result<Hold>> {
    const { calls, catalogue, expiryWatch } = this.#parts;
    const { event } = asked;
    const granted = await calls.settle(async () => {
      const first = await this.#ask(buyer, asked, wantAt);
      if (first.ok || first.code !== 'price_changed') return first;
      // Prices in memory may be a few seconds old: look again, once.
      catalogue.forget(event);
      return this.#ask(buyer, asked, wantAt);
    });
    if (granted.ok) expiryWatch.watch({ event, hold: granted.hold, buyer, expiresAt: granted.expiresAt });
    return granted;
  }

  async #ask(
    buyer: Buyer,
    { op, event }: Asked,
    wantAt: (prices: PriceList) => Want | Refusal,
  ): Promise<Result<Hold>> {
    const { calls, catalogue, store } = this.#parts;
    const prices = await catalogue.prices(event);
    if (!prices) return refused('unknown_event');
    const want = wantAt(prices);
    if (isRefusal(want)) return want;
    const hold = randomToken() as HoldId;
    const result = await store.hold({ event, buyer, op, hold, priceRevision: prices.revision, want });
    return result.ok ? result : calls.refusal(event, result);
  }

  async #counted<T>(
    command: 'hold' | 'hold-best' | 'extend' | 'release',
    work: () => Promise<Result<T>>,
  ): Promise<Result<T>> {
    const result = await work();
    this.#parts.count(command, result.ok ? 'granted' : result.code);
    return result;
  }
}

function pricePlaces(list: PriceList, places: readonly number[]): Want | Refusal {
  const prices: number[] = [];
  for (const place of places) {
    const price = list.priceOf(place);
    if (price === null) return refused('unknown_place', [place]);
    prices.push(price);
  }
  return { kind: 'places', places, prices };
}
