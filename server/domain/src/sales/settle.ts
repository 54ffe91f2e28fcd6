/**
 * What follows a commit in the ledger: capture the confirmed, undo the rejected, tell the buyers. Done before the outbox entry is
 * acknowledged and safe to repeat, so a crash anywhere in it means that the entries come again and the rest is done then.
 */
import type { OrderId } from '@seatwire/protocol';
import type { FlushOutcome, Lapse, PrivateMessage, Purchase, SeatStore } from '@seatwire/store';

/** One purchase and what the ledger said of it. */
export interface Settled {
  readonly purchase: Purchase;
  readonly outcome: FlushOutcome;
}
export type Rejected = Extract<FlushOutcome, { status: 'rejected' }>;

export interface SettleParts {
  readonly seats: Pick<SeatStore, 'cancel'>;
  /** Both are done later, once, however often they are asked for. */
  readonly capture: (orders: readonly OrderId[]) => Promise<void>;
  readonly voidPayments: (orders: readonly OrderId[]) => Promise<void>;
  readonly tell: (messages: readonly PrivateMessage[]) => Promise<void>;
  /** The ledger did not take this purchase. */
  readonly rejected: (purchase: Purchase, outcome: Rejected) => void;
  /** No place of it was to be given back: freed before, or being rebuilt from the ledger, which has no such order. */
  readonly nothingFreed: (purchase: Purchase, code: string) => void;
}

/** Throws `Unavailable` when Redis does not answer: leave the entries unacknowledged. */
export async function settle(
  parts: SettleParts,
  settled: readonly Settled[],
  lapses: readonly Lapse[],
): Promise<void> {
  const captured: OrderId[] = [];
  const voided: OrderId[] = lapses.map((lapse) => lapse.order);
  for (const { purchase, outcome } of settled) {
    const paid = isPaid(purchase);
    if (outcome.status === 'confirmed') {
      if (paid) captured.push(purchase.order);
      continue;
    }
    if (paid) voided.push(purchase.order);
    parts.rejected(purchase, outcome);
    await giveBack(parts, purchase, outcome);
  }
  await Promise.all([
    parts.tell(settled.map(messageOf)),
    parts.capture(captured),
    parts.voidPayments(voided),
  ]);
}

/** For nothing, no provider was asked. */
const isPaid = ({ amount }: Purchase): boolean => amount > 0;

/** Frees the places of a rejected order, but not those the ledger says another has: these are sold, whoever Redis thought the buyer was. */
async function giveBack(
  { seats, nothingFreed }: SettleParts,
  purchase: Purchase,
  outcome: Rejected,
): Promise<void> {
  const { event, fence, buyer } = purchase;
  const taken = new Set(outcome.takenBy.map(({ place }) => place));
  const places = purchase.places.filter((place) => !taken.has(place));
  if (places.length === 0) return;
  const freed = await seats.cancel({ event, fence, places, buyer });
  if (!freed.ok) nothingFreed(purchase, freed.code);
}

function messageOf({ purchase, outcome }: Settled): PrivateMessage {
  const { event, order, buyer, places } = purchase;
  return {
    to: buyer,
    message: {
      type: 'order',
      event,
      order,
      status: outcome.status,
      places: [...places],
      reason: outcome.status === 'rejected' ? outcome.reason : null,
    },
  };
}
