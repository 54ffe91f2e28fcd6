/** The domain over its stores: accounts, catalogue, holds and sales, wired once for both ways in and for REST. */
import {
  Accounts,
  HoldDesk,
  HoldExpiryWatch,
  HoldTouches,
  JoseTokens,
  LedgerCatalogue,
  Orders,
  Passwords,
  PaymentSteps,
  Revocations,
  SaleDesk,
  type SeatCalls,
  SignInLimits,
  type SigningKey,
  SignOuts,
  saleRecords,
  seatCalls,
} from '@seatwire/domain';
import { COMMAND_MS, type EventId } from '@seatwire/protocol';
import {
  AcceptedOrders,
  openPaymentProvider,
  type PaymentProvider,
  publishNews,
  requestRebuild,
  salesOf,
} from '@seatwire/store';
import type { Logger } from 'pino';
import type { Config } from './config.ts';
import type { Stores } from './stores.ts';

export interface Domain {
  readonly accounts: Accounts;
  readonly tokens: JoseTokens;
  readonly signOuts: SignOuts;
  readonly catalogue: LedgerCatalogue;
  readonly calls: SeatCalls;
  readonly holds: HoldDesk;
  readonly orders: Orders;
  readonly sales: SaleDesk;
  readonly expiryWatch: HoldExpiryWatch;
  readonly provider: PaymentProvider;
  requestRebuild(event: EventId): Promise<boolean>;
}

const DAY_MS = 24 * 3600 * 1000;
/** An access token may be issued a moment after its sign-in ended, and by a clock that is a little ahead. */
const REVOCATION_SLACK_MS = 60_000;
const SIGN_OUT_LOOK_MS = 2_000;

export interface DomainCounters {
  readonly holds: (command: string, outcome: string) => void;
  readonly sales: (command: string, outcome: string) => void;
}

export function buildDomain(
  config: Config,
  stores: Stores,
  key: SigningKey,
  counters: DomainCounters,
  log: Logger,
): Domain {
  const { seats, redis, db } = stores;
  const failed = (error: unknown, what: string) => log.warn({ err: error }, what);

  const lifeMs = config.accessTokenSeconds * 1000 + REVOCATION_SLACK_MS;
  const revocations = new Revocations(lifeMs);
  const { tokenIssuer: issuer, accessTokenSeconds: seconds } = config;
  const tokens = new JoseTokens(key, { issuer, seconds, revocations });
  const signOuts = new SignOuts({
    db,
    publisher: redis,
    subscriber: stores.bus,
    revocations,
    lifeMs,
    lookMs: SIGN_OUT_LOOK_MS,
    failed,
  });
  const accounts = new Accounts({
    db,
    tokens,
    passwords: new Passwords(),
    limits: new SignInLimits({
      failuresPerMinute: config.failedSignInsPerMinute,
      registrationsPerMinute: config.registrationsPerMinute,
    }),
    refreshTokenMs: config.refreshTokenDays * DAY_MS,
    announce: (ended) => signOuts.announce(ended),
  });

  const catalogue = new LedgerCatalogue(db);
  const ask = (event: EventId) => requestRebuild(redis, event);
  const calls = seatCalls({ catalogue, requestRebuild: ask });
  const expiryWatch = new HoldExpiryWatch({
    find: (event, hold) => seats.findHold(event, hold),
    tell: (soon) =>
      publishNews(
        redis,
        soon.map(({ buyer, event, hold, expiresAt }) => ({
          to: buyer,
          message: { type: 'hold-ending', event, hold, expiresAt },
        })),
      ),
    failed: (error) => failed(error, 'buyers could not be told that their holds end'),
  });
  const touches = new HoldTouches({
    publish: (touched) => publishNews(redis, touched),
    failed: (error) => failed(error, 'sessions could not be told that a hold changed'),
  });

  const accepted = new AcceptedOrders(redis, (error) => failed(error, 'an accepted order could not be read'));
  const orders = new Orders(db, accepted, (event) => catalogue.occasion(event));
  const provider = openPaymentProvider({ kind: config.paymentProvider, redis });
  const deadlineMs = config.paymentTimeoutMs;
  const steps = new PaymentSteps({
    store: seats,
    provider,
    calls,
    accepted,
    expiryWatch,
    touches,
    deadlineMs,
    failed,
  });

  return {
    accounts,
    tokens,
    signOuts,
    catalogue,
    calls,
    orders,
    expiryWatch,
    provider,
    requestRebuild: ask,
    holds: new HoldDesk({ store: seats, catalogue, calls, expiryWatch, touches, count: counters.holds }),
    sales: new SaleDesk({
      store: seats,
      calls,
      orders,
      records: saleRecords(redis),
      steps,
      expiryWatch,
      touches,
      revenueOf: (event) => salesOf(db, event),
      patienceMs: COMMAND_MS,
      count: counters.sales,
    }),
  };
}
