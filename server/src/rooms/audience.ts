/** Those of one room who came in by one transport. The room speaks; how it reaches the sockets is the transport's affair. */
import type { DownOf } from '@seatwire/protocol';

/** What everybody in a room hears. */
export type RoomMessage = DownOf<'diff' | 'beacon' | 'presence' | 'snapshot'>;

export interface Audience {
  /** Sockets in it. */
  readonly size: number;
  /**
   * Each socket hears the messages in the order of these calls, or is marked stale and hears none until it has a fresh snapshot.
   * A socket that enters while an earlier message is on its way may still hear that one: clients ignore what is not newer.
   */
  publish(message: RoomMessage): void;
}
