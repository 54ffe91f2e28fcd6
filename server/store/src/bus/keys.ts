/** Redis names of what crosses processes outside the seat scripts. Seat keys are in seats/keys.ts. */
import type { EventId, OpId, UserId } from '@seatwire/protocol';

/** Channel of private messages to users. */
export const NEWS_CHANNEL = 'notices';
/** Channel of sign-outs. */
export const SESSIONS_CHANNEL = 'sessions';
/** Channel of viewers per server and event. */
export const PRESENCE_CHANNEL = 'presence';
/** List of event ids the worker is asked to rebuild. */
export const REBUILD_REQUESTS = 'rebuild-requests';
/** Present while a rebuild of the event was asked for a short time ago. */
export const rebuildAsked = (event: EventId): string => `rebuild:${event}`;
/** What became of a buyer's payment command. */
export const saleRecord = (buyer: UserId, op: OpId): string => `sale:{${buyer}:${op}}`;
/** Held by whoever carries that command out. */
export const saleLease = (buyer: UserId, op: OpId): string => `sale-lease:{${buyer}:${op}}`;
/** Hash of a buyer's accepted orders that may not be in Postgres yet: order id to its record. */
export const acceptedOrders = (buyer: UserId): string => `accepted:${buyer}`;
/** Present while the turn at some shared work is taken. */
export const turn = (work: string): string => `turn:${work}`;
/** Sorted set of events whose rebuild has begun and not ended, by when it was last worked on. */
export const UNFINISHED_REBUILDS = 'rebuilds';
/** Stream of outbox entries and jobs that can never be carried out, kept until a person has looked. */
export const DEAD_LETTERS = 'dead-letters';
