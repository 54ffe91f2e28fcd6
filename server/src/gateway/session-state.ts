/**
 * What a session does with each message in each state: one total table.
 *
 * opened     connected, no hello yet           greeting        the hello's token is being verified
 * watching   open, anonymous                   signed-in       open, with an account
 * expired    open, but the token's time is up  authenticating  open, another token is being verified
 * draining   told to reconnect elsewhere       closed          over
 */

import type { Principal } from '@seatwire/domain';
import { type CloseReason, COMMANDS, type Refusal, refused, UP, type Up } from '@seatwire/protocol';

export type SessionState =
  | 'opened'
  | 'greeting'
  | 'watching'
  | 'signed-in'
  | 'expired'
  | 'authenticating'
  | 'draining'
  | 'closed';

export type Conduct =
  | 'do'
  /** Kept until it is known who is asking. */
  | 'wait'
  | 'ignore'
  | Refusal
  | { readonly close: CloseReason };

const unauthenticated: Conduct = refused('unauthenticated');
const tokenExpired: Conduct = refused('token_expired');
/** Retryable: the client repeats it, under the same op, where it reconnects. */
const elsewhere: Conduct = refused('unavailable');
const badMessage: Conduct = { close: 'bad_message' };

const all = (conduct: Conduct) =>
  Object.fromEntries(UP.map(({ type }) => [type, conduct])) as Record<Up['type'], Conduct>;

const PRIVILEGED = Object.values(COMMANDS).filter(({ access }) => access !== 'public');

/** An open session: what needs an account is refused as `privileged` says. */
const open = (privileged: Conduct): Record<Up['type'], Conduct> => ({
  ...all('do'),
  hello: badMessage,
  ...Object.fromEntries(PRIVILEGED.map(({ type }) => [type, privileged])),
});

export const CONDUCT: Readonly<Record<SessionState, Readonly<Record<Up['type'], Conduct>>>> = {
  opened: { ...all(badMessage), hello: 'do' },
  greeting: { ...all('wait'), hello: badMessage },
  watching: open(unauthenticated),
  'signed-in': open('do'),
  expired: open(tokenExpired),
  authenticating: { ...all('wait'), hello: badMessage },
  draining: { ...all(elsewhere), hello: 'ignore', leave: 'ignore', unwatch: 'ignore', 'sync-time': 'do' },
  closed: all('ignore'),
};

/** What an open session may do by the token it has. */
export function standingOf({ user, expiresAt }: Principal): 'watching' | 'signed-in' | 'expired' {
  if (user === null) return 'watching';
  return expiresAt !== null && expiresAt <= Date.now() ? 'expired' : 'signed-in';
}
