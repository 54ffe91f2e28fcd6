/**
 * Orders from the moment they are accepted until Postgres has them, so that their buyer can ask for them. News only: the purchase
 * itself is in the outbox. If this is lost, buyers only do not see their order until the worker has written it.
 */
import {
  amount,
  currency,
  eventId,
  type OrderId,
  orderId,
  place,
  timeMs,
  type UserId,
} from '@seatwire/protocol';
import type { Cluster, Redis } from 'ioredis';
import { z } from 'zod';
import { acceptedOrders } from '../bus/keys.ts';
import { orUnavailable } from '../redis/unavailable.ts';

/** Longer than any backlog should last. */
const KEEP_MS = 24 * 3600 * 1000;

export const acceptedOrder = z.object({
  order: orderId,
  event: eventId,
  places: z.array(place).readonly(),
  amount,
  currency,
  acceptedAt: timeMs,
});
export type AcceptedOrder = Readonly<z.output<typeof acceptedOrder>>;

export class AcceptedOrders {
  readonly #redis: Redis | Cluster;
  readonly #unreadable: (error: unknown) => void;

  /** `unreadable` hears of a record that is not of the form; it counts as none, until Postgres has the order. */
  constructor(redis: Redis | Cluster, unreadable: (error: unknown) => void) {
    this.#redis = redis;
    this.#unreadable = unreadable;
  }

  async add(buyer: UserId, order: AcceptedOrder): Promise<void> {
    const key = acceptedOrders(buyer);
    await orUnavailable(this.#redis.hset(key, order.order, JSON.stringify(order)));
    await orUnavailable(this.#redis.pexpire(key, KEEP_MS));
  }

  /** Oldest first. */
  async of(buyer: UserId): Promise<readonly AcceptedOrder[]> {
    const values = await orUnavailable(this.#redis.hvals(acceptedOrders(buyer)));
    return values.flatMap((text) => this.#read(text) ?? []).sort((a, b) => a.acceptedAt - b.acceptedAt);
  }

  async find(buyer: UserId, order: OrderId): Promise<AcceptedOrder | null> {
    const text = await orUnavailable(this.#redis.hget(acceptedOrders(buyer), order));
    return text === null ? null : this.#read(text);
  }

  /** Postgres has them now. */
  async drop(buyer: UserId, orders: readonly OrderId[]): Promise<void> {
    if (orders.length > 0) await orUnavailable(this.#redis.hdel(acceptedOrders(buyer), ...orders));
  }

  #read(text: string): AcceptedOrder | null {
    try {
      return acceptedOrder.parse(JSON.parse(text));
    } catch (error) {
      this.#unreadable(error);
      return null;
    }
  }
}
