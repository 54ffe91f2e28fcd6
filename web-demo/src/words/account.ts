/** What goes wrong with an account, in words for people, and at which control. */
import type { RejectCode } from '@seatwire/protocol';

export type AccountField = 'name' | 'email' | 'password';

export interface AccountTrouble {
  readonly text: string;
  /** The control that it is about; null when it is about none. */
  readonly field: AccountField | null;
}

const REFUSED: Record<AccountField, string> = {
  name: 'This name cannot be used. Write it in letters, 100 at most.',
  email: 'This is no e-mail address that can be used.',
  password: 'This password cannot be used. It has 10 to 200 characters.',
};

/** `fields`: what the server found wrong with the form, by path. */
export function accountTrouble(code: RejectCode | 'offline', fields: readonly string[] = []): AccountTrouble {
  switch (code) {
    case 'bad_credentials':
      return { text: 'The e-mail address or the password is wrong.', field: 'password' };
    case 'email_taken':
      return {
        text: 'There is an account with this address already. Sign in with it, or use another address.',
        field: 'email',
      };
    case 'bad_request': {
      const field = (['name', 'email', 'password'] as const).find((name) =>
        fields.some((path) => path.split('.').at(-1) === name),
      );
      return field
        ? { text: REFUSED[field], field }
        : { text: 'Something here cannot be used. Look at what you typed again.', field: null };
    }
    case 'rate_limited':
      return { text: 'Too many tries. Wait a minute, then try again.', field: null };
    case 'overloaded':
      return { text: 'A lot of people are signing in. Wait a moment, then try again.', field: null };
    case 'offline':
    case 'unavailable':
      return { text: 'Seatwire does not answer. Check your connection, then try again.', field: null };
    default:
      return { text: 'That did not work, and it is our fault. Try again in a moment.', field: null };
  }
}

/** The account is signed in, and the line is not there: said when the wait was long. */
export const NOT_CONNECTED = {
  title: 'Still connecting',
  text: 'We cannot reach Seatwire right now. What you selected is kept. Try again in a moment.',
};
