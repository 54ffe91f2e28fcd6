import { currentAccount } from '../connection/account.ts';
import { AccountMenu } from './account-menu.tsx';
import { askToSignIn } from './sign-in.tsx';
import { ThemeButton } from './theme-button.tsx';
import { useStore } from './use-store.ts';

export function Bar() {
  const account = useStore(currentAccount);
  return (
    <header class="bar">
      <a class="brand" href="/">
        <svg viewBox="0 0 32 32" aria-hidden="true">
          <path
            d="M4 23c7-8 17-8 24 0"
            fill="none"
            stroke="var(--signal)"
            stroke-width="2.6"
            stroke-linecap="round"
          />
          <circle cx="8.5" cy="13" r="3.2" fill="var(--line-strong)" />
          <circle cx="16" cy="10" r="3.8" fill="var(--ink)" />
          <circle cx="23.5" cy="13" r="3.2" fill="var(--line-strong)" />
        </svg>
        Seatwire
      </a>
      {account.kind === 'signed-in' && (
        <a class="button plain compact wide-only" href="/orders">
          My tickets
        </a>
      )}
      {account.kind === 'signed-in' ? (
        <AccountMenu user={account.user} />
      ) : account.kind === 'anonymous' ? (
        <button type="button" class="button compact" data-testid="sign-in" onClick={() => askToSignIn()}>
          Sign in
        </button>
      ) : (
        <span class="quiet small" role="status">
          Signing in…
        </span>
      )}
      <ThemeButton />
    </header>
  );
}
