/** Purchases into the ledger: waits out a lost ledger, and keeps one bad purchase from holding up the others. */
import { setTimeout as sleep } from 'node:timers/promises';
import type { Settled } from '@seatwire/domain';
import { type Backoff, backoffMs } from '@seatwire/program';
import type { FlushOutcome, Purchase } from '@seatwire/store';
import type { Logger } from 'pino';
import { isDataFault, isLedgerLost } from './ledger-fault.ts';

/** Writes a batch in one transaction; asked again after a lost answer, it answers the same. */
export type FlushLedger = (purchases: readonly Purchase[]) => Promise<readonly FlushOutcome[]>;

export interface Commitment {
  readonly settled: readonly Settled[];
  /** The ledger can never take these: their data break a rule of it. */
  readonly poison: readonly { readonly purchase: Purchase; readonly error: unknown }[];
  /** Failed for an unforeseen reason. Not lost: left unacked, so they come again. */
  readonly stuck: readonly { readonly purchase: Purchase; readonly error: unknown }[];
}

export interface CommitParts {
  readonly flush: FlushLedger;
  readonly backoff: Backoff;
  readonly log: Logger;
  /** Told of every failed try while the ledger is away. */
  readonly retried?: () => void;
}

/** Rejects only when `signal` ends it while the ledger is away; nothing may be acked then. */
export async function commit(
  purchases: readonly Purchase[],
  parts: CommitParts,
  signal: AbortSignal,
): Promise<Commitment> {
  if (purchases.length === 0) return { settled: [], poison: [], stuck: [] };
  try {
    const outcomes = await flushPatiently(purchases, parts, signal);
    const byOrder = new Map(outcomes.map((outcome) => [outcome.order, outcome]));
    return {
      settled: purchases.map((purchase) => {
        const outcome = byOrder.get(purchase.order);
        if (outcome === undefined) throw new Error(`the ledger gave no outcome for order ${purchase.order}`);
        return { purchase, outcome };
      }),
      poison: [],
      stuck: [],
    };
  } catch (error) {
    if (signal.aborted) throw error;
    const [only, ...others] = purchases;
    if (only !== undefined && others.length === 0) {
      const failed = [{ purchase: only, error }];
      return isDataFault(error)
        ? { settled: [], poison: failed, stuck: [] }
        : { settled: [], poison: [], stuck: failed };
    }
    // Halving finds one bad purchase among 500 in about 18 transactions.
    const middle = purchases.length >> 1;
    const left = await commit(purchases.slice(0, middle), parts, signal);
    const right = await commit(purchases.slice(middle), parts, signal);
    return {
      settled: [...left.settled, ...right.settled],
      poison: [...left.poison, ...right.poison],
      stuck: [...left.stuck, ...right.stuck],
    };
  }
}

async function flushPatiently(
  purchases: readonly Purchase[],
  { flush, backoff, log, retried }: CommitParts,
  signal: AbortSignal,
): Promise<readonly FlushOutcome[]> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await flush(purchases);
    } catch (error) {
      if (!isLedgerLost(error)) throw error;
      signal.throwIfAborted();
      const retryInMs = backoffMs(attempt, backoff);
      log.warn({ err: error, purchases: purchases.length, attempt, retryInMs }, 'the ledger is away');
      retried?.();
      await sleep(retryInMs, undefined, { signal });
    }
  }
}
