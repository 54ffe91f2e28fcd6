/**
 * Why a command failed. The session lives on. `retryable`: the same command, under the same op id, may succeed later.
 * `status` is the HTTP status REST answers with. The message says what to do; it may change, the code may not.
 */
export interface Rejection {
  readonly retryable: boolean;
  readonly status: number;
  readonly message: string;
}

const no = (status: number, message: string): Rejection => ({ retryable: false, status, message });
const later = (status: number, message: string): Rejection => ({ retryable: true, status, message });

export const REJECTIONS = {
  place_taken: no(409, 'This place is held or sold. Pick another, or try best available.'),
  place_blocked: no(409, 'This place is not on sale. Pick another.'),
  unknown_place: no(404, 'The chart has no such place.'),
  duplicate_place: no(400, 'A place is named twice. Name each once.'),
  too_many_places: no(400, 'More places than one hold may have. Ask for fewer.'),
  buyer_limit: no(
    409,
    'This would exceed the places one buyer may have, held and bought together. Ask for fewer.',
  ),
  not_enough_places: no(409, 'Not enough free places match. Ask for fewer, or widen the choice.'),
  not_together: no(409, 'No such block of places side by side is free. Ask for fewer, or allow them apart.'),
  unknown_area: no(404, 'No section or category matches. Check its name.'),
  orphan_seat: no(409, 'This would leave a single seat alone. Shift by one, or take it too.'),
  sale_not_open: later(409, 'The sale has not opened yet.'),
  sale_closed: no(409, 'The sale has ended.'),
  hold_not_found: no(404, 'No such hold, or it is not yours, or it has ended. Pick places again.'),
  hold_expired: no(409, 'The hold has ended without a purchase. Pick places again.'),
  hold_paying: no(409, 'The hold is in checkout already. Pay it, or wait for the payment under way.'),
  hold_not_paying: no(409, 'The hold is not in checkout. Check out first.'),
  extension_limit: no(409, 'The hold cannot be extended further.'),
  stale_fence: no(409, 'A newer claim exists on this place. Pick places again.'),
  not_sold: no(409, 'The place is not sold under this order.'),
  price_changed: later(409, 'The prices changed. Look at them and try again.'),
  payment_declined: no(402, 'The card was declined. The places are still yours: try another card.'),
  payment_unknown: later(
    504,
    'The payment provider did not answer in time. The places are still yours: try again.',
  ),
  unknown_payment_method: no(400, 'No such payment method. Choose one that is offered.'),
  unknown_event: no(404, 'No such event.'),
  unknown_order: no(404, 'No such order, or it is not yours.'),
  event_rebuilding: later(503, 'The seat map is being restored. Try again in a moment.'),
  op_conflict: no(422, 'This op id was used for a different command. Use a new one.'),
  not_joined: no(409, 'Join the event first.'),
  already_joined: no(409, 'Too many rooms joined. Leave one first.'),
  unauthenticated: no(401, 'Sign in first.'),
  token_expired: no(401, 'The access token has expired. Refresh it and authenticate again.'),
  bad_token: no(401, 'The access token is not valid. Sign in again.'),
  bad_credentials: no(401, 'The e-mail address or the password is wrong.'),
  email_taken: no(409, 'An account with this e-mail address exists. Sign in, or use another.'),
  refresh_reused: no(401, 'This refresh token was used before, so its family is revoked. Sign in again.'),
  forbidden: no(403, 'Your account may not do this.'),
  bad_request: no(400, 'The request is not of the expected form.'),
  not_found: no(404, 'Nothing lives at this address.'),
  too_large: no(413, 'The request is too large.'),
  rate_limited: later(429, 'Too many requests. Wait a moment, then try again.'),
  overloaded: later(503, 'The server is busy. Try again in a moment.'),
  unavailable: later(
    503,
    'A part of the system does not answer. Try again under the same op id: it cannot happen twice.',
  ),
  internal: later(500, 'A defect on our side. It is logged. Try again under the same op id.'),
} as const satisfies Record<string, Rejection>;

export type RejectCode = keyof typeof REJECTIONS;

export const REJECT_CODES = Object.keys(REJECTIONS) as RejectCode[];
