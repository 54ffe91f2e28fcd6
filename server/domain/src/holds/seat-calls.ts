/** How the domain calls the seat store: a lost dependency becomes a refusal, and an event without state is asked to be rebuilt. */
import { type EventId, type Refusal, type Result, refused } from '@seatwire/protocol';
import { Unavailable } from '@seatwire/store';
import type { Catalogue } from '../events/catalogue.ts';

export interface SeatCalls {
  /** Runs `work`; a lost dependency makes it `unavailable`. Defects pass through. */
  settle<T>(work: () => Promise<Result<T>>): Promise<Result<T>>;
  /** What a refusal of the store means to the caller. */
  refusal(event: EventId, refusal: Refusal): Promise<Refusal>;
  /** The two together, for a single call. */
  call<T>(event: EventId, work: () => Promise<Result<T>>): Promise<Result<T>>;
}

export function seatCalls(parts: {
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
    async refusal(event, refusal) {
      if (refusal.code !== 'event_rebuilding') return refusal;
      // The store has no state of it: it was lost, or there never was such an event.
      if ((await parts.catalogue.find(event)) === null) return refused('unknown_event');
      await parts.requestRebuild(event);
      return refused('event_rebuilding');
    },
    call: (event, work) =>
      calls.settle(async () => {
        const result = await work();
        return result.ok ? result : calls.refusal(event, result);
      }),
  };
  return calls;
}
