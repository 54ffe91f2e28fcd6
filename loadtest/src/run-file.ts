/** What the harness tells the scenarios (one JSON file), and what they tell it back (one JSON line each). Read on both sides, so it imports only the protocol. */
import type { EventId } from '@seatwire/protocol';

export interface RunFile {
  /** ws://host:port/ws */
  readonly socketUrl: string;
  readonly event: EventId;
  /** Access tokens; socket i is the buyer i modulo their number. */
  readonly tokens: readonly string[];
  readonly sockets: number;
  /** Epoch ms: when buying begins, when it ends, and when every map is read. */
  readonly opensAt: number;
  readonly closesAt: number;
  readonly readsAt: number;
  /** The last socket reports a map it never had, to show that the proof can fail. */
  readonly wrongMap: boolean;
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
  /** Of the last notice heard; `accepted` when none came. */
  readonly status: string;
}
/** Something that must not happen, even under load. */
export interface TroubleFinding {
  readonly kind: 'trouble';
  readonly socket: number;
  readonly what: string;
}
export type Finding = MapFinding | OrderFinding | TroubleFinding;
