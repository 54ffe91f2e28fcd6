/**
 * Orders from the moment they are accepted until Postgres has them, so that their buyer can ask for them. News only: the purchase
 * itself is in the outbox, and losing this loses nothing but the sight of it for the moments until the worker has written it.
 */
import type { EventId, OrderId, UserId } from '@seatwire/protocol';
import type { Cluster, Redis } from 'ioredis';
import { acceptedOrders } from '../bus/keys.ts';
import { reached } from '../redis/unavailable.ts';

/** Longer than any backlog should last. */
const KEEP_MS = 24 * 3600 * 1000;

export interface AcceptedOrder {
  readonly order: OrderId;
  readonly event: EventId;
  readonly places: readonly number[];
  /** Minor units. */
  readonly amount: number;
  readonly currency: string;
  /** Epoch ms. */
  readonly acceptedAt: number;
}

export class AcceptedOrders {
  readonly #redis: Redis | Cluster;

  constructor(redis: Redis | Cluster) {
    this.#redis = redis;
  }

  async add(buyer: UserId, order: AcceptedOrder): Promise<void> {
    const key = acceptedOrders(buyer);
    await reached(this.#redis.hset(key, order.order, JSON.stringify(order)));
    await reached(this.#redis.pexpire(key, KEEP_MS));
  }

  /** Oldest first. */
  async of(buyer: UserId): Promise<readonly AcceptedOrder[]> {
    const values = await reached(this.#redis.hvals(acceptedOrders(buyer)));
    return values
      .map((text) => JSON.parse(text) as AcceptedOrder)
      .sort((a, b) => a.acceptedAt - b.acceptedAt);
  }

  async find(buyer: UserId, order: OrderId): Promise<AcceptedOrder | null> {
    const text = await reached(this.#redis.hget(acceptedOrders(buyer), order));
    return text === null ? null : (JSON.parse(text) as AcceptedOrder);
  }

  /** Postgres has them now. */
  async drop(buyer: UserId, orders: readonly OrderId[]): Promise<void> {
    if (orders.length > 0) await reached(this.#redis.hdel(acceptedOrders(buyer), ...orders));
  }
}
