/** What a session works with. `Session` is a parameter, so that the files name each other in one direction only. */
import type { Catalogue, Tokens } from '@seatwire/domain';
import type { UserId } from '@seatwire/protocol';
import type { RefusalGuard } from '../refusal-guard.ts';
import type { Rooms } from '../rooms/rooms.ts';
import type { StoreClock } from '../rooms/store-clock.ts';
import type { Selling } from './command.ts';
import type { GatewayMetrics } from './metrics.ts';
import type { GatewayOptions } from './options.ts';

export interface SessionParts<Session> {
  readonly options: GatewayOptions;
  readonly metrics: GatewayMetrics;
  readonly clock: StoreClock;
  readonly rooms: Rooms;
  readonly tokens: Tokens;
  readonly catalogue: Pick<Catalogue, 'find'>;
  readonly domain: Selling;
  /** Counts a user's pending commands; false: too many. */
  begin(user: UserId | null): boolean;
  finish(user: UserId | null): void;
  identified(session: Session, before: UserId | null, now: UserId | null): void;
  forget(session: Session): void;
  readonly guard: RefusalGuard;
  /** Something that should not happen did. */
  defect(error: unknown, during: string): void;
}
