/** What Redis and the ledger say of one event, side by side. */
import type { LiveTicket, SeatPlan, Snapshot } from '@seatwire/store';

/** `fence` is Redis's, `ticket` the ledger's. */
export type Difference =
  | { readonly kind: 'no_state' }
  | { readonly kind: 'places'; readonly redis: number; readonly ledger: number }
  /** Sold in Redis, not in the ledger. */
  | { readonly kind: 'not_in_ledger'; readonly place: number; readonly fence: number }
  /** Sold in the ledger, not in Redis: it could be sold again, and the ledger would refuse. */
  | { readonly kind: 'not_in_redis'; readonly place: number; readonly ticket: number }
  | { readonly kind: 'fence'; readonly place: number; readonly fence: number; readonly ticket: number }
  /** Redis contradicts itself: the map and the sold list differ. */
  | { readonly kind: 'map'; readonly place: number; readonly code: number; readonly fence: number | null }
  | { readonly kind: 'blocked'; readonly place: number; readonly redis: boolean; readonly ledger: boolean }
  /** A confirmed order whose payment is not there to be taken. */
  | { readonly kind: 'payment'; readonly order: string; readonly state: string };

export interface View {
  readonly snapshot: Snapshot | null;
  readonly fences: ReadonlyMap<number, number>;
  readonly tickets: readonly Pick<LiveTicket, 'place' | 'fence'>[];
  readonly plan: Pick<SeatPlan, 'places' | 'blocked'>;
}

const SOLD = 2;
const BLOCKED = 3;

export function compare({ snapshot, fences, tickets, plan }: View): Difference[] {
  if (snapshot === null) return [{ kind: 'no_state' }];
  if (snapshot.places !== plan.places) {
    return [{ kind: 'places', redis: snapshot.places, ledger: plan.places }];
  }
  const found: Difference[] = [];
  const ticketAt = new Map(tickets.map(({ place, fence }) => [place, fence]));
  for (const [place, ticket] of ticketAt) {
    const fence = fences.get(place);
    if (fence === undefined) found.push({ kind: 'not_in_redis', place, ticket });
    else if (fence !== ticket) found.push({ kind: 'fence', place, fence, ticket });
  }
  for (const [place, fence] of fences) {
    if (!ticketAt.has(place)) found.push({ kind: 'not_in_ledger', place, fence });
  }
  const blocked = new Set(plan.blocked);
  for (const [place, code] of snapshot.codes.entries()) {
    const fence = fences.get(place) ?? null;
    if ((code === SOLD) !== (fence !== null)) found.push({ kind: 'map', place, code, fence });
    if ((code === BLOCKED) !== blocked.has(place)) {
      found.push({ kind: 'blocked', place, redis: code === BLOCKED, ledger: blocked.has(place) });
    }
  }
  return found;
}

/** Those of `now` that were there before, too. */
export function lasting(before: readonly Difference[], now: readonly Difference[]): Difference[] {
  const seen = new Set(before.map((difference) => JSON.stringify(difference)));
  return now.filter((difference) => seen.has(JSON.stringify(difference)));
}
