/** The contract of notices: private messages to one user's sessions, wherever they are connected. */
import type { Notice } from '@seatwire/protocol';

export interface Notices {
  /** Sends to every server. Not stored: a client that was away asks `mine`. */
  publish(notices: readonly Notice[]): Promise<void>;
  /** Hears every notice of every server, one at a time. Returns the way to stop. */
  listen(heard: (notice: Notice) => void): () => void;
}
