import type { UserId } from '@seatwire/protocol';
import type { EventRules } from './event-rules.ts';

/** All that Postgres knows of an event: what Redis is rebuilt from. */
export interface SeatPlan {
  readonly places: number;
  /** First place of every run (a row segment, a table, a GA area): no block crosses one. Ascending, starts with 0. */
  readonly runStarts: readonly number[];
  readonly rules: EventRules;
  readonly sold: readonly { readonly place: number; readonly fence: number; readonly buyer: UserId }[];
  readonly blocked: readonly number[];
  /** Highest fence Postgres has seen for the event; new ones are higher. */
  readonly fence: number;
}
