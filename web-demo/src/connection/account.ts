/** Who is signed in, for this page: the keeper with this browser around it. */
import { AccountKeeper, type News } from './account-keeper.ts';
import { api } from './api.ts';
import { browserKeys, SIGNED_IN } from './browser-keys.ts';
import { oneAtATime } from './one-at-a-time.ts';
import { followHolds } from './running-holds.ts';
import { listenToWaking } from './waking.ts';

export type { Account } from './account-keeper.ts';

const channel = typeof BroadcastChannel === 'undefined' ? null : new BroadcastChannel('seatwire.account');

const keeper = new AccountKeeper({
  refresh: api.refresh,
  logout: api.logout,
  keys: browserKeys(),
  tell: (news) => channel?.postMessage(news),
  alone: oneAtATime,
  steady: () => performance.now(),
  random: Math.random,
  after(ms, callback) {
    const timer = setTimeout(callback, ms);
    return () => clearTimeout(timer);
  },
});

export const currentAccount = keeper.account;
/** Changes with each new access token. */
export const newTokens = keeper.tokens;
export const accessToken = (refused: string | null = null) => keeper.accessToken(refused);
/** The token at hand, without asking for another. */
export const tokenAtHand = () => keeper.token;
/** The server ended our session: is the sign-in over? */
export const doubtSignIn = () => keeper.doubt();

export const signIn = (email: string, password: string) => keeper.signIn(() => api.login(email, password));
export const register = (name: string, email: string, password: string) =>
  keeper.signIn(() => api.register(name, email, password));
export const signOut = () => keeper.signOut();
export const signedOutHere = () => keeper.signedOutHere;

/** Finds out who is signed in, and listens to the other tabs. */
export function startAccount(): void {
  if (channel) channel.onmessage = ({ data }: MessageEvent<News>) => keeper.hear(data);
  window.addEventListener('storage', ({ key }) => {
    if (key === SIGNED_IN || key === null) keeper.look();
  });
  // What the former user holds is nothing of the next one's.
  keeper.account.watch((account) => followHolds(account.kind === 'signed-in' ? account.user.id : null));
  listenToWaking({ wake: () => keeper.wake() });
  void keeper.accessToken();
}
