/** The contract of sales: from a hold to an accepted purchase. The same for every transport. */
import type { EventId } from '@seatwire/protocol';
import type { AcceptedOrder } from '@seatwire/store';
import type { Principal } from '../accounts/principal.ts';
import type { Answer, Command } from '../messages.ts';
import type { Outcome } from '../outcome.ts';
import type { Paying } from './payment-steps.ts';

export interface Sales {
  checkout(principal: Principal, command: Command<'checkout'>): Promise<Outcome<Answer<'checked-out'>>>;
  pay(principal: Principal, command: Command<'pay'>): Promise<Outcome<Answer<'accepted'>>>;
  /** Checkout and pay as one command under one op. Repeats get the same order, word for word. `method` may be null where there is nothing to pay. */
  purchase(principal: Principal, command: Paying): Promise<Outcome<AcceptedOrder>>;
  /** Confirmed sales of an event so far; `revenue` in minor units. */
  revenue(event: EventId): Promise<{ readonly revenue: number; readonly currency: string }>;
}
