/** The fields of a sign-in or a registration. What goes wrong is said at the control that it is about, which gets the focus. */
import type { ComponentChildren } from 'preact';
import { useEffect, useRef, useState } from 'preact/hooks';
import { register, signIn } from '../connection/account.ts';
import type { AccountField, AccountTrouble } from '../words/account.ts';

export type AccountMode = 'sign-in' | 'register';

export function AccountForm(props: {
  mode: AccountMode;
  busy: boolean;
  trouble: AccountTrouble | null;
  onMode: (mode: AccountMode) => void;
  onTry: (attempt: ReturnType<typeof signIn>) => void;
  children: ComponentChildren;
}) {
  const { mode, busy, trouble } = props;
  const form = useRef<HTMLFormElement>(null);
  const [email, setEmail] = useState('');

  useEffect(() => {
    form.current?.querySelector('input')?.focus();
  }, [mode]);
  useEffect(() => {
    if (!trouble) return;
    const at = trouble.field ? `input[name=${trouble.field}]` : '[role=alert]';
    form.current?.querySelector<HTMLElement>(at)?.focus();
  }, [trouble]);

  const submit = (event: SubmitEvent) => {
    event.preventDefault();
    const data = new FormData(event.currentTarget as HTMLFormElement);
    const value = (field: AccountField) => String(data.get(field) ?? '');
    const password = value('password');
    props.onTry(mode === 'register' ? register(value('name'), email, password) : signIn(email, password));
  };
  /** Ties a control to what is wrong with it. */
  const faulty = (field: AccountField) =>
    trouble?.field === field ? { 'aria-invalid': true, 'aria-describedby': `${field}-trouble` } : {};
  const fault = (field: AccountField) =>
    trouble?.field === field && (
      <span class="field-trouble" id={`${field}-trouble`} role="alert" data-testid="account-trouble">
        {trouble.text}
      </span>
    );

  return (
    <form ref={form} onSubmit={submit} data-testid="sign-in-form">
      {props.children}
      {mode === 'register' && (
        <label class="field">
          Name
          <input name="name" required maxLength={100} autoComplete="name" {...faulty('name')} />
          {fault('name')}
        </label>
      )}
      <label class="field">
        E-mail address
        <input
          name="email"
          type="email"
          required
          maxLength={254}
          autoComplete={mode === 'register' ? 'email' : 'username'}
          value={email}
          onInput={(event) => setEmail(event.currentTarget.value)}
          {...faulty('email')}
        />
        {fault('email')}
      </label>
      {/* The key makes it another field: what was typed to sign in is no new password. */}
      <label class="field" key={mode}>
        Password
        <input
          name="password"
          type="password"
          required
          minLength={mode === 'register' ? 10 : 1}
          maxLength={200}
          autoComplete={mode === 'register' ? 'new-password' : 'current-password'}
          {...faulty('password')}
        />
        {mode === 'register' && <span class="quiet">At least 10 characters.</span>}
        {fault('password')}
      </label>
      {trouble && trouble.field === null && (
        <p class="note bad" role="alert" tabIndex={-1} data-testid="account-trouble">
          {trouble.text}
        </p>
      )}
      <button type="submit" class="button primary wide" disabled={busy}>
        {busy && <span class="spinner" />}
        {mode === 'sign-in' ? 'Sign in' : 'Create account'}
      </button>
      <button
        type="button"
        class="button plain compact"
        disabled={busy}
        onClick={() => props.onMode(mode === 'sign-in' ? 'register' : 'sign-in')}
      >
        {mode === 'sign-in' ? 'New here? Create an account' : 'Have an account? Sign in'}
      </button>
    </form>
  );
}
