/** The request itself, whatever it asks for. */
import { later, no, type Rejection } from './rejection.ts';

export const REQUEST_REJECTIONS = {
  op_conflict: no(422, 'This op id was used for a different command. Use a new one.'),
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
