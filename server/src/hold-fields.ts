/** A hold in the words that sockets and REST share. */
import type { Hold } from '@seatwire/store';

/** The fields every message about a hold has. */
export function heldOf({ hold, fence, places, prices, amount, currency, expiresAt }: Hold) {
  return { hold, fence, places: [...places], prices: [...prices], amount, currency, expiresAt };
}

/** A hold as its owner sees it. */
export function ownHold(hold: Hold) {
  return { ...heldOf(hold), paying: hold.state === 'paying', order: hold.order };
}
