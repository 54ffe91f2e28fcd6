/** What the sale needs of the world: the socket client's commands, and time. */
import type { DownOf, EventId, HoldId, OpId, Result } from '@seatwire/protocol';

export interface Wish {
  readonly count: number;
  readonly area: string | null;
  readonly category: string | null;
  readonly together: boolean;
}

/** A repeat under one op gets the first answer: nothing happens twice. */
interface Asked {
  readonly op: OpId;
}

export interface SaleClient {
  hold(event: EventId, places: readonly number[], asked: Asked): Promise<Result<DownOf<'held'>>>;
  holdBest(event: EventId, wish: Wish, asked: Asked): Promise<Result<DownOf<'held'>>>;
  extend(event: EventId, hold: HoldId, asked: Asked): Promise<Result<DownOf<'extended'>>>;
  release(event: EventId, hold: HoldId, asked: Asked): Promise<Result<DownOf<'released'>>>;
  checkout(event: EventId, hold: HoldId, asked: Asked): Promise<Result<DownOf<'checked-out'>>>;
  pay(event: EventId, hold: HoldId, method: string, asked: Asked): Promise<Result<DownOf<'accepted'>>>;
  mine(event: EventId): Promise<Result<DownOf<'mine'>>>;
  /** The server's clock, epoch ms. */
  serverNow(): number;
}

/** Runs `callback` after `ms`; the result cancels that. */
export type After = (ms: number, callback: () => void) => () => void;

export interface SaleTime {
  /** Ms, of a clock that is never set. */
  readonly now: () => number;
  readonly after: After;
}

export const PAGE_TIME: SaleTime = {
  now: () => performance.now(),
  after(ms, callback) {
    const timer = setTimeout(callback, ms);
    return () => clearTimeout(timer);
  },
};
