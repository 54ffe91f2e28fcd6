/**
 * What every seat store must do, run against each of them. Titles begin with the invariant of seat-store.ts they show.
 * Time is each store's own clock: what must expire gets a short life, and the tests wait for the condition, not for a while.
 */
import { afterAll, beforeAll, describe } from 'vitest';
import { bestPlacesContract } from './contract/best-places.ts';
import { expiryContract } from './contract/expiry.ts';
import { holdsContract } from './contract/holds.ts';
import { lifecycleContract } from './contract/lifecycle.ts';
import { opsContract } from './contract/ops.ts';
import { outboxContract } from './contract/outbox.ts';
import { parallelContract } from './contract/parallel.ts';
import { rebuildContract } from './contract/rebuild.ts';
import { transitionsContract } from './contract/transitions.ts';
import type { SeatStore } from './seat-store.ts';

export function seatStoreContract(name: string, open: () => Promise<SeatStore>): void {
  describe(name, () => {
    let opened: SeatStore;
    beforeAll(async () => {
      opened = await open();
    });
    afterAll(() => opened.close());
    const store = () => opened;

    lifecycleContract(store);
    holdsContract(store);
    bestPlacesContract(store);
    opsContract(store);
    expiryContract(store);
    transitionsContract(store);
    rebuildContract(store);
    outboxContract(store);
    parallelContract(store);
  });
}
