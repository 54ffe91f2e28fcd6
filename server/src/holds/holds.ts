/** The contract of holds: what a buyer may do with places before paying. The same for every transport. */
import type { EventId, HoldId, UserId } from '@seatwire/protocol';
import type { Principal } from '../accounts/principal.ts';
import type { Answer, Command } from '../messages.ts';
import type { Outcome } from '../outcome.ts';

export interface Holds {
  hold(principal: Principal, command: Command<'hold'>): Promise<Outcome<Answer<'held'>>>;
  holdBest(principal: Principal, command: Command<'hold-best'>): Promise<Outcome<Answer<'held'>>>;
  extend(principal: Principal, command: Command<'extend'>): Promise<Outcome<Answer<'extended'>>>;
  release(principal: Principal, command: Command<'release'>): Promise<Outcome<Answer<'released'>>>;
  /** The caller's own live holds and orders of an event. */
  mine(principal: Principal, command: Command<'mine'>): Promise<Outcome<Answer<'mine'>>>;
  /** A hold as its buyer's other sessions are told of it; null when it is over. */
  look(buyer: UserId, event: EventId, hold: HoldId): Promise<Outcome<Answer<'hold-changed'> | null>>;
}
