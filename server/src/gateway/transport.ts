/** How a session reaches its client. `native.ts` and `socket-io.ts` are the two ways in; tests bring a third. */
import type { CloseReason, Down } from '@seatwire/protocol';
import type { Room } from '../rooms/room.ts';

export interface Transport {
  /** A browser's own random name, if it gave one: all its windows have the same. Only for counting people. */
  readonly visitor?: string | undefined;
  /** A private message. If it cannot be taken (the client reads too slowly), the transport ends the session: a lost answer is never silent. */
  send(message: Down): void;
  /** From this turn on the socket hears what the room publishes. */
  enter(room: Room): void;
  exit(room: Room): void;
  /** Bytes waiting to be read by the client. */
  buffered(): number;
  /** Ends the connection with this reason. `Session.closed` follows from the transport. */
  close(reason: CloseReason): void;
}
