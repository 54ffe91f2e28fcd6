/**
 * Rebuilds an event's Redis state from the ledger, under a new epoch. The ledger must first know every purchase that Redis
 * accepted. So: freeze (nothing changes from now on), wait until the outbox has nothing of the event, read, replace. Several
 * workers at it at once do no harm: the store lets one replace a given epoch.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { type Epoch, type EventId, randomToken } from '@seatwire/protocol';
import {
  type Database,
  findSeatPlan,
  forgetRebuild,
  noteRebuild,
  type RedisClient,
  type SeatStore,
  withoutState,
} from '@seatwire/store';
import type { Logger } from 'pino';
import type { Metrics } from '../metrics.ts';

export interface RebuildParts {
  readonly seats: SeatStore;
  readonly db: Database;
  readonly redis: RedisClient;
  readonly metrics: Metrics;
  readonly log: Logger;
}

export type Rebuilt =
  | { readonly kind: 'rebuilt'; readonly epoch: Epoch; readonly places: number; readonly sold: number }
  /** Another worker did it meanwhile. */
  | { readonly kind: 'outrun' }
  /** Present, and only a missing one was to be rebuilt. */
  | { readonly kind: 'present' }
  | { readonly kind: 'unknown_event' };

const DRAIN_POLL_MS = 25;
const NOTE_EVERY_POLLS = 40;
/** A rebuild not worked on for this long has lost its worker. */
export const ABANDONED_MS = 10_000;

/**
 * `missing`: only if the event has no state (all its holds would end otherwise). Waits for the flush for as long as that takes, or
 * until `signal` ends it: the event is then left frozen, and noted as unfinished.
 */
export async function rebuild(
  parts: RebuildParts,
  event: EventId,
  when: 'missing' | 'always',
  signal: AbortSignal,
): Promise<Rebuilt> {
  const { seats, db, redis, metrics, log } = parts;
  if (when === 'missing' && (await withoutState(redis, [event], seats.partitions)).length === 0) {
    return { kind: 'present' };
  }
  // Asked before anything is frozen: no freeze for an unknown event, or while the ledger is away.
  if ((await findSeatPlan(db, event)) === null) return { kind: 'unknown_event' };

  const measured = metrics.rebuildSeconds.startTimer();
  let replaces: Epoch | null = null;
  if (when === 'always') {
    await noteRebuild(redis, event);
    replaces = await seats.freeze(event);
  }
  await drained(parts, event, when, signal);
  const plan = await findSeatPlan(db, event);
  if (plan === null) throw new Error(`event ${event} left the ledger while it was rebuilt`);
  const epoch = randomToken() as Epoch;
  const won = await seats.rebuild(event, plan, epoch, replaces);
  if (when === 'always') await forgetRebuild(redis, event);
  if (!won) return { kind: 'outrun' };
  const seconds = measured();
  metrics.rebuilds.inc();
  log.info({ event, epoch, replaces, places: plan.places, sold: plan.sold.length, seconds }, 'rebuilt');
  return { kind: 'rebuilt', epoch, places: plan.places, sold: plan.sold.length };
}

async function drained(
  { seats, redis }: RebuildParts,
  event: EventId,
  when: 'missing' | 'always',
  signal: AbortSignal,
): Promise<void> {
  const partition = seats.partitionOf(event);
  for (let polls = 1; (await seats.outbox.backlog(partition, event)) > 0; polls++) {
    await sleep(DRAIN_POLL_MS, undefined, { signal });
    if (when === 'always' && polls % NOTE_EVERY_POLLS === 0) await noteRebuild(redis, event);
  }
}
