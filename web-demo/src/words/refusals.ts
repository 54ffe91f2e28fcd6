/**
 * What a buyer reads when something did not work: a sentence of the page's own for each code, never the protocol's message,
 * which speaks to programmers. The tables are total: a new code does not compile until it has its words.
 */
import type { RejectCode } from '@seatwire/protocol';

/** What the page itself has to say, beside what the server refuses. */
export type PageCode =
  | 'offline'
  | 'lost'
  | 'held_by_other'
  | 'held_by_somebody'
  | 'sold_already'
  | 'yours_held'
  | 'yours_bought'
  | 'selection_full'
  | 'several_lost'
  | 'orphans'
  | 'free_now'
  | 'ended'
  | 'ended_free'
  | 'ended_some'
  | 'ended_taken'
  | 'given_back'
  | 'bought_elsewhere'
  | 'rebuilt'
  | 'no_longer_held'
  | 'payment_unheard'
  | 'none_left'
  | 'signed_out'
  | 'signed_out_paying';

export type BuyerCode = RejectCode | PageCode;

const AGAIN = 'Please sign in again.';
const OUR_FAULT = 'Something went wrong on our side. Please try again.';
const CHOOSE_AGAIN = 'These seats are no longer held for you. Please choose again.';

const REFUSED: Record<RejectCode, string> = {
  place_taken: 'This seat was just taken. Please pick another, or let us find the best ones.',
  place_blocked: 'This seat is not on sale. Please pick another.',
  unknown_place: 'This seat is not part of the map any more. Please reload the page.',
  duplicate_place: 'A seat was chosen twice. Please choose again.',
  too_many_places: 'That is more than can be held in one go. Please choose fewer.',
  buyer_limit: 'That is more than one person may have for this event. Please choose fewer.',
  not_enough_places: 'There are not that many left of what you asked for. Ask for fewer, or look elsewhere.',
  not_together: 'That many side by side are not left. Ask for fewer, or allow seats apart.',
  unknown_area: 'This part of the house is not on sale.',
  orphan_seat: 'This would leave a single seat alone. Please take it too, or move over by one.',
  sale_not_open: 'The sale has not opened yet. What you picked stays picked.',
  sale_closed: 'The sale has ended.',
  hold_not_found: CHOOSE_AGAIN,
  hold_expired: 'The time ran out before the payment went through. Nothing is charged.',
  hold_paying: 'A payment for these seats is under way. Please wait a moment.',
  hold_not_paying: 'The payment did not start. Please press the button again.',
  extension_limit: 'This is as long as seats can be held.',
  stale_fence: CHOOSE_AGAIN,
  not_sold: 'This ticket is not valid any more.',
  price_changed: 'The prices have changed. Please look at them and try again.',
  payment_declined: 'The card was declined. The seats are still yours: please try another card.',
  payment_unknown:
    'The bank did not answer in time. Nothing is lost and nothing is charged twice: please try again.',
  unknown_payment_method: 'This card cannot be used here. Please choose another.',
  unknown_event: 'We know of no such event. The link may be old, or mistyped.',
  unknown_order: 'We know of no such order in your account.',
  event_rebuilding: 'The seat map is being restored. Please try again in a moment.',
  op_conflict: OUR_FAULT,
  not_joined: OUR_FAULT,
  already_joined: 'Too many maps are open. Please close one.',
  unauthenticated: 'Please sign in first.',
  token_expired: AGAIN,
  bad_token: AGAIN,
  bad_credentials: 'The e-mail address or the password is wrong.',
  email_taken: 'There is an account with this e-mail address already. Sign in, or use another address.',
  refresh_reused: AGAIN,
  forbidden: 'This page is not open to your account.',
  bad_request: 'That did not work. Please check what you entered.',
  not_found: 'Nothing lives at this address.',
  too_large: 'That is too much at once.',
  rate_limited: 'That was a lot at once. Please wait a moment, then try again.',
  overloaded: 'It is very busy right now. Please try again in a moment.',
  unavailable: 'We have no answer yet. Please try again in a moment: nothing happens twice.',
  internal: OUR_FAULT,
};

const PAGE: Record<PageCode, string> = {
  offline: 'Seatwire does not answer. Check your connection and try again.',
  lost: 'This seat was just taken. Please pick another.',
  held_by_other: 'Somebody else is holding this seat. It comes back if they do not buy it.',
  held_by_somebody: 'This seat is held right now. It comes back if it is not bought.',
  sold_already: 'This seat is sold. Please pick another.',
  yours_held: 'This seat is yours: it is held for you.',
  yours_bought: 'This seat is yours: you have a ticket for it.',
  selection_full: 'That is as many as can be held in one go. Take one of your seats out to swap it.',
  several_lost: 'These seats were just taken. Please pick others.',
  orphans: 'This would leave single seats alone, on either side. Please move over by one.',
  free_now: 'This seat is free now.',
  ended: 'The time ran out, and these are no longer held for you.',
  ended_free: 'The time ran out. What you held is free: you can hold it again.',
  ended_some: 'The time ran out. Only a part of what you held is free still.',
  ended_taken: 'The time ran out. What you held is not free right now.',
  given_back: 'You gave these seats back in another window.',
  bought_elsewhere: 'You have bought these already, in another window.',
  rebuilt: 'The seat map was restored, and your seats are no longer held. Please choose again.',
  no_longer_held: CHOOSE_AGAIN,
  none_left: 'Nothing is free there right now. Look elsewhere.',
  signed_out:
    'You are signed out. What you held stays held for your account until its time is up: sign in again to pay.',
  signed_out_paying:
    'You are signed out. The payment goes on: if it goes through, your tickets are in your account.',
  payment_unheard:
    'We have not heard yet whether the payment went through. We go on asking, and nothing is charged twice.',
};

const ALL: Record<BuyerCode, string> = { ...REFUSED, ...PAGE };

/** The words for a code; `code` may also be one that a newer server made up. */
export function buyerText(code: BuyerCode): string {
  return ALL[code] ?? OUR_FAULT;
}

/** Said for information; nothing is wrong. */
const GOOD_NEWS: ReadonlySet<BuyerCode> = new Set<BuyerCode>([
  'yours_held',
  'yours_bought',
  'given_back',
  'bought_elsewhere',
]);
export const isGoodNews = (code: BuyerCode): boolean => GOOD_NEWS.has(code);

export const BUYER_CODES = Object.keys(ALL) as BuyerCode[];
