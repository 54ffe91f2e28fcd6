/** Who is signed in, and what may be done about it. A name is no button that signs out: it opens this. */
import type { User } from '@seatwire/protocol';
import { useLayoutEffect, useRef, useState } from 'preact/hooks';
import { signOut } from '../connection/account.ts';
import { client } from '../connection/live.ts';
import { runningHolds } from '../connection/running-holds.ts';
import { readableAddress } from '../words/mail-address.ts';
import './account-menu.css';
import { useStore } from './use-store.ts';

export function AccountMenu({ user }: { user: User }) {
  const [open, setOpen] = useState(false);
  const [leaving, setLeaving] = useState(false);
  const holds = useStore(runningHolds);
  const root = useRef<HTMLDivElement>(null);
  const opener = useRef<HTMLButtonElement>(null);

  const close = (refocus: boolean) => {
    setOpen(false);
    setLeaving(false);
    if (refocus) opener.current?.focus();
  };
  // Before anybody can press a key or point elsewhere.
  useLayoutEffect(() => {
    if (!open) return;
    const away = (event: Event) => {
      if (!root.current?.contains(event.target as Node)) close(false);
    };
    const pressed = (event: KeyboardEvent) => {
      if (event.key === 'Escape') close(true);
    };
    document.addEventListener('pointerdown', away);
    document.addEventListener('focusin', away);
    document.addEventListener('keydown', pressed);
    return () => {
      document.removeEventListener('pointerdown', away);
      document.removeEventListener('focusin', away);
      document.removeEventListener('keydown', pressed);
    };
  }, [open]);

  const leave = () => {
    const running = holds.length > 0 && holds.some(({ until }) => until > client().serverNow());
    if (running && !leaving) setLeaving(true);
    else void signOut();
  };

  return (
    <div class="account-menu" ref={root}>
      <button
        type="button"
        class="button plain compact"
        ref={opener}
        aria-expanded={open}
        aria-controls="account-menu"
        aria-label={`Account of ${user.name}`}
        data-testid="account"
        onClick={() => (open ? close(false) : setOpen(true))}
      >
        <svg viewBox="0 0 24 24" aria-hidden="true">
          <circle cx="12" cy="8" r="4" />
          <path d="M4 21c1.5-8 14.5-8 16 0" />
        </svg>
        <span class="who wide-only">{user.name}</span>
      </button>
      {open && (
        <div class="account-panel" id="account-menu" data-testid="account-menu">
          {leaving ? (
            <div role="alertdialog" aria-labelledby="leaving-title" aria-describedby="leaving-text">
              <h2 id="leaving-title">Sign out while you hold seats?</h2>
              <p class="small" id="leaving-text">
                They stay held for your account until their time is up. To pay for them you need to sign in
                again.
              </p>
              <button type="button" class="button primary wide" ref={focusIt} onClick={() => close(true)}>
                Stay signed in
              </button>
              <button type="button" class="button plain wide" data-testid="sign-out-anyway" onClick={leave}>
                Sign out anyway
              </button>
            </div>
          ) : (
            <>
              <p class="account-name">{user.name}</p>
              <p class="quiet small account-email">{readableAddress(user.email)}</p>
              <a class="button wide" href="/orders" onClick={() => close(false)}>
                My tickets
              </a>
              <button type="button" class="button plain wide" data-testid="sign-out" onClick={leave}>
                Sign out
              </button>
            </>
          )}
        </div>
      )}
    </div>
  );
}

const focusIt = (element: HTMLElement | null) => element?.focus();
