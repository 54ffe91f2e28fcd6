/** Who asks. */
import { no, type Rejection } from './rejection.ts';

export const ACCOUNT_REJECTIONS = {
  unauthenticated: no(401, 'Sign in first.'),
  token_expired: no(401, 'The access token has expired. Refresh it and authenticate again.'),
  bad_token: no(401, 'The access token is not valid. Sign in again.'),
  bad_credentials: no(401, 'The e-mail address or the password is wrong.'),
  email_taken: no(409, 'An account with this e-mail address exists. Sign in, or use another.'),
  refresh_reused: no(401, 'This refresh token was used before, so its family is revoked. Sign in again.'),
  forbidden: no(403, 'Your account may not do this.'),
} as const satisfies Record<string, Rejection>;
