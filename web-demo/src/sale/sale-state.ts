/** One buyer at one event, as data: what is selected, held, being paid for, bought. What happens to it is in sale-events.ts. */
import type { HoldEnd, HoldId, OrderId, UserId } from '@seatwire/protocol';
import type { BuyerCode } from '../words/refusals.ts';

/** What is being asked of the server; the button that asked it has the same name. */
export type Activity = 'hold' | 'best' | 'extend' | 'release' | 'pay';

/** A hold as the server tells it. `prices[i]` is the price of `places[i]`. */
export interface HoldTold {
  readonly hold: HoldId;
  readonly places: readonly number[];
  readonly prices: readonly number[];
  readonly amount: number;
  readonly currency: string;
  readonly expiresAt: number;
  readonly paying?: boolean;
  readonly order?: OrderId | null;
}

export interface Hold extends Required<HoldTold> {
  /** A payment was asked for on this page, so its end as sold is good news of our own. */
  readonly paidHere: boolean;
  /** That payment has no answer yet: only its answer, or an order, ends the hold here. */
  readonly awaited: boolean;
  /** It cannot be held any longer than `expiresAt`. */
  readonly atLimit: boolean;
}

/** What was paid for on this page, until its outcome was read. */
export interface Purchase {
  readonly order: OrderId;
  readonly status: 'accepted' | 'confirmed' | 'rejected';
  readonly places: readonly number[];
  readonly prices: readonly number[];
  readonly currency: string;
}

/** Something to say: at the control that caused it, or on the map at a seat. */
export interface Refusal {
  readonly code: BuyerCode;
  readonly at: Activity | 'map' | 'panel';
  /** The seat it is said at: the first of `places`. */
  readonly place: number | null;
  /** The seats it is about. */
  readonly places: readonly number[];
  /** The payment method that did not do. */
  readonly method: string | null;
}

/** Of refusals: another buyer has the places. */
export const TAKEN: ReadonlySet<BuyerCode> = new Set<BuyerCode>(['place_taken', 'lost']);

export interface SaleState {
  /** Whose holds, purchases and words these are; null: nobody's. */
  readonly user: UserId | null;
  /** `holds` and `bought` are all this user has here: the server was asked. */
  readonly known: boolean;
  /** The basket: every hold of the user at this event, whichever window made it. */
  readonly holds: readonly Hold[];
  /** Holds that are over. Nothing that is said of them later brings them back. */
  readonly over: ReadonlySet<HoldId>;
  /** Those of them that nobody has said to be bought: an order that is heard of later still makes them so. */
  readonly ended: readonly Hold[];
  readonly purchases: readonly Purchase[];
  /** Places of the user's tickets here. */
  readonly bought: readonly number[];
  readonly selection: readonly number[];
  readonly activity: Activity | null;
  /** How many purchases there were when Pay was pressed last: the rest of them came of it. */
  readonly paidBefore: number;
  /** The activity has been unanswered for so long that somebody may wonder. */
  readonly slow: boolean;
  readonly refusal: Refusal | null;
}

export const NOTHING_YET: SaleState = {
  user: null,
  known: false,
  holds: [],
  over: new Set(),
  ended: [],
  purchases: [],
  bought: [],
  selection: [],
  activity: null,
  paidBefore: 0,
  slow: false,
  refusal: null,
};

export type Phase = 'choosing' | 'held' | 'confirming' | 'confirmed' | 'rejected';

/** Where the buyer stands: what the panel shows. */
export function phaseOf({ holds, purchases }: SaleState): Phase {
  if (holds.length > 0) return 'held';
  if (purchases.some(({ status }) => status === 'accepted')) return 'confirming';
  if (purchases.some(({ status }) => status === 'confirmed')) return 'confirmed';
  return purchases.length > 0 ? 'rejected' : 'choosing';
}

/** All places that are the buyer's: held, being bought, bought. */
export function ownPlaces({
  holds,
  purchases,
  bought,
}: Pick<SaleState, 'holds' | 'purchases' | 'bought'>): Set<number> {
  const pending = purchases.filter(({ status }) => status !== 'rejected');
  return new Set([...holds, ...pending].flatMap(({ places }) => places).concat(bought));
}

/** When the first of the holds ends, epoch ms of the server; null without holds. */
export function earliestEnd(holds: readonly Pick<Hold, 'expiresAt'>[]): number | null {
  return holds.length === 0 ? null : Math.min(...holds.map(({ expiresAt }) => expiresAt));
}

/** `gone`: it is not there any more, and nobody said why. */
export type EndReason = HoldEnd | 'gone';
