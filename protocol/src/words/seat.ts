/**
 * The life of a place, as one total table. Memory model, Lua scripts and map painters all answer to it.
 * What a place may do next is `LIFECYCLE[state][event]`: the next state, or the code of the refusal.
 */
import type { RejectCode } from '../reject/index.ts';

export const SEAT_STATES = ['free', 'held', 'paying', 'sold', 'blocked'] as const;
/** `paying` is a hold in checkout: bounded, fenced, and shown to others as `held`. */
export type SeatState = (typeof SEAT_STATES)[number];

export const SEAT_EVENTS = [
  'hold',
  'extend',
  'release',
  'checkout',
  'revert',
  'confirm',
  'expire',
  'cancel',
  'block',
  'unblock',
] as const;
export type SeatEvent = (typeof SEAT_EVENTS)[number];

export type Outcome = { readonly to: SeatState } | { readonly reject: RejectCode };

const to = (state: SeatState): Outcome => ({ to: state });
const reject = (code: RejectCode): Outcome => ({ reject: code });

export const LIFECYCLE: Readonly<Record<SeatState, Readonly<Record<SeatEvent, Outcome>>>> = {
  free: {
    hold: to('held'),
    extend: reject('hold_not_found'),
    release: reject('hold_not_found'),
    checkout: reject('hold_not_found'),
    revert: reject('hold_not_found'),
    confirm: reject('hold_not_found'),
    expire: reject('hold_not_found'),
    cancel: reject('not_sold'),
    block: to('blocked'),
    unblock: to('free'),
  },
  held: {
    hold: reject('place_taken'),
    extend: to('held'),
    release: to('free'),
    checkout: to('paying'),
    revert: to('held'),
    confirm: reject('hold_not_paying'),
    expire: to('free'),
    cancel: reject('not_sold'),
    block: reject('place_taken'),
    unblock: reject('place_taken'),
  },
  paying: {
    hold: reject('place_taken'),
    extend: reject('hold_paying'),
    release: to('free'),
    checkout: reject('hold_paying'),
    revert: to('held'),
    confirm: to('sold'),
    expire: to('free'),
    cancel: reject('not_sold'),
    block: reject('place_taken'),
    unblock: reject('place_taken'),
  },
  sold: {
    hold: reject('place_taken'),
    extend: reject('hold_not_found'),
    release: reject('hold_not_found'),
    checkout: reject('hold_not_found'),
    revert: reject('hold_not_found'),
    confirm: reject('hold_not_found'),
    expire: reject('hold_not_found'),
    cancel: to('free'),
    block: reject('place_taken'),
    unblock: reject('place_taken'),
  },
  blocked: {
    hold: reject('place_blocked'),
    extend: reject('hold_not_found'),
    release: reject('hold_not_found'),
    checkout: reject('hold_not_found'),
    revert: reject('hold_not_found'),
    confirm: reject('hold_not_found'),
    expire: reject('hold_not_found'),
    cancel: reject('not_sold'),
    block: to('blocked'),
    unblock: to('free'),
  },
};

/** What the wire shows of a place: 2 bits. A payment under way is nobody else's business. */
export const MAP_STATES = ['free', 'held', 'sold', 'blocked'] as const;
export type MapState = (typeof MAP_STATES)[number];
/** 0 free, 1 held, 2 sold, 3 blocked. */
export type MapCode = 0 | 1 | 2 | 3;

export const MAP_CODE: Readonly<Record<SeatState, MapCode>> = {
  free: 0,
  held: 1,
  paying: 1,
  sold: 2,
  blocked: 3,
};
