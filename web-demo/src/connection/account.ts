/** Who is signed in. The refresh token lives in an HttpOnly cookie; the access token only in memory. */
import type { Session, User } from '@seatwire/protocol';
import { type Answer, api } from './api.ts';
import { type Readable, store } from './store.ts';

export type Account =
  | { readonly kind: 'unknown' }
  | { readonly kind: 'anonymous' }
  | { readonly kind: 'signed-in'; readonly user: User };

/** Whether a refresh is worth a request: set with the cookie, which the page itself cannot see. */
const MARK = 'seatwire.signed-in';
/** A token this close to its end is renewed before use. */
const RENEW_BEFORE_MS = 30_000;

const account = store<Account>({ kind: 'unknown' });
export const currentAccount: Readable<Account> = account;

let access: { token: string; expiresAt: number } | null = null;
let renewing: Promise<void> | null = null;

function accept(session: Session): void {
  access = { token: session.accessToken, expiresAt: Date.parse(session.accessTokenExpiresAt) };
  localStorage.setItem(MARK, '1');
  account.set({ kind: 'signed-in', user: session.user });
}

function forget(): void {
  access = null;
  localStorage.removeItem(MARK);
  account.set({ kind: 'anonymous' });
}

async function renew(): Promise<void> {
  if (!localStorage.getItem(MARK)) return forget();
  const answer = await api.refresh();
  if (answer.ok) accept(answer.body);
  // Offline is not signed out: keep what there is and try again at the next use.
  else if (answer.code !== 'offline' && answer.code !== 'unavailable' && answer.code !== 'overloaded')
    forget();
  else if (account.get().kind === 'unknown') account.set({ kind: 'anonymous' });
}

/** A valid access token, renewed if need be; null when nobody is signed in. `refused`: one the server did not take, so it is not given again. */
export async function accessToken(refused: string | null = null): Promise<string | null> {
  if (account.get().kind === 'anonymous' && !localStorage.getItem(MARK)) return null;
  if (!access || access.token === refused || access.expiresAt - Date.now() < RENEW_BEFORE_MS) {
    renewing ??= renew().finally(() => {
      renewing = null;
    });
    await renewing;
  }
  return access && access.token !== refused ? access.token : null;
}

async function sign(answer: Promise<Answer<Session>>): Promise<Answer<Session>> {
  const got = await answer;
  if (got.ok) accept(got.body);
  return got;
}

export const signIn = (email: string, password: string) => sign(api.login(email, password));
export const register = (name: string, email: string, password: string) =>
  sign(api.register(name, email, password));

export async function signOut(): Promise<void> {
  await api.logout();
  forget();
}
