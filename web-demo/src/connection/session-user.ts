/** Whose the socket is: keeps it the account's, and lets others wait until it is. */
import type { UserId } from '@seatwire/protocol';
import type { SeatwireClient } from '@seatwire/protocol/client';
import type { Account } from './account-keeper.ts';
import { type Readable, store } from './store.ts';

const current = store<UserId | null>(null);
/** The user the socket is authenticated as, and nobody else's account: what may be asked of it is asked as them. Null while there is no such session. */
export const sessionUser: Readable<UserId | null> = current;

export interface AccountSource {
  readonly account: Readable<Account>;
  readonly tokens: Readable<number>;
  tokenAtHand(): string | null;
  accessToken(refused?: string | null): Promise<string | null>;
}

/** Follows the account for as long as the page lives. */
export function followAccount(
  socket: Pick<SeatwireClient, 'identity' | 'on' | 'authenticate' | 'startOver'>,
  source: AccountSource,
): void {
  let signing = false;

  const signIn = async (): Promise<void> => {
    signing = true;
    // Without an await when it can be: what is commanded from now on is to come after.
    const token = source.tokenAtHand() ?? (await source.accessToken());
    let result = token === null ? null : await socket.authenticate(token);
    if (result && !result.ok && (result.code === 'bad_token' || result.code === 'token_expired')) {
      const other = await source.accessToken(token);
      result = other === null ? null : await socket.authenticate(other);
    }
    signing = false;
    // The account may be another by now. A failure waits for the next token, or the next session.
    if (result?.ok) agree();
  };

  const agree = (): void => {
    const { identity } = socket;
    const account = source.account.get();
    const wanted = account.kind === 'signed-in' ? account.user.id : null;
    current.set(identity !== null && identity.user === wanted ? identity.user : null);
    if (identity === null || identity.user === wanted) return;
    if (identity.user !== null) socket.startOver();
    else if (!signing) void signIn();
  };

  socket.on('identity', agree);
  socket.on('state', agree);
  source.account.watch(agree);
  source.tokens.watch(agree);
}

/** Settles once the socket is the account's: `ready`. `anonymous`: there is nobody to be. `late`: neither within `ms`. */
export function sessionReady(
  account: Readable<Account>,
  ms: number,
  user: Readable<UserId | null> = sessionUser,
): Promise<'ready' | 'anonymous' | 'late'> {
  return new Promise((resolve) => {
    const settle = (how: 'ready' | 'anonymous' | 'late') => {
      clearTimeout(timer);
      for (const stop of off) stop();
      resolve(how);
    };
    const look = () => {
      const now = account.get();
      if (now.kind === 'anonymous') settle('anonymous');
      else if (now.kind === 'signed-in' && user.get() === now.user.id) settle('ready');
    };
    const timer = setTimeout(() => settle('late'), ms);
    const off = [account.watch(look), user.watch(look)];
    look();
  });
}
