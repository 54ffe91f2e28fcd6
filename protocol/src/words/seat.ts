/**
 * The life of a place, as one total table. Memory model, Lua scripts and map painters all answer to it.
 * What a place may do next is `LIFECYCLE[state][event]`: the next state, or the code of the refusal.
 */
import { type Refusal, refused } from '../reject/refusal.ts';

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

export type Step = { readonly to: SeatState } | Refusal;

const to = (state: SeatState): Step => ({ to: state });

export const LIFECYCLE: Readonly<Record<SeatState, Readonly<Record<SeatEvent, Step>>>> = {
  free: {
    hold: to('held'),
    extend: refused('hold_not_found'),
    release: refused('hold_not_found'),
    checkout: refused('hold_not_found'),
    revert: refused('hold_not_found'),
    confirm: refused('hold_not_found'),
    expire: refused('hold_not_found'),
    cancel: refused('not_sold'),
    block: to('blocked'),
    unblock: to('free'),
  },
  held: {
    hold: refused('place_taken'),
    extend: to('held'),
    release: to('free'),
    checkout: to('paying'),
    revert: to('held'),
    confirm: refused('hold_not_paying'),
    expire: to('free'),
    cancel: refused('not_sold'),
    block: refused('place_taken'),
    unblock: refused('place_taken'),
  },
  paying: {
    hold: refused('place_taken'),
    extend: refused('hold_paying'),
    release: to('free'),
    checkout: refused('hold_paying'),
    revert: to('held'),
    confirm: to('sold'),
    expire: to('free'),
    cancel: refused('not_sold'),
    block: refused('place_taken'),
    unblock: refused('place_taken'),
  },
  sold: {
    hold: refused('place_taken'),
    extend: refused('hold_not_found'),
    release: refused('hold_not_found'),
    checkout: refused('hold_not_found'),
    revert: refused('hold_not_found'),
    confirm: refused('hold_not_found'),
    expire: refused('hold_not_found'),
    cancel: to('free'),
    block: refused('place_taken'),
    unblock: refused('place_taken'),
  },
  blocked: {
    hold: refused('place_blocked'),
    extend: refused('hold_not_found'),
    release: refused('hold_not_found'),
    checkout: refused('hold_not_found'),
    revert: refused('hold_not_found'),
    confirm: refused('hold_not_found'),
    expire: refused('hold_not_found'),
    cancel: refused('not_sold'),
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
