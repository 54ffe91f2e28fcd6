/**
 * Who may ask, the same for REST and sockets: by the token, and for events also by their owner. Holds and orders are named by ids that
 * only their owner knows. The command itself checks their owner in the same step: a check beforehand would prove nothing.
 */
import { type Buyer, buyerOf, type Catalogue, type Principal } from '@seatwire/domain';
import { type Access, type EventId, isRefusal, type Refusal, refused, STRANGER } from '@seatwire/protocol';

const STAFF: ReadonlySet<string> = new Set(['organizer', 'admin']);

/** A public endpoint needs no account. */
export type Admitted<Who extends Access> = Who extends 'public' ? null : Buyer;

/** By the token alone: who asks, null where everyone may; or why not. */
export function admit<Who extends Access>(access: Who, principal: Principal): Admitted<Who> | Refusal {
  if (access === 'public') return null as Admitted<Who>;
  const buyer = buyerOf(principal);
  if (isRefusal(buyer)) return buyer;
  if (access === 'organizer' && !STAFF.has(principal.role)) return refused('forbidden');
  if (access === 'admin' && principal.role !== 'admin') return refused('forbidden');
  return buyer as Admitted<Who>;
}

/** Of what only an event's owner may ask: null, or why not. */
export async function strangerTo(
  event: EventId,
  { user, role }: Principal,
  catalogue: Pick<Catalogue, 'find'>,
): Promise<Refusal | null> {
  const found = await catalogue.find(event);
  if (!found) return refused('unknown_event');
  return role === 'admin' || found.detail.organizer === user ? null : refused(STRANGER.event);
}
