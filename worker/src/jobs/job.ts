import type { Database, PaymentProvider } from '@seatwire/store';

/** What payment jobs work on. Every job may run twice, also at the same time: a stalled one is given to another worker. */
export interface TaskParts {
  readonly db: Database;
  readonly provider: PaymentProvider;
}
