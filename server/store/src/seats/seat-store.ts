/**
 * The seat store's contract: every transition of a place, all or nothing, each with the version it made.
 *
 * Two implementations stand beside this file: `seat-store.memory.ts` is the model (what is right), `seat-store.redis.ts` is what
 * runs (one Lua script a transition). Both pass `seat-store.contract.ts`, and a property test drives both with the same commands.
 *
 * Invariants, kept by every call:
 *  I1 a place is in exactly one state of protocol's LIFECYCLE, and moves only as that table says;
 *  I2 a held or paying place belongs to exactly one live hold, a sold one to exactly one fence;
 *  I3 each change of the map makes version + 1, one journal entry and one published Transition, together or not at all;
 *  I4 a repeat of (event, buyer, op) returns the first answer and changes nothing; the same op for another command is `op_conflict`;
 *  I5 time is the store's own clock (Redis TIME), expiry is a field, and an expired hold gives no right whether or not it was swept;
 *  I6 a refusal changes nothing and names no other buyer;
 *  I7 fences of one event only rise, across epochs too;
 *  I8 a confirmed purchase is in the outbox from the same instant its places are sold.
 * A dependency lost or a deadline passed throws `Unavailable`: the outcome is unknown, ask again under the same op.
 */
import type { Epoch, EventId, HoldId, MapCode, OpId, OrderId, Refusal, UserId } from '@seatwire/protocol';
import type { Transition } from './transition.ts';

/** What the scripts must know of an event. Times in epoch ms; amounts in minor units. */
export interface EventRules {
  readonly saleOpensAt: number;
  readonly saleClosesAt: number;
  readonly maxPerHold: number;
  /** Held, paying and sold places together, per buyer. */
  readonly maxPerBuyer: number;
  readonly holdMs: number;
  /** An extended hold ends at most this long after it was made. */
  readonly maxHoldMs: number;
  /** How long checkout keeps the places at least while the payment runs, from the checkout on. */
  readonly payingMs: number;
  readonly currency: string;
  /** Rises with every change of prices: a hold priced by an older list is refused with `price_changed`. */
  readonly priceRevision: number;
  /**
   * Refuse holds of named places that leave a single free seat beside a chosen block while the seat at the block's other side is
   * free too; with no choice but to leave one, it may. Best available avoids it where another block is free.
   */
  readonly noOrphans: boolean;
}

/** A stretch of places of one price to look for best available in; given best first. */
export interface Stretch {
  readonly first: number;
  readonly count: number;
  readonly price: number;
}

interface Command {
  readonly event: EventId;
  readonly buyer: UserId;
  readonly op: OpId;
}

export interface HoldCommand extends Command {
  /** Fresh and random, made by the caller; becomes the hold's id if it is granted. */
  readonly hold: HoldId;
  readonly priceRevision: number;
  readonly want:
    | { readonly kind: 'places'; readonly places: readonly number[]; readonly prices: readonly number[] }
    | {
        readonly kind: 'best';
        readonly count: number;
        readonly together: boolean;
        readonly stretches: readonly Stretch[];
      };
}
export interface HoldRef extends Command {
  readonly hold: HoldId;
}
export interface CheckoutCommand extends HoldRef {
  /** Made by the caller; the order this checkout will become. A second checkout after `revert` keeps the first order id. */
  readonly order: OrderId;
}
export interface ConfirmCommand extends HoldRef {
  readonly order: OrderId;
  /** The provider's reference of the authorised payment; `NOTHING_PAID` when the amount is 0. */
  readonly payment: string;
}

export type Granted<T> = { readonly ok: true; readonly version: number } & T;
export type Result<T> = Granted<T> | Refusal;

export interface Hold {
  readonly hold: HoldId;
  readonly buyer: UserId;
  readonly fence: number;
  readonly state: 'held' | 'paying';
  /** Ascending. */
  readonly places: readonly number[];
  /** prices[i] belongs to places[i]. */
  readonly prices: readonly number[];
  readonly amount: number;
  readonly currency: string;
  readonly heldAt: number;
  readonly expiresAt: number;
  /** Set once checked out; kept by revert. */
  readonly order: OrderId | null;
}

export interface Snapshot {
  readonly event: EventId;
  readonly epoch: Epoch;
  readonly version: number;
  readonly places: number;
  /** One map code a place. */
  readonly codes: Uint8Array;
  /** Redis TIME when it was read. */
  readonly at: number;
}

/** A purchase as the outbox carries it. `lapse`: a hold that was ever in checkout, and not for nothing, ended without a purchase, so a payment for `order` must be voided if there is one. */
export interface Purchase {
  readonly kind: 'purchase';
  readonly event: EventId;
  readonly order: OrderId;
  readonly hold: HoldId;
  readonly buyer: UserId;
  readonly fence: number;
  readonly places: readonly number[];
  readonly prices: readonly number[];
  readonly amount: number;
  readonly currency: string;
  readonly payment: string;
  readonly acceptedAt: number;
}
export interface Lapse {
  readonly kind: 'lapse';
  readonly event: EventId;
  readonly order: OrderId;
  readonly buyer: UserId;
}
export type OutboxEntry = { readonly id: string } & (Purchase | Lapse);

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

export interface SeatStore {
  hold(command: HoldCommand): Promise<Result<Hold>>;
  /** A new `holdMs` from now, at most `maxHoldMs` after the hold was made. */
  extend(command: HoldRef): Promise<Result<{ readonly expiresAt: number }>>;
  release(command: HoldRef): Promise<Result<{ readonly places: readonly number[] }>>;
  /** held to paying. The hold then ends `payingMs` from now, or when it would have ended anyway, if that is later. */
  checkout(command: CheckoutCommand): Promise<Result<Hold & { readonly order: OrderId }>>;
  /**
   * paying back to held, after a declined payment: with the end it had before checkout, or 60 s from now if that is later and within
   * `maxHoldMs` + `payingMs` of its start. An end that is past means that the hold is over.
   */
  revert(command: HoldRef): Promise<Result<{ readonly expiresAt: number }>>;
  /** paying to sold, and the purchase into the partition's outbox. */
  confirm(
    command: ConfirmCommand,
  ): Promise<Result<{ readonly order: OrderId; readonly places: readonly number[] }>>;

  /** sold to free, where the place is still sold under this fence; other places are left as they are and not returned. By the ledger's word only. */
  cancel(command: {
    event: EventId;
    fence: number;
    places: readonly number[];
    buyer: UserId;
  }): Promise<Result<{ readonly places: readonly number[] }>>;
  /** free to blocked, all or nothing; already blocked ones stay. */
  block(command: {
    event: EventId;
    places: readonly number[];
  }): Promise<Result<{ readonly places: readonly number[] }>>;
  unblock(command: {
    event: EventId;
    places: readonly number[];
  }): Promise<Result<{ readonly places: readonly number[] }>>;

  /** Ends up to `limit` holds of the partition that are past their expiry. Returns how many, so the caller loops until 0. */
  expireDue(partition: number, limit: number): Promise<number>;

  /** Null when the event has no state here: rebuild it. */
  snapshot(event: EventId): Promise<Snapshot | null>;
  /** Transitions after `version` of this epoch, in order and without gaps; null when the journal no longer has them (or another epoch): take a snapshot. */
  since(event: EventId, epoch: Epoch, version: number): Promise<readonly Transition[] | null>;
  /** The caller's own live holds (unexpired), for a page that lost its memory. */
  holdsOf(event: EventId, buyer: UserId): Promise<readonly Hold[]>;
  findHold(event: EventId, hold: HoldId): Promise<Hold | null>;
  /** place -> fence of all sold places, for reconcile. */
  soldFences(event: EventId): Promise<ReadonlyMap<number, number>>;

  /** Refuses every further transition of the event with `event_rebuilding` until `rebuild`. Returns the epoch frozen, null when there is no state. */
  freeze(event: EventId): Promise<Epoch | null>;
  /** Replaces the event's state under a new epoch, if its epoch is still `replaces` (null: it has none). All holds end. False: somebody else did it. */
  rebuild(event: EventId, plan: SeatPlan, epoch: Epoch, replaces: Epoch | null): Promise<boolean>;
  /** Changes the rules without touching places (sale windows, prices, caps). */
  setRules(event: EventId, rules: EventRules): Promise<boolean>;

  /**
   * Resolves once the subscription is live: a snapshot read after that misses nothing. Listeners are called in order, without gaps
   * or repeats within an epoch; a `rebuild` (other epoch, or more missed than the journal keeps) means: take a snapshot. One that
   * names holds may come after another of its epoch that does not.
   */
  subscribe(event: EventId, listener: (transition: Transition) => void): Promise<Unsubscribe>;

  readonly partitions: number;
  partitionOf(event: EventId): number;
  /** Consumer-group reading of the partitions' outboxes. */
  readonly outbox: Outbox;
  close(): Promise<void>;
}

export type Unsubscribe = () => Promise<void>;

/** The durable queue between Redis and Postgres: one stream a partition, one consumer group. Ack after commit. */
export interface Outbox {
  /** Entries never delivered to anyone, in order, up to `limit` a partition; waits up to `blockMs` (0: does not wait) for the first. */
  read(
    consumer: string,
    partitions: readonly number[],
    limit: number,
    blockMs: number,
  ): Promise<readonly OutboxBatch[]>;
  /** Takes over entries another consumer read at least `idleMs` ago and did not ack. */
  claim(consumer: string, partition: number, idleMs: number, limit: number): Promise<OutboxBatch>;
  ack(partition: number, ids: readonly string[]): Promise<void>;
  /** Entries not yet acked (waiting and delivered), of one event or of all. */
  backlog(partition: number, event?: EventId): Promise<number>;
  /** When the oldest entry not yet acked was written, epoch ms of Redis; null when there is none. */
  oldest(partition: number): Promise<number | null>;
  /** Drops acked entries older than the lowest unacked one. */
  trim(partition: number): Promise<void>;
}
export interface OutboxBatch {
  readonly partition: number;
  readonly entries: readonly OutboxEntry[];
  /** Entries that are not of the form (written by another version, or by hand): whoever reads buries and acks them, so they block nothing. */
  readonly unreadable: readonly { readonly id: string; readonly content: string }[];
}

/** What the map shows of a state byte of the scripts. */
export type StateByte = 'f' | 'h' | 'p' | 's' | 'b';
export const MAP_CODE_OF_BYTE: Readonly<Record<StateByte, MapCode>> = { f: 0, h: 1, p: 1, s: 2, b: 3 };
