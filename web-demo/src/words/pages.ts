/** What the pages say when they cannot show what was asked for. The picker's refusals have words of their own, in refusals.ts. */
import type { RejectCode } from '@seatwire/protocol';

export interface PageTrouble {
  readonly title: string;
  readonly text: string;
  /** Whether asking once more can help. */
  readonly again: boolean;
}

/** What a page is about. */
export type Shown = 'event' | 'events' | 'orders' | 'monitor';

const NOT_LOADED: Record<Shown, string> = {
  event: 'The event could not be loaded',
  events: 'The list of events could not be loaded',
  orders: 'Your tickets could not be loaded',
  monitor: 'The monitor could not be loaded',
};

/** An answer that is not what the page wanted, in a buyer's words. */
export function pageTrouble(shown: Shown, code: RejectCode | 'offline'): PageTrouble {
  switch (code) {
    // An id that is none comes back as a bad request.
    case 'unknown_event':
    case 'unknown_order':
    case 'not_found':
    case 'bad_request':
      return shown === 'orders' || shown === 'events'
        ? { title: NOT_LOADED[shown], text: OURS, again: true }
        : { title: 'We cannot find this event', text: 'The link may be old, or mistyped.', again: false };
    case 'forbidden':
      return shown === 'monitor'
        ? {
            title: 'Only its organizer sees this monitor',
            text: "To watch this sale, sign in with the organizer's account.",
            again: false,
          }
        : { title: NOT_LOADED[shown], text: 'It belongs to another account.', again: false };
    case 'unauthenticated':
    case 'token_expired':
    case 'bad_token':
    case 'refresh_reused':
      return { title: NOT_LOADED[shown], text: 'You are signed out. Sign in, then try again.', again: true };
    case 'offline':
      return {
        title: NOT_LOADED[shown],
        text: 'We get no answer. Check your connection, then try again.',
        again: true,
      };
    case 'rate_limited':
    case 'overloaded':
      return {
        title: NOT_LOADED[shown],
        text: 'Many people are asking right now. Wait a moment, then try again.',
        again: true,
      };
    default:
      return { title: NOT_LOADED[shown], text: OURS, again: true };
  }
}

const OURS = 'Something does not work on our side. Try again in a moment.';
