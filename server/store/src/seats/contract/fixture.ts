/** An event to try things on, and commands with everything filled in that a test does not care about. */
import { setTimeout as sleep } from 'node:timers/promises';
import {
  type Epoch,
  type EventId,
  type HoldId,
  type OpId,
  type OrderId,
  randomToken,
  type UserId,
  uuidv7,
} from '@seatwire/protocol';
import type { EventRules } from '../../words/event-rules.ts';
import type { SeatPlan } from '../../words/seat-plan.ts';
import type { Hold, HoldCommand, Result, SeatStore, Stretch } from '../seat-store.ts';

export const RULES: EventRules = {
  saleOpensAt: 0,
  saleClosesAt: 8e15,
  maxPerHold: 10,
  maxPerBuyer: 20,
  holdMs: 60_000,
  maxHoldMs: 120_000,
  payingMs: 90_000,
  currency: 'EUR',
  priceRevision: 1,
  noOrphans: false,
};

export const newEpoch = () => randomToken() as Epoch;
export const newBuyer = () => uuidv7() as UserId;
export const newHold = () => randomToken() as HoldId;
export const newOrder = () => uuidv7() as OrderId;
export const newOp = () => randomToken() as OpId;

export interface Setting extends Partial<Omit<SeatPlan, 'rules'>> {
  readonly rules?: Partial<EventRules>;
}

export interface Ask {
  readonly buyer?: UserId;
  readonly op?: OpId;
  readonly hold?: HoldId;
  readonly priceRevision?: number;
}

export class Arena {
  readonly store: SeatStore;
  readonly event = uuidv7() as EventId;
  readonly buyer = newBuyer();
  readonly plan: SeatPlan;

  constructor(store: SeatStore, setting: Setting) {
    this.store = store;
    this.plan = {
      places: 40,
      runStarts: [0],
      sold: [],
      blocked: [],
      fence: 0,
      ...setting,
      rules: { ...RULES, ...setting.rules },
    };
  }

  get partition(): number {
    return this.store.partitionOf(this.event);
  }

  hold(
    places: readonly number[],
    ask: Ask = {},
    prices = places.map((place) => 1_000 + place),
  ): Promise<Result<Hold>> {
    return this.#ask({ kind: 'places', places, prices }, ask);
  }

  best(
    count: number,
    stretches: readonly Stretch[],
    ask: Ask & { together?: boolean } = {},
  ): Promise<Result<Hold>> {
    return this.#ask({ kind: 'best', count, together: ask.together ?? true, stretches }, ask);
  }

  /** A command on a hold, by this arena's buyer under a fresh op. */
  ref(hold: HoldId, ask: Ask = {}) {
    return { event: this.event, buyer: ask.buyer ?? this.buyer, op: ask.op ?? newOp(), hold };
  }

  async held(places: readonly number[], ask: Ask = {}): Promise<Hold> {
    return granted(await this.hold(places, ask));
  }

  async paying(places: readonly number[], ask: Ask = {}): Promise<Hold & { readonly order: OrderId }> {
    const { hold } = await this.held(places, ask);
    return granted(
      await this.store.checkout({ ...this.ref(hold, { ...ask, op: newOp() }), order: newOrder() }),
    );
  }

  async sold(places: readonly number[], ask: Ask = {}): Promise<Hold & { readonly order: OrderId }> {
    const paying = await this.paying(places, ask);
    const ref = this.ref(paying.hold, { ...ask, op: newOp() });
    granted(await this.store.confirm({ ...ref, order: paying.order, payment: 'authorised' }));
    return paying;
  }

  /** Map codes as a string, one digit a place. */
  async map(): Promise<string> {
    return (await this.store.snapshot(this.event))!.codes.join('');
  }

  async version(): Promise<number> {
    return (await this.store.snapshot(this.event))!.version;
  }

  #ask(
    want: HoldCommand['want'],
    { buyer = this.buyer, op = newOp(), hold = newHold(), priceRevision = 1 }: Ask,
  ) {
    return this.store.hold({ event: this.event, buyer, op, hold, priceRevision, want });
  }
}

export async function arena(store: SeatStore, setting: Setting = {}): Promise<Arena> {
  const made = new Arena(store, setting);
  if (!(await store.rebuild(made.event, made.plan, newEpoch(), null)))
    throw new Error('a fresh event was there already');
  return made;
}

const taken = new WeakMap<SeatStore, Set<number>>();

/** An arena in a partition no other `alone` one of this store is in: what its sweeps end is its own. */
export async function alone(store: SeatStore, setting: Setting = {}): Promise<Arena> {
  const partitions = taken.get(store) ?? new Set();
  taken.set(store, partitions);
  if (partitions.size === store.partitions) throw new Error('no partition is left to be alone in');
  for (;;) {
    const made = new Arena(store, setting);
    if (partitions.has(made.partition)) continue;
    partitions.add(made.partition);
    await store.rebuild(made.event, made.plan, newEpoch(), null);
    return made;
  }
}

export function granted<T>(result: Result<T>): T & { readonly version: number } {
  if (!result.ok) throw new Error(`refused: ${JSON.stringify(result)}`);
  return result;
}

/** Asks until the answer is `enough`; the test's own timeout is the limit. */
export async function until<T>(ask: () => Promise<T>, enough: (answer: T) => boolean): Promise<T> {
  for (;;) {
    const answer = await ask();
    if (enough(answer)) return answer;
    await sleep(3);
  }
}
