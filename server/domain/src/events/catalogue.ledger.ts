/** The catalogue over the ledger. */
import type { Chart, ChartId, EventId, Occasion } from '@seatwire/protocol';
import { type Database, findChart, findEvent } from '@seatwire/store';
import type { Catalogue, SaleEvent } from './catalogue.ts';
import { Memory } from './memory.ts';
import { type PriceList, priceList } from './price-list.ts';

const EVENT_FRESH_MS = 3_000;
const MOST_EVENTS = 20_000;
/** A chart of 50,000 places takes about 100 KB. */
const MOST_CHARTS = 200;

export class LedgerCatalogue implements Catalogue {
  readonly #events: Memory<EventId, SaleEvent | null>;
  readonly #charts: Memory<ChartId, Chart | null>;
  /** Made from one object of #events, so it lives exactly as long. */
  readonly #prices = new WeakMap<SaleEvent, PriceList | null>();

  constructor(db: Database, options: { freshMs?: number } = {}) {
    this.#events = new Memory({
      load: (id) => findEvent(db, id),
      freshMs: options.freshMs ?? EVENT_FRESH_MS,
      most: MOST_EVENTS,
    });
    this.#charts = new Memory({
      load: (id) => findChart(db, id),
      freshMs: Number.POSITIVE_INFINITY,
      most: MOST_CHARTS,
    });
  }

  async find(event: EventId): Promise<SaleEvent | null> {
    const found = await this.#events.get(event);
    return found?.published ? found : null;
  }

  /** Published or not: an order outlives the sale. Null: there is no such event. */
  async occasion(event: EventId): Promise<Occasion | null> {
    const found = await this.#events.get(event);
    if (!found) return null;
    const { title, venue, city, startsAt, timeZone } = found.detail;
    return { title, venue, city, startsAt, timeZone };
  }

  async chart(id: ChartId): Promise<Chart | null> {
    const found = await this.#charts.get(id);
    // A chart that is not there may be uploaded any moment.
    if (!found) this.#charts.forget(id);
    return found;
  }

  async prices(event: EventId): Promise<PriceList | null> {
    const found = await this.find(event);
    if (!found) return null;
    const known = this.#prices.get(found);
    if (known !== undefined) return known;
    const chart = await this.chart(found.detail.chart);
    const list = chart && priceList(found.detail, chart, found.rules.priceRevision);
    this.#prices.set(found, list);
    return list;
  }

  forget(event: EventId): void {
    this.#events.forget(event);
  }
}
