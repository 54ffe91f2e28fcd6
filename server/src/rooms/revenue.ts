/** Confirmed revenue for the monitor: asked for at most every two seconds per event, and never waited for twice. */
import type { EventId } from '@seatwire/protocol';
import { inTime } from '@seatwire/store';

export interface RevenueFigure {
  /** Minor units. */
  readonly revenue: number;
  readonly currency: string;
}
export type RevenueSource = (event: EventId) => Promise<RevenueFigure>;

const FRESH_MS = 2_000;
const DEADLINE_MS = 2_000;
/** Shown before the first figure came. ISO 4217 for "no currency". */
const UNKNOWN: RevenueFigure = { revenue: 0, currency: 'XXX' };

export class Revenue {
  readonly #source: RevenueSource;
  readonly #figures = new Map<EventId, { at: number; figure: Promise<RevenueFigure> }>();

  constructor(source: RevenueSource) {
    this.#source = source;
  }

  /** The last known figure when the ledger does not answer. */
  of(event: EventId): Promise<RevenueFigure> {
    const known = this.#figures.get(event);
    const now = performance.now();
    if (known && now - known.at < FRESH_MS) return known.figure;
    const before = known?.figure ?? Promise.resolve(UNKNOWN);
    const figure = inTime('postgres', DEADLINE_MS, this.#source(event)).catch(() => before);
    this.#figures.set(event, { at: now, figure });
    return figure;
  }

  forget(event: EventId): void {
    this.#figures.delete(event);
  }
}
