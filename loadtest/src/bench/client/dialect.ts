/** What a service's load looks like on the wire: frames to send, and the least that must be read of what comes. */

export interface Dialect {
  readonly path: string;
  readonly headers: readonly string[];
  /** Sent in order, each once its predecessor was answered as `answers` says. */
  readonly greeting: (token: string | null) => readonly Buffer[];
  readonly join: (event: string) => Buffer;
  /** The command number `index`: hold these places of the event. The frame may be used again once the next was made. */
  readonly hold: (index: number, event: string, places: readonly number[]) => Buffer;
  /** What a frame from the server is. Filled into `heard`, which is reused. */
  readonly read: (buffer: Buffer, from: number, to: number, heard: Heard) => void;
}

export type Kind = 'greeted' | 'joined' | 'granted' | 'refused' | 'change' | 'ping' | 'other';

export interface Heard {
  kind: Kind;
  /** granted, refused: the command's number. */
  index: number;
  /** change: the version it leads to, where the service has versions. joined: the version of the map. */
  version: number;
  /** granted: when the store did it, us since the epoch, where the service tells. */
  at: number;
}

export const newHeard = (): Heard => ({ kind: 'other', index: -1, version: 0, at: 0 });

/** Sent when a frame of kind `ping` was heard. */
export const SOCKET_IO_PONG = Buffer.from([0x81, 0x81, 0, 0, 0, 0, 0x33]);
