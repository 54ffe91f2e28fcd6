/** A buyer's orders: those in the ledger, and before them those accepted but not written yet. */
import type { EventId, Occasion, OrderBody, OrderId, OrderState } from '@seatwire/protocol';
import {
  type AcceptedOrder,
  type AcceptedOrders,
  type Database,
  findOrder,
  ordersOf,
  ordersWritten,
  Unavailable,
} from '@seatwire/store';

import type { Buyer } from '../accounts/buyer.ts';

export interface OrderBrief {
  readonly order: OrderId;
  readonly status: OrderState;
  readonly places: readonly number[];
}

export interface OrderPage {
  readonly event?: EventId | undefined;
  readonly limit: number;
  readonly offset: number;
}

export interface OrdersOfBuyer {
  readonly orders: readonly OrderBody[];
  /** In all pages together. */
  readonly total: number;
  /** Whether another page follows. */
  readonly more: boolean;
}

/** Orders of one buyer for one event that a page shows. */
const MOST_BRIEFS = 100;

export class Orders {
  readonly #db: Database;
  readonly #accepted: AcceptedOrders;
  /** What, where and when an event is, published or not. Null: there is no such event. */
  readonly occasion: (event: EventId) => Promise<Occasion | null>;

  constructor(db: Database, accepted: AcceptedOrders, occasion: Orders['occasion']) {
    this.#db = db;
    this.#accepted = accepted;
    this.occasion = occasion;
  }

  /** Newest first. Those not in the ledger yet lead the first page, beyond its limit. */
  async of(buyer: Buyer, page: OrderPage): Promise<OrdersOfBuyer> {
    const { waiting, written } = await this.#read(buyer, page);
    const first = page.offset === 0 ? await Promise.all(waiting.map((order) => this.#bodyOf(order))) : [];
    return {
      orders: [...first.filter((order) => order !== null), ...written.orders],
      total: waiting.length + written.total,
      more: page.offset + written.orders.length < written.total,
    };
  }

  /** Null when there is none, or it is another buyer's. */
  async find(buyer: Buyer, id: OrderId): Promise<OrderBody | null> {
    const accepted = await this.#accepted.find(buyer, id);
    const written = await findOrder(this.#db, id).catch((error: unknown) => {
      if (accepted && isLedgerLost(error)) return null;
      throw error;
    });
    if (!written) return accepted && this.#bodyOf(accepted);
    const { buyer: owner, ...order } = written;
    return owner === buyer ? order : null;
  }

  /** For a page that lost its memory. While Postgres is away, only those it has not written yet. */
  async briefs(buyer: Buyer, event: EventId): Promise<readonly OrderBrief[]> {
    const { waiting, written } = await this.#read(buyer, { event, limit: MOST_BRIEFS, offset: 0 }).catch(
      async (error: unknown) => {
        if (!isLedgerLost(error)) throw error;
        return { waiting: await this.#acceptedOf(buyer, event), written: { orders: [] } };
      },
    );
    return [
      ...waiting.map(({ order, places }) => ({ order, status: 'accepted' as const, places })),
      ...written.orders.map(({ id, status, tickets }) => ({
        order: id,
        status,
        places: tickets.map((ticket) => ticket.place),
      })),
    ];
  }

  async #read(buyer: Buyer, page: OrderPage) {
    // In this order: what moves to the ledger in between is then found in both, rather than in neither.
    const accepted = await this.#acceptedOf(buyer, page.event);
    const moved = await ordersWritten(
      this.#db,
      accepted.map(({ order }) => order),
    );
    const written = await ordersOf(this.#db, buyer, page);
    const shown = new Set<OrderId>(written.orders.map((order) => order.id));
    await this.#accepted.drop(buyer, [...moved]);
    const waiting = accepted.filter(({ order }) => !moved.has(order) && !shown.has(order)).reverse();
    return { waiting, written };
  }

  async #bodyOf(order: AcceptedOrder): Promise<OrderBody | null> {
    const occasion = await this.occasion(order.event);
    return occasion && acceptedBody(order, occasion);
  }

  async #acceptedOf(buyer: Buyer, event?: EventId): Promise<readonly AcceptedOrder[]> {
    const all = await this.#accepted.of(buyer);
    return event === undefined ? all : all.filter((order) => order.event === event);
  }
}

/** Without tickets: there are none before the ledger has committed. */
export function acceptedBody(order: AcceptedOrder, occasion: Occasion): OrderBody {
  return {
    id: order.order,
    event: order.event,
    ...occasion,
    status: 'accepted',
    amount: order.amount,
    currency: order.currency,
    createdAt: new Date(order.acceptedAt).toISOString(),
    tickets: [],
    reason: null,
  };
}

const isLedgerLost = (error: unknown): boolean =>
  error instanceof Unavailable && error.dependency === 'postgres';
