/**
 * The catalogue: events on sale, their charts and prices, as every join, hold and page needs them. Answered from memory, a few
 * seconds old at most; while Postgres is away, from memory however old, so that maps and holds go on. Concurrency: one load of a key
 * at a time, however many ask. Bounded. It decides nothing that matters: prices are checked by revision inside the hold script.
 * Imports: protocol and the ledger's readers.
 */
import type { Chart, ChartId, EventId } from '@seatwire/protocol';
import type { SaleEvent } from '@seatwire/store';
import type { PriceList } from './price-list.ts';

export type { SaleEvent } from '@seatwire/store';

export interface Catalogue {
  /** Null: no such published event. Throws `Unavailable` when it is not in memory and Postgres does not answer. */
  find(event: EventId): Promise<SaleEvent | null>;
  chart(id: ChartId): Promise<Chart | null>;
  /** What each place costs, and where best available looks, at the event's present prices. */
  prices(event: EventId): Promise<PriceList | null>;
  /** Forgets what is in memory of the event, so that the next call asks Postgres. */
  forget(event: EventId): void;
}
