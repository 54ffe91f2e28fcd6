/** An event, its sale and its room. */
import { later, no, type Rejection } from './rejection.ts';

export const EVENT_REJECTIONS = {
  sale_not_open: later(409, 'The sale has not opened yet.'),
  sale_closed: no(409, 'The sale has ended.'),
  unknown_event: no(404, 'No such event.'),
  event_rebuilding: later(503, 'The seat map is being restored. Try again in a moment.'),
  not_joined: no(409, 'Join the event first.'),
  already_joined: no(409, 'Too many rooms joined. Leave one first.'),
} as const satisfies Record<string, Rejection>;
