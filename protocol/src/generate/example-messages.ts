/**
 * One evening in a hall of ten places, as messages: at least one of each type, with fixed values. vectors.json is made of them, and the
 * two sessions that PROTOCOL.md tells. A name is the message's type and what is particular about this one.
 */
import type { Down } from '../messages/down.ts';
import type { Up } from '../messages/up.ts';
import type { Epoch, EventId, HoldId, OpId, OrderId, UserId } from '../words/ids.ts';

const EVENT = '01991f3e-7c00-7a10-8000-5ea7000000e1' as EventId;
const USER = '01991f3e-7c00-7a10-8000-5ea7000000a1' as UserId;
const ORDER = '01993c1a-5d08-7b20-8000-5ea7000000b1' as OrderId;
const HOLD = 'hO7dPq2xWm4sK9vR1tYzAb' as HoldId;
const EPOCH = 'eP0chQ5nLc8uJ3wF6gXdTk' as Epoch;
const ROOM = 1;
/** Not a real token: one has some 400 characters. */
const TOKEN = 'eyJhbGciOiJFZERTQSJ9.eyJzdWIiOiJhIn0.c2ln';
/** 12 September 2026, 18:00 UTC, ms. */
const SIX = 1_789_236_000_000;

const op = (name: string) => name as OpId;
const bytes = (...list: number[]) => Uint8Array.from(list);

/** A list of messages that keeps their names as types: a session that tells of one that is not there does not compile. */
function named<M>() {
  return <Name extends string>(examples: Readonly<Record<Name, M>>) => examples;
}

const held = {
  hold: HOLD,
  fence: 1_789_236_003_120_000,
  places: [4, 5],
  prices: [2500, 2500],
  amount: 5000,
  currency: 'EUR',
  expiresAt: SIX + 303_120,
};
/** Place 1 is held, 2 is sold, 9 is blocked. */
const snapshot = {
  type: 'snapshot' as const,
  event: EVENT,
  room: ROOM,
  epoch: EPOCH,
  version: 41,
  places: 10,
  map: bytes(0x24, 0x00, 0x0c),
  viewers: 2,
  serverTime: SIX + 40,
} satisfies Down;

export const UP_EXAMPLES = named<Up>()({
  'hello, anonymous': { type: 'hello', protocol: 1, token: null, client: 'lobby-screen' },
  'hello, with a token': { type: 'hello', protocol: 1, token: TOKEN, client: 'box-office' },
  authenticate: { type: 'authenticate', op: op('auth-0001'), token: TOKEN },
  'join, with no map': { type: 'join', op: op('join-0001'), event: EVENT, epoch: null, version: null },
  'join, with a map': { type: 'join', op: op('join-0002'), event: EVENT, epoch: EPOCH, version: 42 },
  leave: { type: 'leave', event: EVENT },
  hold: { type: 'hold', op: op('hold-0001'), event: EVENT, places: [4, 5] },
  'hold-best, anywhere': {
    type: 'hold-best',
    op: op('best-0001'),
    event: EVENT,
    count: 2,
    area: null,
    category: null,
    together: true,
  },
  'hold-best, in a section': {
    type: 'hold-best',
    op: op('best-0002'),
    event: EVENT,
    count: 4,
    area: 'Parkett',
    category: 'Gruppe Ä',
    together: false,
  },
  extend: { type: 'extend', op: op('extend-01'), event: EVENT, hold: HOLD },
  release: { type: 'release', op: op('release-1'), event: EVENT, hold: HOLD },
  checkout: { type: 'checkout', op: op('check-001'), event: EVENT, hold: HOLD },
  'pay, with a card that is declined': {
    type: 'pay',
    op: op('pay-00001'),
    event: EVENT,
    hold: HOLD,
    method: 'tok_declined',
  },
  pay: { type: 'pay', op: op('pay-00002'), event: EVENT, hold: HOLD, method: 'tok_ok' },
  mine: { type: 'mine', op: op('mine-0001'), event: EVENT },
  watch: { type: 'watch', op: op('watch-001'), event: EVENT },
  unwatch: { type: 'unwatch', event: EVENT },
  'sync-time': { type: 'sync-time', clientTime: SIX + 1750 },
});

export const DOWN_EXAMPLES = named<Down>()({
  'welcome, anonymous': {
    type: 'welcome',
    protocol: 1,
    session: '01993c19-d740-7c30-8000-5ea7000000c1',
    serverTime: SIX,
    heartbeatMs: 15_000,
    user: null,
    role: 'anonymous',
    expiresAt: null,
  },
  'welcome, signed in': {
    type: 'welcome',
    protocol: 1,
    session: '01993c19-d740-7c30-8000-5ea7000000c2',
    serverTime: SIX,
    heartbeatMs: 15_000,
    user: USER,
    role: 'customer',
    expiresAt: SIX + 600_000,
  },
  authenticated: {
    type: 'authenticated',
    op: op('auth-0001'),
    user: USER,
    role: 'customer',
    expiresAt: SIX + 600_000,
  },
  snapshot,
  'snapshot, pushed': { ...snapshot, version: 3, map: bytes(0x00, 0x00, 0x0c), serverTime: SIX + 90_000 },
  resumed: {
    type: 'resumed',
    event: EVENT,
    room: ROOM,
    epoch: EPOCH,
    from: 42,
    to: 43,
    changes: bytes(0x16, 0x06),
    viewers: 2,
    serverTime: SIX + 20_000,
  },
  'diff, two places held': { type: 'diff', room: ROOM, to: 42, span: 1, changes: bytes(0x15, 0x05) },
  'diff, two places sold': { type: 'diff', room: ROOM, to: 43, span: 1, changes: bytes(0x16, 0x06) },
  'diff, a place far away': { type: 'diff', room: ROOM, to: 60, span: 12, changes: bytes(0x84, 0xea, 0x30) },
  beacon: { type: 'beacon', room: ROOM, version: 41, checksum: 0x594f_a9d5 },
  'beacon, after the sale': { type: 'beacon', room: ROOM, version: 43, checksum: 0xf700_0bf4 },
  held: { type: 'held', op: op('hold-0001'), event: EVENT, ...held },
  extended: {
    type: 'extended',
    op: op('extend-01'),
    event: EVENT,
    hold: HOLD,
    expiresAt: SIX + 423_120,
  },
  released: { type: 'released', op: op('release-1'), event: EVENT, hold: HOLD },
  'checked-out': {
    type: 'checked-out',
    op: op('check-001'),
    event: EVENT,
    hold: HOLD,
    order: ORDER,
    amount: 5000,
    currency: 'EUR',
    expiresAt: SIX + 125_300,
  },
  accepted: { type: 'accepted', op: op('pay-00002'), event: EVENT, hold: HOLD, order: ORDER },
  'rejected, a place is taken': {
    type: 'rejected',
    op: op('hold-0001'),
    code: 'place_taken',
    places: [2],
    message: 'Somebody else has this place. Pick another, or try best available.',
  },
  'rejected, the card was declined': {
    type: 'rejected',
    op: op('pay-00001'),
    code: 'payment_declined',
    places: null,
    message: 'The card was declined. The places are still yours: try another card.',
  },
  'order, confirmed': {
    type: 'order',
    event: EVENT,
    order: ORDER,
    status: 'confirmed',
    places: [4, 5],
    reason: null,
  },
  'order, rejected': {
    type: 'order',
    event: EVENT,
    order: ORDER,
    status: 'rejected',
    places: [4, 5],
    reason: 'stale_fence',
  },
  'hold-ending': { type: 'hold-ending', event: EVENT, hold: HOLD, expiresAt: SIX + 303_120 },
  'hold-ended': { type: 'hold-ended', event: EVENT, hold: HOLD, reason: 'expired' },
  'mine, while paying': {
    type: 'mine',
    op: op('mine-0001'),
    event: EVENT,
    holds: [{ ...held, paying: true, order: ORDER }],
    orders: [{ order: ORDER, status: 'accepted', places: [4, 5] }],
  },
  'mine, after the sale': {
    type: 'mine',
    op: op('mine-0001'),
    event: EVENT,
    holds: [],
    orders: [{ order: ORDER, status: 'confirmed', places: [4, 5] }],
  },
  presence: { type: 'presence', room: ROOM, viewers: 3 },
  stats: {
    type: 'stats',
    event: EVENT,
    at: SIX + 30_000,
    viewers: 3,
    free: 5,
    held: 1,
    sold: 3,
    blocked: 1,
    holdsPerSecond: 0.25,
    salesPerSecond: 2,
    revenue: 7500,
    currency: 'EUR',
  },
  time: { type: 'time', clientTime: SIX + 1750, serverTime: SIX + 1802 },
  reconnect: { type: 'reconnect', afterMs: 740 },
  'hold-changed': { type: 'hold-changed', event: EVENT, ...held, paying: false, order: null },
  watching: { type: 'watching', op: op('watch-001'), event: EVENT },
});
