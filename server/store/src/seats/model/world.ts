/** Model and Redis side by side: every step is done to both, and everything that can be asked of them must agree afterwards. */
import { isDeepStrictEqual } from 'node:util';
import {
  type Epoch,
  type EventId,
  type HoldId,
  type OrderId,
  randomToken,
  type UserId,
  uuidv7,
} from '@seatwire/protocol';
import type { SeatStore } from '../seat-store.ts';
import type { VirtualClock } from './virtual-clock.ts';

export const BUYERS = 3;
export const PLACES = 14;

/** Ids are numbered, so that a failing run prints the same way again. */
export const buyerId = (n: number) => `00000000-0000-7000-8000-${String(n).padStart(12, '0')}` as UserId;
export const orderId = (n: number) => `00000000-0000-7000-9000-${String(n).padStart(12, '0')}` as OrderId;
export const holdId = (n: number) => `hold-${String(n).padStart(17, '0')}` as HoldId;

export interface Made {
  readonly hold: HoldId;
  readonly buyer: UserId;
  readonly fence: number;
  order: OrderId | null;
}

export class World {
  readonly event = uuidv7() as EventId;
  readonly model: SeatStore;
  readonly redis: SeatStore;
  readonly clock: VirtualClock;
  /** Every hold ever granted, so that steps may name live and ended ones. */
  readonly made: Made[] = [];
  epoch: Epoch = randomToken() as Epoch;
  steps = 0;

  constructor(model: SeatStore, redis: SeatStore, clock: VirtualClock) {
    this.model = model;
    this.redis = redis;
    this.clock = clock;
  }

  /** Both do it; the answers must be equal. */
  async both<T>(act: (store: SeatStore) => Promise<T>): Promise<T> {
    this.steps++;
    const [expected, actual] = [await act(this.model), await act(this.redis)];
    this.#same('answer', expected, actual);
    return expected;
  }

  /** All there is to see of them. */
  async agree(): Promise<void> {
    const [expected, actual] = await Promise.all([this.#sight(this.model), this.#sight(this.redis)]);
    for (const [what, value] of Object.entries(expected)) this.#same(what, value, actual[what]);
  }

  async #sight(store: SeatStore): Promise<Record<string, unknown>> {
    const { event } = this;
    const buyers = Array.from({ length: BUYERS }, (_, n) => buyerId(n));
    const [snapshot, journal, sold, ...holds] = await Promise.all([
      store.snapshot(event),
      store.since(event, this.epoch, 0),
      store.soldFences(event),
      ...buyers.map((buyer) => store.holdsOf(event, buyer)),
    ]);
    return { snapshot, journal, sold: [...sold].sort(([a], [b]) => a - b), holds };
  }

  #same(what: string, expected: unknown, actual: unknown): void {
    if (isDeepStrictEqual(expected, actual)) return;
    throw new Error(
      `${what} differs after step ${this.steps}\nmodel ${show(expected)}\nredis ${show(actual)}`,
    );
  }
}

const show = (value: unknown) =>
  JSON.stringify(value, (_, part) => (part instanceof Uint8Array ? [...part].join('') : part));
