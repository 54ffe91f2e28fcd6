/** What the handlers of all endpoints work with. Each takes from it what it needs, so that the lists can be read without a server. */
import { Memory } from '@seatwire/domain';
import { type EventId, type Refusal, refused } from '@seatwire/protocol';
import { type EventSearch, type EventsFound, listEvents, type Snapshot } from '@seatwire/store';
import type { Config } from '../config.ts';
import type { Domain } from '../domain.ts';
import type { Stores } from '../stores.ts';

export interface ApiParts
  extends Pick<Domain, 'accounts' | 'tokens' | 'catalogue' | 'holds' | 'orders' | 'sales' | 'provider'> {
  readonly listEvents: (wanted: EventSearch) => Promise<EventsFound>;
  /** Recent enough to look at; sockets get the live one. */
  readonly snapshot: (event: EventId) => Promise<Snapshot | Refusal>;
  readonly refreshCookie: {
    readonly seconds: number;
    /** Whether browsers may send it over TLS only. */
    readonly secure: boolean;
  };
  /** None where there is no demo. */
  readonly demoAccounts: Config['demoAccounts'];
}

/** Snapshots over REST may be this old. */
const SNAPSHOT_FRESH_MS = 250;
const MOST_SNAPSHOTS = 200;

export function apiParts(config: Config, { seats, db }: Stores, domain: Domain): ApiParts {
  const snapshots = new Memory({
    load: (event: EventId) => seats.snapshot(event),
    freshMs: SNAPSHOT_FRESH_MS,
    most: MOST_SNAPSHOTS,
  });
  return {
    ...domain,
    listEvents: (wanted) => listEvents(db, wanted),
    snapshot: async (event) =>
      (await snapshots.get(event)) ?? domain.calls.refusal(event, refused('event_rebuilding')),
    refreshCookie: {
      seconds: config.refreshTokenDays * 24 * 3600,
      secure: config.environment === 'production',
    },
    demoAccounts: config.demo ? config.demoAccounts : [],
  };
}
