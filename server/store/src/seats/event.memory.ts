/** One event in the model, and the one way its places move. */

import {
  type Epoch,
  type HoldId,
  LIFECYCLE,
  MAP_CODE,
  type SeatEvent,
  type SeatState,
  type UserId,
} from '@seatwire/protocol';
import type { EventRules } from '../words/event-rules.ts';
import type { SeatPlan } from '../words/seat-plan.ts';
import type { Hold } from './seat-store.ts';
import type { Transition } from './transition.ts';

export interface EventState {
  readonly epoch: Epoch;
  readonly seats: SeatState[];
  readonly runStarts: ReadonlySet<number>;
  rules: EventRules;
  version: number;
  fence: number;
  frozen: boolean;
  readonly holds: Map<HoldId, Hold>;
  /** When holds in checkout would have ended without it. */
  readonly beforeCheckout: Map<HoldId, number>;
  /** Held, paying and sold places of each buyer. */
  readonly had: Map<UserId, number>;
  readonly sold: Map<number, number>;
  readonly journal: Transition[];
}

/** I7: fences go on from the highest of the ledger's and the one that was here. */
export function eventOf(plan: SeatPlan, epoch: Epoch, fence: number): EventState {
  const event: EventState = {
    epoch,
    seats: Array<SeatState>(plan.places).fill('free'),
    runStarts: new Set(plan.runStarts),
    rules: plan.rules,
    version: 0,
    fence: Math.max(plan.fence, fence),
    frozen: false,
    holds: new Map(),
    beforeCheckout: new Map(),
    had: new Map(),
    sold: new Map(plan.sold.map(({ place, fence }) => [place, fence])),
    journal: [],
  };
  for (const place of plan.blocked) event.seats[place] = 'blocked';
  for (const { place, buyer } of plan.sold) {
    event.seats[place] = 'sold';
    countPlaces(event, buyer, 1);
  }
  return event;
}

export function countPlaces(event: EventState, buyer: UserId, more: number): void {
  event.had.set(buyer, Math.max(0, (event.had.get(buyer) ?? 0) + more));
}

/** I3: the places' new state, the version and the journal. A move the lifecycle forbids is a defect here: callers look first. */
export function move(
  event: EventState,
  kind: SeatEvent,
  places: readonly number[],
  holds: Transition['holds'],
): Transition {
  let code: Transition['code'] = 0;
  for (const place of places) {
    const step = LIFECYCLE[event.seats[place]!][kind];
    if (!('to' in step)) throw new Error(`${kind} of place ${place}: ${step.code}`);
    event.seats[place] = step.to;
    code = MAP_CODE[step.to];
  }
  event.version++;
  const transition: Transition = { epoch: event.epoch, version: event.version, kind, code, places, holds };
  event.journal.push(transition);
  return transition;
}
