/** Redis names of what crosses processes outside the seat scripts. Seat keys are in seats/keys.ts. */
import type { EventId, OpId, UserId } from '@seatwire/protocol';

/** Channel of private messages to users. */
export const NEWS_CHANNEL = 'notices';
/** Channel of sign-outs. */
export const SESSIONS_CHANNEL = 'sessions';
/** Channel of viewers per server and event. */
export const PRESENCE_CHANNEL = 'presence';
/** Nothing is told on it: a line that is subscribed to it is subscribed to all it should be. */
export const BACK_CHANNEL = 'back';
/** List of event ids the worker is asked to rebuild. */
export const REBUILD_REQUESTS = 'rebuild-requests';
/** Present while a rebuild of the event was asked for a short time ago. */
export const rebuildAsked = (event: EventId): string => `rebuild:${event}`;
/** Hash of what became of a command of several steps: see ops/op-records.ts. */
export const opRecord = (actor: UserId, op: OpId): string => `op:${actor}:${op}`;
/** Hash of a buyer's accepted orders that may not be in Postgres yet: order id to its record. */
export const acceptedOrders = (buyer: UserId): string => `accepted:${buyer}`;
/** Present while a worker has the lease on this shared work: see bus/work-leases.ts. */
export const workLease = (work: string): string => `turn:${work}`;
/** Sorted set of events whose rebuild has begun and not ended, by when it was last worked on. */
export const UNFINISHED_REBUILDS = 'rebuilds';
/** Stream of outbox entries and jobs that can never be carried out, kept until a person has looked. */
export const DEAD_LETTERS = 'dead-letters';
