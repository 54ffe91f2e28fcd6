/** Everybody who may ask for something of one owner's, and how each is answered by a row's access. For the access matrix. */
import { type Access, ownedBy, type RejectCode, STRANGER, uuidv7 } from '@seatwire/protocol';
import { createUser } from '@seatwire/store';
import type { Served } from './served.ts';

export const CALLERS = [
  'anonymous',
  'expired',
  'stranger',
  'owner',
  'organizer',
  'another organizer',
  'admin',
] as const;
export type Caller = (typeof CALLERS)[number];

/** `organizer` has the event, `owner` holds and has ordered places of it, `expired` would be the owner. */
export type Tokens = Readonly<Record<Caller, string | null>>;

export async function tokensOf(served: Served): Promise<Tokens> {
  const owner = await served.customer();
  const made = async (role: 'organizer' | 'admin') => {
    const id = uuidv7() as Served['organizer'];
    await createUser(served.db, { id, email: `${id}@test.example`, name: role, role, passwordHash: 'none' });
    return served.tokenOf({ id, role });
  };
  return {
    anonymous: null,
    expired: await served.tokenOf(owner.user, -60),
    stranger: (await served.customer()).accessToken,
    owner: owner.accessToken,
    organizer: await served.tokenOf({ id: served.organizer, role: 'organizer' }),
    'another organizer': await made('organizer'),
    admin: await made('admin'),
  };
}

/** The code of the refusal, or null where the access lets the caller through. */
export function denial(access: Access, caller: Caller): RejectCode | null {
  if (access === 'public') return null;
  if (caller === 'anonymous') return 'unauthenticated';
  if (caller === 'expired') return 'token_expired';
  const owned = ownedBy(access);
  const may: Record<Exclude<Access, 'public'>, readonly Caller[]> = {
    account: CALLERS,
    organizer: ['organizer', 'another organizer', 'admin'],
    admin: ['admin'],
    'owner of event': ['organizer', 'admin'],
    'owner of hold': ['owner'],
    'owner of order': ['owner'],
  };
  if (may[access].includes(caller)) return null;
  return owned ? STRANGER[owned] : 'forbidden';
}

/** What no caller whom the access lets through may hear. */
export function denialsOf(access: Access): readonly RejectCode[] {
  const owned = ownedBy(access);
  return ['unauthenticated', 'token_expired', 'forbidden', ...(owned ? [STRANGER[owned]] : [])];
}
