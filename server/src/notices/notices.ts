/** The contract of notices: private messages to one user's sessions, wherever they are connected, and what else servers tell each other of holds. */
import type { News } from '@seatwire/store';

export interface Notices {
  /** Sends to every server. Not stored: a client that was away asks `mine`. */
  publish(notices: readonly News[]): Promise<void>;
  /** Hears every notice of every server, one at a time. Returns the way to stop. */
  listen(heard: (notice: News) => void): () => void;
}
