/** The contract of the catalogue: events on sale, their charts and prices, from memory (a few seconds old at most, or older while Postgres is away). */
import type { Chart, ChartId, EventDetail, EventId } from '@seatwire/protocol';
import type { EventRules } from '@seatwire/store';
import type { PriceList } from './price-list.ts';

export type SaleEvent = {
  readonly detail: EventDetail;
  readonly rules: EventRules;
  readonly published: boolean;
};

export interface Catalogue {
  /** Null: no such published event. Throws `LedgerUnavailable` when it is not in memory and Postgres does not answer. */
  find(event: EventId): Promise<SaleEvent | null>;
  chart(id: ChartId): Promise<Chart | null>;
  /** What each place costs, and where best available looks, at the event's present prices. */
  prices(event: EventId): Promise<PriceList | null>;
  /** Forgets what is in memory of the event, so that the next call asks Postgres. */
  forget(event: EventId): void;
}
