import { currentAccount } from '../connection/account.ts';
import { askToSignIn } from '../frame/sign-in.tsx';

/** Runs `then` as somebody signed in; asks for that first if need be. */
export function asBuyer(then: () => void): void {
  if (currentAccount.get().kind === 'signed-in') then();
  else askToSignIn('Sign in to hold places. Your selection stays as it is.', then);
}
