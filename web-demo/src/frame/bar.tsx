import { currentAccount } from '../connection/account.ts';
import { AccountMenu } from './account-menu.tsx';
import { askToSignIn } from './sign-in.tsx';
import { toggleTheme } from './theme.ts';
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
      <button
        type="button"
        class="button plain compact icon"
        onClick={toggleTheme}
        aria-label="Light or dark"
      >
        <svg viewBox="0 0 24 24" aria-hidden="true">
          <path d="M20 14.5A8 8 0 1 1 9.5 4a6.5 6.5 0 0 0 10.5 10.5Z" />
        </svg>
      </button>
    </header>
  );
}
