/** The contract of access tokens. The implementation is `tokens.jose.ts`. */
import type { Principal } from './principal.ts';

export interface Tokens {
  /** Who the token names; `bad_token` for anything but a sound, own, unrevoked one. Never throws. */
  verify(token: string): Promise<Principal | 'bad_token' | 'token_expired'>;
}
