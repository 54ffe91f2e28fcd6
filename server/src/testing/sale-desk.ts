/** A sale desk as the server composes it, but for what a test puts in its place. */
import {
  type Catalogue,
  HoldExpiryWatch,
  HoldTouches,
  PaymentSteps,
  SaleDesk,
  type SaleDeskParts,
  saleRecords,
  seatCalls,
} from '@seatwire/domain';
import { AcceptedOrders, type PaymentProvider, type SeatStore } from '@seatwire/store';
import type { Served } from './served.ts';

export type Records = SaleDeskParts['records'];

export function saleDesk(
  served: Served,
  simulated: PaymentProvider,
  instead: { store?: SeatStore; provider?: PaymentProvider; records?: Records },
): SaleDesk {
  const { redis } = served;
  const store = instead.store ?? served.seats;
  const failed = () => undefined;
  const calls = seatCalls({ catalogue: {} as Catalogue, requestRebuild: async () => undefined });
  const expiryWatch = new HoldExpiryWatch({ find: async () => null, tell: async () => undefined, failed });
  const touches = new HoldTouches({ publish: async () => undefined, failed });
  const steps = new PaymentSteps({
    store,
    provider: instead.provider ?? simulated,
    calls,
    accepted: new AcceptedOrders(redis, failed),
    expiryWatch,
    touches,
    deadlineMs: 1_000,
    failed,
  });
  return new SaleDesk({
    store,
    calls,
    orders: { briefs: async () => [] },
    steps,
    expiryWatch,
    touches,
    records: instead.records ?? saleRecords(redis),
    revenueOf: async () => ({ revenue: 0, currency: 'EUR' }),
    patienceMs: 5_000,
    count: () => undefined,
  });
}
