/** What a command and a REST endpoint declare of a call: who may, and what a repeat does. */
import type { RejectCode } from '../reject/index.ts';

/** What may be owned, and how a stranger is refused: what is private is not even there. An event belongs to its organizer, and to admins. */
export const STRANGER = {
  event: 'forbidden',
  hold: 'hold_not_found',
  order: 'unknown_order',
} as const satisfies Record<string, RejectCode>;
export type Owned = keyof typeof STRANGER;

/** `account`: anybody signed in. `organizer`: organizers and admins. */
export type Access = 'public' | 'account' | 'organizer' | 'admin' | `owner of ${Owned}`;

/** Null where nothing is owned. */
export function ownedBy(access: Access): Owned | null {
  return access.startsWith('owner of ') ? (access.slice('owner of '.length) as Owned) : null;
}

/** How those are refused who may not. */
export function accessRefusals(access: Access): readonly RejectCode[] {
  if (access === 'public') return [];
  const refusals: RejectCode[] = ['unauthenticated', 'token_expired'];
  const owned = ownedBy(access);
  if (owned === 'event') refusals.push('unknown_event');
  if (owned) refusals.push(STRANGER[owned]);
  else if (access !== 'account') refusals.push('forbidden');
  return refusals;
}

/** Whether a repeat does no more than the first: whenever it comes, or under the same op id. */
export type Idempotence = 'always' | 'under its op' | 'no';
