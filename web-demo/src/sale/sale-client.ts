/** What the sale needs of the world: the socket client's commands, and time. */
import type { SeatwireClient } from '@seatwire/protocol/client';

export interface Wish {
  readonly count: number;
  readonly area: string | null;
  readonly category: string | null;
  readonly together: boolean;
}

export type SaleClient = Pick<
  SeatwireClient,
  'hold' | 'holdBest' | 'extend' | 'release' | 'checkout' | 'pay' | 'mine' | 'serverNow'
>;

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
