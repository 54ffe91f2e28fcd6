/** What the harness tells the scenarios (one JSON file), and what they tell it back (one JSON line each). Read on both sides, so it imports only the protocol. */
import type { EventId } from '@seatwire/protocol';

export interface RunFile {
  /** ws://host:port/ws */
  readonly socketUrl: string;
  /** http://host:port */
  readonly httpUrl: string;
  readonly event: EventId;
  /** Socket i is the buyer i modulo their number. */
  readonly buyers: readonly Account[];
  readonly sockets: number;
  /** Acts a second, over all sockets; 0 where the scenario has no rate. */
  readonly rate: number;
  /** Epoch ms: when buying begins, when it ends, and when every map is read. */
  readonly opensAt: number;
  readonly closesAt: number;
  readonly readsAt: number;
  /** The last socket reports a map it never had, to show that the proof can fail. */
  readonly wrongMap: boolean;
}

/** A buyer signed up for the run: its password outlives its token. */
export interface Account {
  readonly email: string;
  readonly password: string;
  readonly token: string;
  /** Epoch ms at which the token ends. */
  readonly expiresAt: number;
}

/** A client's last map. */
export interface MapFinding {
  readonly kind: 'map';
  readonly socket: number;
  readonly epoch: string;
  readonly version: number;
  readonly checksum: number;
  readonly sold: number;
  readonly held: number;
}
/** A purchase the server accepted. */
export interface OrderFinding {
  readonly kind: 'order';
  readonly socket: number;
  readonly order: string;
  readonly places: readonly number[];
  /** Minor units, as told when the places were held: `prices[i]` is that of `places[i]`, `amount` is to be paid. */
  readonly prices: readonly number[];
  readonly amount: number;
  readonly currency: string;
  /** Of the last notice heard; `accepted` when none came. */
  readonly status: string;
}
/** Something that must not happen, even under load. */
export interface TroubleFinding {
  readonly kind: 'trouble';
  readonly socket: number;
  readonly what: string;
}
/** What one virtual user has seen so far. */
export interface ProgressFinding {
  readonly kind: 'progress';
  readonly vu: number;
  readonly joined: number;
  readonly granted: number;
  readonly refused: number;
  readonly bought: number;
  readonly rejoined: number;
}
export type Finding = MapFinding | OrderFinding | TroubleFinding | ProgressFinding;
