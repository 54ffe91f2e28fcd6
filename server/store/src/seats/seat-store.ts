/**
 * The seat store's contract: every transition of a place, all or nothing, each with the version it made.
 *
 * Two implementations stand beside this file: `seat-store.memory.ts` is the model (what is right), `seat-store.redis.ts` is what
 * runs (one Lua script a transition, or a group of holds). Both pass `seat-store.contract.ts`, and a property test drives both with the same commands.
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
import type { Epoch, EventId, HoldId, OpId, OrderId, Refusal, UserId } from '@seatwire/protocol';
import type { EventRules } from '../words/event-rules.ts';
import type { OutboxEntry } from '../words/purchase.ts';
import type { SeatPlan } from '../words/seat-plan.ts';
import type { Transition } from './transition.ts';

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

/** What buyers and organizers do to places. */
export interface SeatCommands {
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
}

/** What there is to see. */
export interface SeatMaps {
  /** Null when the event has no state here: rebuild it. */
  snapshot(event: EventId): Promise<Snapshot | null>;
  /** Transitions after `version` of this epoch, in order, without gaps. Null when the journal no longer has them: take a snapshot. */
  since(event: EventId, epoch: Epoch, version: number): Promise<readonly Transition[] | null>;
  /** The caller's own live holds (unexpired), for a page that lost its memory. */
  holdsOf(event: EventId, buyer: UserId): Promise<readonly Hold[]>;
  findHold(event: EventId, hold: HoldId): Promise<Hold | null>;
  /** The fence a place is sold under; null when it is not sold. */
  soldFence(event: EventId, place: number): Promise<number | null>;

  /**
   * Resolves once the subscription is live: a snapshot read after that misses nothing. Listeners are called in order, without gaps
   * or repeats within an epoch; a `rebuild` (other epoch, or more missed than the journal keeps) means: take a snapshot. One that
   * names holds may come after another of its epoch that does not.
   */
  subscribe(event: EventId, listener: (transition: Transition) => void): Promise<Unsubscribe>;
}

/** What keeps the seats right as time goes by: the sweep, the rebuild, and the way to the ledger. */
export interface SeatCare {
  /** Ends up to `limit` holds of the partition that are past their expiry. Returns how many, so the caller loops until 0. */
  expireDue(partition: number, limit: number): Promise<number>;
  /** place -> fence of all sold places, for reconcile. */
  soldFences(event: EventId): Promise<ReadonlyMap<number, number>>;

  /** Refuses every further transition of the event with `event_rebuilding` until `rebuild`. Returns the epoch frozen, null when there is no state. */
  freeze(event: EventId): Promise<Epoch | null>;
  /** Replaces the event's state under a new epoch, if its epoch is still `replaces` (null: none). All holds end. False: another did it. */
  rebuild(event: EventId, plan: SeatPlan, epoch: Epoch, replaces: Epoch | null): Promise<boolean>;
  /** Changes the rules without touching places (sale windows, prices, caps). */
  setRules(event: EventId, rules: EventRules): Promise<boolean>;

  readonly partitions: number;
  partitionOf(event: EventId): number;
  /** Consumer-group reading of the partitions' outboxes. */
  readonly outbox: Outbox;
}

export interface SeatStore extends SeatCommands, SeatMaps, SeatCare {
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
  /** Entries of another form (written by another version, or by hand). The reader buries and acks them, so they block nothing. */
  readonly unreadable: readonly { readonly id: string; readonly content: string }[];
}
