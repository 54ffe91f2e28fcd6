/** What the rooms may be told. Times in ms. */
import type { HistoryBounds } from './history.ts';

export interface RoomsOptions {
  /** Between two flushes of a busy room. */
  readonly tickMs: number;
  readonly beaconMs: number;
  /** How often the whole map is compared with the store's. */
  readonly proveMs: number;
  /** An empty room is kept this long. */
  readonly keepWarmMs: number;
  /** Longest load of a room. */
  readonly loadMs: number;
  readonly maxRooms: number;
  readonly history: HistoryBounds;
}
