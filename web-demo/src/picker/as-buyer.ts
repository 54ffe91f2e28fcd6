import { currentAccount } from '../connection/account.ts';
import { sessionUser } from '../connection/session-user.ts';
import { askToSignIn } from '../frame/sign-in.tsx';

/** Runs `then` once the connection is a buyer's; asks for a sign-in first if need be. */
export function asBuyer(then: () => void): void {
  const account = currentAccount.get();
  if (account.kind === 'signed-in' && sessionUser.get() === account.user.id) then();
  else askToSignIn('So that the seats are held for you. What you selected stays selected.', then);
}
