/** What the three peers have in common: the work, in their own words. */

export interface Wish {
  readonly event: string;
  readonly places: readonly number[];
}

/** Where places are held. All or nothing. */
export interface Seats {
  /** False: one of them is taken, and none was held. */
  hold(buyer: string, wish: Wish): Promise<boolean>;
  close(): Promise<void>;
}

export const HOLD_SECONDS = 1800;
