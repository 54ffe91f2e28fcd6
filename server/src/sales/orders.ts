/** A buyer's orders: those in the ledger, and before them those accepted but not written yet. */
import type { EventId, OrderBody, OrderId, OrderState, UserId } from '@seatwire/protocol';
import {
  type AcceptedOrder,
  type AcceptedOrders,
  type Database,
  findOrder,
  LedgerUnavailable,
  ordersOf,
} from '@seatwire/store';

export interface OrderBrief {
  readonly order: OrderId;
  readonly status: OrderState;
  readonly places: number[];
}

export interface OrderPage {
  readonly event?: EventId | undefined;
  readonly limit: number;
  readonly offset: number;
}

/** Orders of one buyer for one event that a page shows. */
const MOST_BRIEFS = 100;

export class Orders {
  readonly #db: Database;
  readonly #accepted: AcceptedOrders;

  constructor(db: Database, accepted: AcceptedOrders) {
    this.#db = db;
    this.#accepted = accepted;
  }

  /** Newest first. Those not in the ledger yet lead the first page. */
  async of(buyer: UserId, page: OrderPage): Promise<readonly OrderBody[]> {
    const { waiting, written } = await this.#read(buyer, page);
    return [...waiting.map(acceptedBody), ...written];
  }

  /** Null when there is none, or it is somebody else's. */
  async find(buyer: UserId, id: OrderId): Promise<OrderBody | null> {
    const accepted = await this.#accepted.find(buyer, id);
    const written = await findOrder(this.#db, id).catch((error: unknown) => {
      if (accepted && error instanceof LedgerUnavailable) return null;
      throw error;
    });
    if (!written) return accepted && acceptedBody(accepted);
    const { buyer: owner, ...order } = written;
    return owner === buyer ? order : null;
  }

  /** For a page that lost its memory. While Postgres is away, only those it has not written yet. */
  async briefs(buyer: UserId, event: EventId): Promise<readonly OrderBrief[]> {
    const { waiting, written } = await this.#read(buyer, { event, limit: MOST_BRIEFS, offset: 0 }).catch(
      async (error: unknown) => {
        if (!(error instanceof LedgerUnavailable)) throw error;
        return { waiting: await this.#acceptedOf(buyer, event), written: [] };
      },
    );
    return [
      ...waiting.map(({ order, places }) => ({ order, status: 'accepted' as const, places: [...places] })),
      ...written.map(({ id, status, tickets }) => ({
        order: id,
        status,
        places: tickets.map((ticket) => ticket.place),
      })),
    ];
  }

  async #read(buyer: UserId, page: OrderPage) {
    // Accepted ones are read first: what moves to the ledger in between is then found in both, rather than in neither.
    const accepted = page.offset === 0 ? await this.#acceptedOf(buyer, page.event) : [];
    const written = await ordersOf(this.#db, buyer, page);
    const known = new Set<OrderId>(written.map((order) => order.id));
    if (written.length === page.limit) {
      for (const { order } of accepted) if (await findOrder(this.#db, order)) known.add(order);
    }
    await this.#accepted.drop(
      buyer,
      accepted.filter(({ order }) => known.has(order)).map(({ order }) => order),
    );
    return { waiting: accepted.filter(({ order }) => !known.has(order)).reverse(), written };
  }

  async #acceptedOf(buyer: UserId, event?: EventId): Promise<readonly AcceptedOrder[]> {
    const all = await this.#accepted.of(buyer);
    return event === undefined ? all : all.filter((order) => order.event === event);
  }
}

/** Without tickets: there are none before the ledger has committed. */
export function acceptedBody(order: AcceptedOrder): OrderBody {
  return {
    id: order.order,
    event: order.event,
    status: 'accepted',
    amount: order.amount,
    currency: order.currency,
    createdAt: new Date(order.acceptedAt).toISOString(),
    tickets: [],
    reason: null,
  };
}
