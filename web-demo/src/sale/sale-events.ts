/**
 * What happens to a sale: a pure function of the state and one event. Events come late, twice and in any order, so each is
 * judged by what is known already: a hold that is over stays over, and an answer about it changes nothing.
 */
import type { DownOf, HoldId, OrderId, UserId } from '@seatwire/protocol';
import type { BuyerCode } from '../words/refusals.ts';
import {
  type Activity,
  type EndReason,
  type Hold,
  type HoldTold,
  NOTHING_YET,
  ownPlaces,
  type Purchase,
  type Refusal,
  type SaleState,
  TAKEN,
} from './sale-state.ts';

export type SaleEvent =
  | { readonly type: 'user'; readonly user: UserId | null }
  | { readonly type: 'selected'; readonly selection: readonly number[] }
  | { readonly type: 'lost'; readonly places: readonly number[] }
  | { readonly type: 'asked'; readonly activity: Activity }
  | { readonly type: 'slow' }
  | { readonly type: 'answered' }
  /** An answer: as the hold was when it was made. */
  | { readonly type: 'held'; readonly hold: HoldTold }
  /** A notice: as the hold is now. */
  | { readonly type: 'told'; readonly hold: HoldTold }
  | { readonly type: 'extended'; readonly hold: HoldId; readonly expiresAt: number }
  | { readonly type: 'at-limit'; readonly hold: HoldId }
  | {
      readonly type: 'checked-out';
      readonly hold: HoldId;
      readonly order: OrderId;
      readonly expiresAt: number;
    }
  /** A payment is asked for: only its answer ends the hold. */
  | { readonly type: 'awaited'; readonly hold: HoldId }
  | { readonly type: 'paying'; readonly hold: HoldId }
  /** It was answered, and has not ended the hold. */
  | { readonly type: 'heard'; readonly hold: HoldId }
  /** Payments of this tab that had no answer when its page was left. */
  | { readonly type: 'recalled'; readonly holds: readonly HoldTold[] }
  | { readonly type: 'declined'; readonly hold: HoldId; readonly expiresAt: number }
  | { readonly type: 'accepted'; readonly hold: HoldId; readonly order: OrderId }
  | { readonly type: 'ended'; readonly hold: HoldId; readonly reason: EndReason; readonly byMe?: boolean }
  | {
      readonly type: 'order';
      readonly order: OrderId;
      readonly status: DownOf<'order'>['status'];
      readonly places: readonly number[];
    }
  | {
      readonly type: 'mine';
      readonly holds: readonly HoldTold[];
      readonly orders: DownOf<'mine'>['orders'];
      readonly now: number;
      /** Holds that are not there, and of which it is too early to say that they are gone. */
      readonly unsure: ReadonlySet<HoldId>;
    }
  | { readonly type: 'refused'; readonly refusal: Refusal }
  | { readonly type: 'dismissed' }
  | { readonly type: 'again' };

type Of<T extends SaleEvent['type']> = Extract<SaleEvent, { type: T }>;
type Table = { readonly [T in SaleEvent['type']]: (state: SaleState, event: Of<T>) => SaleState };

export function after<T extends SaleEvent['type']>(state: SaleState, event: Of<T>): SaleState {
  return (TABLE[event.type] as (state: SaleState, event: SaleEvent) => SaleState)(state, event);
}

const TABLE: Table = {
  // What was picked on the public map stays; all else was another person's.
  user: ({ selection }, { user }) => ({ ...NOTHING_YET, user, selection }),
  selected: (state, { selection }) => ({ ...state, selection, refusal: null }),
  lost: (state, { places }) => lost(state, places),
  asked: (state, { activity }) => ({
    ...state,
    activity,
    slow: false,
    refusal: null,
    paidBefore: activity === 'pay' ? state.purchases.length : state.paidBefore,
  }),
  slow: (state) => (state.activity ? { ...state, slow: true } : state),
  answered: (state) => ({ ...state, activity: null, slow: false }),
  // A repeat tells how the hold was at first; what is known since is newer.
  held: (state, { hold }) => (find(state, hold.hold) ? state : told(state, hold)),
  told: (state, { hold }) => told(state, hold),
  extended: (state, { hold, expiresAt }) => extended(state, hold, expiresAt),
  'at-limit': (state, { hold }) => patchHold(state, hold, { atLimit: true }),
  'checked-out': (state, { hold, order, expiresAt }) =>
    patchHold(state, hold, { order, expiresAt, paying: true }),
  awaited: (state, { hold }) => patchHold(state, hold, { awaited: true }),
  paying: (state, { hold }) => patchHold(state, hold, { paidHere: true }),
  heard: (state, { hold }) => patchHold(state, hold, { awaited: false }),
  recalled: (state, { holds }) => recalled(state, holds),
  declined: (state, { hold, expiresAt }) =>
    patchHold(state, hold, { expiresAt, paying: false, paidHere: false, awaited: false }),
  accepted: (state, event) => accepted(state, event),
  ended: (state, event) => ended(state, event),
  order: (state, event) => ordered(state, event),
  mine: (state, event) => mine(state, event),
  refused: (state, { refusal }) => ({ ...state, refusal }),
  dismissed: (state) => ({ ...state, refusal: null }),
  again: (state) => ({ ...state, purchases: [], paidBefore: 0, refusal: null }),
};

const say = (code: BuyerCode, at: Refusal['at'], places: readonly number[]): Refusal => ({
  code,
  at,
  place: places[0] ?? null,
  places,
  method: null,
});

function lost(state: SaleState, places: readonly number[]): SaleState {
  const gone = state.selection.filter((place) => places.includes(place));
  if (gone.length === 0) return state;
  const selection = state.selection.filter((place) => !gone.includes(place));
  // One after the other they may have been taken together: none is dropped without a word.
  const before = state.refusal !== null && TAKEN.has(state.refusal.code) ? state.refusal.places : [];
  return { ...state, selection, refusal: say('lost', 'map', union(before, gone)) };
}

const find = (state: SaleState, hold: HoldId) => state.holds.find((one) => one.hold === hold);

function told(state: SaleState, now: HoldTold): SaleState {
  if (state.over.has(now.hold)) return state;
  const hold = merged(state, now);
  const holds = find(state, now.hold)
    ? state.holds.map((one) => (one.hold === now.hold ? hold : one))
    : [...state.holds, hold];
  // What is held again was not bought before.
  const ended = state.ended.filter((one) => !one.places.some((place) => now.places.includes(place)));
  return owned({ ...state, holds, ended });
}

/** An extension never shortens, however late its answer comes. */
function extended(state: SaleState, hold: HoldId, expiresAt: number): SaleState {
  const before = find(state, hold);
  return before ? patchHold(state, hold, { expiresAt: Math.max(before.expiresAt, expiresAt) }) : state;
}

/** What the server tells, with what this page knows besides. */
function merged(state: SaleState, now: HoldTold): Hold {
  const before = find(state, now.hold);
  const { hold, places, prices, amount, currency, expiresAt, paying = false, order = null } = now;
  const { paidHere = false, awaited = false, atLimit = false } = before ?? {};
  return { hold, places, prices, amount, currency, expiresAt, paying, order, paidHere, awaited, atLimit };
}

function recalled(state: SaleState, holds: readonly HoldTold[]): SaleState {
  const asked = { paying: true, paidHere: true, awaited: true };
  return holds.reduce((next, hold) => patchHold(told(next, hold), hold.hold, asked), state);
}

/** More places are the buyer's: they are no longer to be picked, and nobody is blamed for having them. */
function owned(state: SaleState): SaleState {
  const own = ownPlaces(state);
  const { refusal } = state;
  const blames =
    refusal !== null && BLAME.has(refusal.code) && refusal.places.some((place) => own.has(place));
  return {
    ...state,
    selection: state.selection.some((place) => own.has(place))
      ? state.selection.filter((place) => !own.has(place))
      : state.selection,
    refusal: blames ? null : refusal,
  };
}
const BLAME: ReadonlySet<BuyerCode> = new Set<BuyerCode>([
  'lost',
  'place_taken',
  'held_by_other',
  'held_by_somebody',
  'sold_already',
  'ended',
  'no_longer_held',
]);

function patchHold(state: SaleState, hold: HoldId, change: Partial<Hold>): SaleState {
  if (!find(state, hold)) return state;
  return { ...state, holds: state.holds.map((one) => (one.hold === hold ? { ...one, ...change } : one)) };
}

/** Takes the hold out of the basket for good. */
function without(state: SaleState, hold: HoldId): SaleState {
  return {
    ...state,
    over: state.over.has(hold) ? state.over : new Set([...state.over, hold]),
    holds: state.holds.filter((one) => one.hold !== hold),
    ended: state.ended.filter((one) => one.hold !== hold),
  };
}

const findEnded = (state: SaleState, hold: HoldId) => state.ended.find((one) => one.hold === hold);

function accepted(state: SaleState, { hold, order }: Of<'accepted'>): SaleState {
  const found = find(state, hold) ?? findEnded(state, hold);
  if (!found) return state;
  return owned(purchased(without(state, hold), { ...found, order }, 'accepted'));
}

function purchased(state: SaleState, hold: Hold & { order: OrderId }, status: Purchase['status']): SaleState {
  if (state.purchases.some(({ order }) => order === hold.order)) return state;
  const { order, places, prices, currency } = hold;
  const { holds, refusal } = state;
  const heard = refusal?.code === 'payment_unheard' && !holds.some(({ awaited }) => awaited);
  return {
    ...state,
    purchases: [...state.purchases, { order, status, places, prices, currency }],
    refusal: heard ? null : refusal,
  };
}

const END_WORDS: Record<EndReason, Refusal['code']> = {
  expired: 'ended',
  released: 'given_back',
  sold: 'bought_elsewhere',
  rebuilt: 'rebuilt',
  gone: 'no_longer_held',
};

function ended(state: SaleState, { hold, reason, byMe }: Of<'ended'>): SaleState {
  const found = find(state, hold);
  if (reason === 'sold') {
    const bought = found ?? findEnded(state, hold);
    return bought ? sold(without(state, hold), bought, 'accepted') : without(state, hold);
  }
  if (!found) return state.over.has(hold) ? state : without(state, hold);
  const gone = without(state, hold);
  const next = { ...gone, ended: [...gone.ended, found] };
  if (byMe) return next;
  // Where the seats were is worth showing when they can be picked again.
  const at = reason === 'expired' ? 'map' : 'panel';
  return { ...next, refusal: say(END_WORDS[reason], at, found.places) };
}

/** `state` no longer has the hold. */
function sold(state: SaleState, hold: Hold, status: Purchase['status']): SaleState {
  const bought = union(state.bought, hold.places);
  if ((hold.paidHere || hold.awaited) && hold.order !== null) {
    return owned({ ...purchased(state, { ...hold, order: hold.order }, status), bought });
  }
  return owned({ ...state, bought, refusal: say('bought_elsewhere', 'panel', hold.places) });
}

function ordered(state: SaleState, { order, status, places }: Of<'order'>): SaleState {
  const known = state.purchases.find((one) => one.order === order)?.status;
  if (known === 'rejected') return state;
  if (status === 'rejected' || status === 'cancelled') {
    const bought = state.bought.filter((place) => !places.includes(place));
    return settled({ ...state, bought }, order, 'rejected');
  }
  let next = state;
  for (const hold of [...state.holds, ...state.ended]) {
    const its = hold.order === order || hold.places.every((place) => places.includes(place));
    if (its) next = sold(without(next, hold.hold), { ...hold, order }, status);
  }
  next = { ...next, bought: union(next.bought, places) };
  return owned(status === 'confirmed' ? settled(next, order, 'confirmed') : next);
}

function settled(state: SaleState, order: OrderId, status: 'confirmed' | 'rejected'): SaleState {
  const purchases = state.purchases.map((one) => (one.order === order ? { ...one, status } : one));
  return { ...state, purchases };
}

function mine(state: SaleState, { holds, orders, now, unsure }: Of<'mine'>): SaleState {
  const alive = holds.filter(({ hold }) => !state.over.has(hold));
  const live = orders.filter(({ status }) => status === 'confirmed' || status === 'accepted');
  let next: SaleState = { ...state, known: true, bought: live.flatMap(({ places }) => places) };
  for (const hold of state.holds) {
    if (alive.some((one) => one.hold === hold.hold)) continue;
    const order = orderOf(hold, live);
    if (order) next = sold(without(next, hold.hold), { ...hold, order: order.order }, 'accepted');
    else if (!hold.awaited && !unsure.has(hold.hold)) {
      const reason = hold.expiresAt <= now ? 'expired' : 'gone';
      next = ended(next, { type: 'ended', hold: hold.hold, reason });
    }
  }
  for (const hold of state.ended) {
    const order = orderOf(hold, live);
    if (order) next = sold(without(next, hold.hold), { ...hold, order: order.order }, 'accepted');
  }
  for (const hold of alive) next = told(next, hold);
  for (const { order, status } of orders) {
    if (status === 'confirmed') next = settled(next, order, 'confirmed');
    else if (status !== 'accepted') next = settled(next, order, 'rejected');
  }
  return owned(next);
}

/** The order that the hold became, if it is among these. */
export function orderOf<O extends { readonly places: readonly number[] }>(
  hold: Hold,
  orders: readonly O[],
): O | undefined {
  return orders.find(({ places }) => hold.places.every((place) => places.includes(place)));
}

const union = (a: readonly number[], b: readonly number[]): readonly number[] => [...new Set([...a, ...b])];
