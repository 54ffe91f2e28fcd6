/** A hold, or a claim on a place. */
import { no, type Rejection } from './rejection.ts';

export const HOLD_REJECTIONS = {
  hold_not_found: no(404, 'No such hold, or it is not yours, or it has ended. Pick places again.'),
  hold_expired: no(409, 'The hold has ended without a purchase. Pick places again.'),
  hold_paying: no(409, 'The hold is in checkout already. Pay it, or wait for the payment under way.'),
  hold_not_paying: no(409, 'The hold is not in checkout. Check out first.'),
  extension_limit: no(409, 'The hold cannot be extended further.'),
  stale_fence: no(409, 'A newer claim exists on this place. Pick places again.'),
} as const satisfies Record<string, Rejection>;
