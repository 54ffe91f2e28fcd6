/**
 * Signing in without leaving the page: what was selected stays selected. Whoever asked is called back when the *connection* is the
 * user's, not when the account is: what they then command would overtake the sign-in on its way.
 */
import { useEffect, useLayoutEffect, useRef, useState } from 'preact/hooks';
import { currentAccount, signIn } from '../connection/account.ts';
import { api, type DemoAccount } from '../connection/api.ts';
import { sessionReady } from '../connection/session-user.ts';
import { store } from '../connection/store.ts';
import { type AccountTrouble, accountTrouble, NOT_CONNECTED } from '../words/account.ts';
import { AccountForm, type AccountMode } from './account-form.tsx';
import { route } from './router.ts';
import { useStore } from './use-store.ts';

interface Request {
  readonly why: string | undefined;
  readonly then: (() => void) | undefined;
}
const request = store<Request | null>(null);

/** How long the connection is waited for before the dialog says so. */
const CONNECT_MS = 10_000;
const TITLES = { 'sign-in': 'Sign in', register: 'Create an account' };
const REASONS = { 'sign-in': 'Welcome back.', register: 'Your tickets will wait in it, on any device.' };

/** Opens the dialog. `why`: true of a sign-in and of a registration. `then` runs once the connection is somebody's; closing the dialog forgets it. */
export function askToSignIn(why?: string, then?: () => void): void {
  request.set({ why, then });
}

export function SignIn() {
  const asked = useStore(request);
  const dialog = useRef<HTMLDialogElement>(null);
  // Open before the form inside gives its first field the focus, which opening gives to the first button.
  useLayoutEffect(() => {
    if (asked) dialog.current?.showModal();
    else dialog.current?.close();
  }, [asked]);
  // What was asked for belongs to the page it was asked on.
  useEffect(() => route.watch(() => request.set(null)), []);
  return (
    <dialog class="dialog" ref={dialog} onClose={() => request.set(null)} aria-labelledby="sign-in-title">
      {asked && <Steps asked={asked} />}
    </dialog>
  );
}

function Steps({ asked }: { asked: Request }) {
  const [step, setStep] = useState<'form' | 'connecting' | 'late'>(() =>
    asked.then && currentAccount.get().kind !== 'anonymous' ? 'connecting' : 'form',
  );
  const [mode, setMode] = useState<AccountMode>('sign-in');
  const [trouble, setTrouble] = useState<AccountTrouble | null>(null);
  const [busy, setBusy] = useState(false);
  const [demo, setDemo] = useState<readonly DemoAccount[]>([]);

  useEffect(() => {
    api.demo().then((answer) => answer.ok && setDemo(answer.body.accounts));
  }, []);
  useEffect(() => {
    if (step === 'connecting') connect();
  }, []);

  const connect = async () => {
    const { then } = asked;
    if (then) {
      setStep('connecting');
      const how = await sessionReady(currentAccount, CONNECT_MS);
      if (request.get() !== asked) return;
      if (how !== 'ready') return setStep(how === 'late' ? 'late' : 'form');
    }
    request.set(null);
    then?.();
  };
  const attempt = async (answering: ReturnType<typeof signIn>) => {
    setBusy(true);
    setTrouble(null);
    const answer = await answering;
    if (request.get() !== asked) return;
    setBusy(false);
    if (answer.ok) await connect();
    else setTrouble(accountTrouble(answer.code, answer.fields));
  };

  if (step !== 'form') return <Connecting late={step === 'late'} onRetry={connect} />;
  return (
    <>
      <AccountForm
        mode={mode}
        busy={busy}
        trouble={trouble}
        onTry={attempt}
        onMode={(next) => {
          setMode(next);
          setTrouble(null);
        }}
      >
        <div class="head">
          <div>
            <h2 id="sign-in-title">{TITLES[mode]}</h2>
            <p class="quiet small">{asked.why ?? REASONS[mode]}</p>
          </div>
          <Close />
        </div>
      </AccountForm>
      {demo.length > 0 && (
        <div class="demo">
          <p class="small quiet">This is a demo. Sign in as:</p>
          <ul>
            {demo.map((account) => (
              <li key={account.email}>
                <button
                  type="button"
                  class="button compact"
                  data-testid="demo-account"
                  disabled={busy}
                  onClick={() => attempt(signIn(account.email, account.password))}
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
  );
}

function Connecting(props: { late: boolean; onRetry: () => void }) {
  return (
    <div class="body" data-testid={props.late ? 'sign-in-late' : 'sign-in-connecting'}>
      <div class="head">
        <h2 id="sign-in-title">{props.late ? NOT_CONNECTED.title : 'One moment'}</h2>
        <Close />
      </div>
      {props.late ? (
        <p role="alert">{NOT_CONNECTED.text}</p>
      ) : (
        <p class="quiet" role="status">
          <span class="spinner" /> Connecting you.
        </p>
      )}
      {props.late && (
        <button type="button" class="button primary wide" onClick={props.onRetry}>
          Try again
        </button>
      )}
    </div>
  );
}

function Close() {
  return (
    <button type="button" class="button plain compact" onClick={() => request.set(null)}>
      Close
    </button>
  );
}
