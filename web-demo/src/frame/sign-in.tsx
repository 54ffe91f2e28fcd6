/** Signing in without leaving the page: what was selected stays selected. */
import { useEffect, useRef, useState } from 'preact/hooks';
import { register, signIn } from '../connection/account.ts';
import { api, type DemoAccount } from '../connection/api.ts';
import { store } from '../connection/store.ts';
import { useStore } from './use-store.ts';

interface Request {
  readonly why: string;
  readonly then: (() => void) | undefined;
}
const request = store<Request | null>(null);

/** Opens the dialog. `then` runs once somebody is signed in; closing the dialog forgets it. */
export function askToSignIn(why = 'Welcome back.', then?: () => void): void {
  request.set({ why, then });
}

export function SignIn() {
  const asked = useStore(request);
  const dialog = useRef<HTMLDialogElement>(null);
  const [mode, setMode] = useState<'sign-in' | 'register'>('sign-in');
  const [error, setError] = useState<string | null>(null);
  const [busy, setBusy] = useState(false);
  const [demo, setDemo] = useState<readonly DemoAccount[]>([]);

  useEffect(() => {
    if (!asked) return dialog.current?.close();
    setError(null);
    dialog.current?.showModal();
    api.demo().then((answer) => answer.ok && setDemo(answer.body.accounts));
  }, [asked]);

  const finish = async (attempt: ReturnType<typeof signIn>) => {
    setBusy(true);
    const answer = await attempt;
    setBusy(false);
    if (!answer.ok) return setError(answer.message);
    const then = request.get()?.then;
    request.set(null);
    then?.();
  };

  const submit = (event: SubmitEvent) => {
    event.preventDefault();
    const data = new FormData(event.currentTarget as HTMLFormElement);
    const [name, email, password] = ['name', 'email', 'password'].map((key) => String(data.get(key) ?? ''));
    finish(mode === 'register' ? register(name!, email!, password!) : signIn(email!, password!));
  };

  return (
    <dialog class="dialog" ref={dialog} onClose={() => request.set(null)} aria-labelledby="sign-in-title">
      {asked && (
        <>
          <form onSubmit={submit} data-testid="sign-in-form">
            <div class="head">
              <div>
                <h2 id="sign-in-title">{mode === 'sign-in' ? 'Sign in' : 'Create an account'}</h2>
                <p class="quiet small">{asked.why}</p>
              </div>
              <button type="button" class="button plain compact" onClick={() => request.set(null)}>
                Close
              </button>
            </div>
            {error && (
              <p class="note bad" role="alert">
                {error}
              </p>
            )}
            {mode === 'register' && (
              <label class="field">
                Name
                <input name="name" required maxLength={100} autoComplete="name" />
              </label>
            )}
            <label class="field">
              E-mail address
              <input name="email" type="email" required autoComplete="email" />
            </label>
            <label class="field">
              Password
              <input
                name="password"
                type="password"
                required
                minLength={mode === 'register' ? 10 : 1}
                autoComplete={mode === 'register' ? 'new-password' : 'current-password'}
              />
              {mode === 'register' && <span class="quiet">At least 10 characters.</span>}
            </label>
            <button type="submit" class="button primary wide" disabled={busy}>
              {busy && <span class="spinner" />}
              {mode === 'sign-in' ? 'Sign in' : 'Create account'}
            </button>
            <button
              type="button"
              class="button plain compact"
              onClick={() => {
                setMode(mode === 'sign-in' ? 'register' : 'sign-in');
                setError(null);
              }}
            >
              {mode === 'sign-in' ? 'New here? Create an account' : 'Have an account? Sign in'}
            </button>
          </form>
          {demo.length > 0 && (
            <div class="demo">
              <p class="small quiet">This is a demo. Sign in as:</p>
              <ul>
                {demo.map((account) => (
                  <li key={account.email}>
                    <button
                      type="button"
                      class="button compact"
                      disabled={busy}
                      onClick={() => finish(signIn(account.email, account.password))}
                    >
                      {account.email.split('@')[0]}
                      <span class="quiet">{account.role}</span>
                    </button>
                  </li>
                ))}
              </ul>
            </div>
          )}
        </>
      )}
    </dialog>
  );
}
