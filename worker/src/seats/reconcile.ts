/**
 * Compares what Redis, the ledger and the payment provider say, and reports where they differ for good. The three are read one
 * after another while sales go on, so a difference counts only when it is still there, unchanged, after several looks.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import type { EventId } from '@seatwire/protocol';
import {
  type Database,
  findSeatPlan,
  liveTickets,
  type PaymentProvider,
  type SeatStore,
} from '@seatwire/store';
import { inParallel } from '../in-parallel.ts';
import { compare, type Difference, lasting } from './differences.ts';

export interface ReconcileParts {
  readonly seats: SeatStore;
  readonly db: Database;
  /** Null: payments are not compared. */
  readonly provider: PaymentProvider | null;
}

export interface Reconciliation {
  readonly event: EventId;
  /** Sold places in the ledger. */
  readonly sold: number;
  readonly differences: readonly Difference[];
  /** Places accepted but not yet in the ledger, because no worker flushes or the ledger is away: not a difference. */
  readonly inFlight: number;
}

/** Pauses before the second look and those after it, ms: 3 s in all. */
const PAUSES = [50, 150, 400, 800, 1_600];
const PROVIDER_CALLS = 16;

/** Null when the ledger has no such published event. */
export async function reconcile(parts: ReconcileParts, event: EventId): Promise<Reconciliation | null> {
  let view = await look(parts, event);
  if (view === null) return null;
  let differences = view.differences;
  for (const pause of PAUSES) {
    if (differences.length === 0) break;
    await sleep(pause);
    view = await look(parts, event);
    if (view === null) return null;
    differences = lasting(differences, view.differences);
  }
  const sold = view.tickets.length;
  const payments = await comparePayments(parts, event, view.tickets);
  return { event, sold, ...(await setInFlightApart(parts.seats, event, [...differences, ...payments])) };
}

async function look({ seats, db }: ReconcileParts, event: EventId) {
  const [snapshot, fences] = await Promise.all([seats.snapshot(event), seats.soldFences(event)]);
  const [tickets, plan] = await Promise.all([liveTickets(db, event), findSeatPlan(db, event)]);
  if (plan === null) return null;
  return { tickets, differences: compare({ snapshot, fences, tickets, plan }) };
}

/** While entries of the event wait in the outbox, as many fences may be sold in Redis alone. */
async function setInFlightApart(
  seats: SeatStore,
  event: EventId,
  differences: readonly Difference[],
): Promise<Pick<Reconciliation, 'differences' | 'inFlight'>> {
  const ahead = differences.filter((difference) => difference.kind === 'not_in_ledger');
  if (ahead.length === 0) return { differences, inFlight: 0 };
  const backlog = await seats.outbox.backlog(seats.partitionOf(event), event);
  if (new Set(ahead.map(({ fence }) => fence)).size > backlog) return { differences, inFlight: 0 };
  return {
    differences: differences.filter((difference) => difference.kind !== 'not_in_ledger'),
    inFlight: ahead.length,
  };
}

/** Every order with live tickets must have a payment that is taken or can be. */
async function comparePayments(
  { provider, db }: ReconcileParts,
  event: EventId,
  tickets: readonly { readonly order: string }[],
): Promise<Difference[]> {
  if (provider === null) return [];
  type Order = Parameters<PaymentProvider['find']>[0];
  const check = async (orders: Iterable<string>): Promise<Difference[]> => {
    const found = await inParallel([...orders], PROVIDER_CALLS, async (order): Promise<Difference[]> => {
      const state = (await provider.find(order as Order))?.state ?? 'none';
      return state === 'authorised' || state === 'captured' ? [] : [{ kind: 'payment', order, state }];
    });
    return found.flat();
  };
  const suspects = await check(new Set(tickets.map(({ order }) => order)));
  if (suspects.length === 0) return [];
  // Perhaps cancelled since: ask again of those that still have tickets.
  const live = new Set((await liveTickets(db, event)).map(({ order }) => order as string));
  return lasting(
    suspects,
    await check(suspects.flatMap((d) => (d.kind === 'payment' && live.has(d.order) ? [d.order] : []))),
  );
}
