/** Refusals that several commands share. */
import type { RejectCode } from '../reject/index.ts';

const codes = <const Codes extends readonly RejectCode[]>(...list: Codes) => list;

/** Any command may be answered with these, whoever asks. */
export const ANY_COMMAND = codes('rate_limited', 'bad_request', 'unavailable', 'internal');
/** Of a command on an event's seats. */
const ON_EVENT = codes('unknown_event', 'event_rebuilding', 'op_conflict');
export const HOLDING = codes(
  ...ON_EVENT,
  'too_many_places',
  'buyer_limit',
  'sale_not_open',
  'sale_closed',
  'price_changed',
  'overloaded',
);
/** `hold_not_found` comes with the access. */
export const OWN_HOLD = codes(...ON_EVENT, 'hold_expired');
/** Into a room, or its monitor stream. `not_joined`: left meanwhile. */
export const ENTERING = codes(
  'unknown_event',
  'event_rebuilding',
  'overloaded',
  'already_joined',
  'not_joined',
);
