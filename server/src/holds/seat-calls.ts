/** How the domain calls the seat store: refusals and lost dependencies become outcomes, and an event without state is asked to be rebuilt. */
import type { EventId, RejectCode } from '@seatwire/protocol';
import { type Granted, type Result, Unavailable } from '@seatwire/store';
import type { Catalogue } from '../events/catalogue.ts';
import { type Outcome, type Refused, refused } from '../outcome.ts';

export interface SeatCalls {
  /** Runs `work`; whatever was lost on the way makes it `unavailable`. Defects pass through. */
  settle<T>(work: () => Promise<Outcome<T>>): Promise<Outcome<T>>;
  /** What a refusal of the store means to the caller. */
  refusal(event: EventId, refusal: { code: RejectCode; places?: readonly number[] }): Promise<Refused>;
  /** The two together, for a single call. */
  call<T>(event: EventId, work: () => Promise<Result<T>>): Promise<Outcome<Granted<T>>>;
}

export function seatCalls(o: {
  catalogue: Catalogue;
  requestRebuild: (event: EventId) => Promise<unknown>;
}): SeatCalls {
  const calls: SeatCalls = {
    async settle(work) {
      try {
        return await work();
      } catch (error) {
        if (error instanceof Unavailable) return refused('unavailable');
        throw error;
      }
    },
    async refusal(event, { code, places }) {
      if (code !== 'event_rebuilding') return refused(code, places);
      // The store has no state of it: it was lost, or there never was such an event.
      if ((await o.catalogue.find(event)) === null) return refused('unknown_event');
      await o.requestRebuild(event);
      return refused(code);
    },
    call: (event, work) =>
      calls.settle(async () => {
        const result = await work();
        return result.ok ? result : calls.refusal(event, result);
      }),
  };
  return calls;
}
