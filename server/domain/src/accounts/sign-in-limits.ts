/**
 * Who may try to sign in or register, for one process. Only wrong passwords count; right ones cost nothing, so a hall full of buyers
 * behind one address is no attack, and neither is one of them who forgot.
 *
 * Wrong passwords are counted three times. For the account and the address together: guessing at one account from one place ends
 * soon, and does not hinder other places. For the address: many accounts from one place. For the account: one account from many
 * places, which becomes slow. The wider two do not delay a person who has signed in to this account from this address before. So a
 * guesser can neither lock out the owner nor a neighbour who shares the address. All of it is bounded and forgets the oldest.
 */
import { type Rate, RateLimit } from '../rate-limit.ts';

/** Times the wrong passwords for one account from one address. */
const FROM_ONE_ADDRESS = 30;
const FOR_ONE_ACCOUNT = 10;
/** After those, an account may be guessed at so many times as often, from everywhere together. */
const SLOWED = 2;
const MOST_FAMILIAR = 50_000;

export interface SignInTry {
  readonly address: string;
  readonly email: string;
}

export interface SignInLimitOptions {
  /** Wrong passwords for one account from one address; also how many at once. */
  readonly failuresPerMinute: number;
  /** From one address; also how many at once. */
  readonly registrationsPerMinute: number;
  readonly now?: () => number;
}

export class SignInLimits {
  readonly #together: RateLimit;
  readonly #address: RateLimit;
  readonly #account: RateLimit;
  readonly #registrations: RateLimit;
  /** Account and address of sign-ins that were right, the oldest first. */
  readonly #familiar = new Set<string>();

  constructor({ failuresPerMinute: n, registrationsPerMinute, now = Date.now }: SignInLimitOptions) {
    const perMinute = (rate: number, burst = rate): Rate => ({ perSecond: rate / 60, burst });
    this.#together = new RateLimit(perMinute(n), now);
    this.#address = new RateLimit(perMinute(FROM_ONE_ADDRESS * n), now);
    this.#account = new RateLimit(perMinute(SLOWED * n, FOR_ONE_ACCOUNT * n), now);
    this.#registrations = new RateLimit(perMinute(registrationsPerMinute), now);
  }

  /** How long to wait before trying a password; 0: not at all. */
  waitMs(by: SignInTry): number {
    const together = togetherOf(by);
    const wait = this.#together.waitMs(together);
    if (this.#familiar.has(together)) return wait;
    return Math.max(wait, this.#address.waitMs(by.address), this.#account.waitMs(accountOf(by)));
  }

  failed(by: SignInTry): void {
    const together = togetherOf(by);
    this.#together.take(together);
    if (this.#familiar.has(together)) return;
    this.#address.take(by.address);
    this.#account.take(accountOf(by));
  }

  succeeded(by: SignInTry): void {
    const together = togetherOf(by);
    this.#together.forgive(together);
    this.#familiar.delete(together);
    this.#familiar.add(together);
    if (this.#familiar.size > MOST_FAMILIAR) this.#familiar.delete(this.#familiar.values().next().value!);
  }

  /** How long to wait before registering; 0: not at all. */
  registrationWaitMs(address: string): number {
    return this.#registrations.waitMs(address);
  }

  registered(address: string): void {
    this.#registrations.take(address);
  }
}

const accountOf = ({ email }: SignInTry): string => email.toLowerCase();
const togetherOf = (by: SignInTry): string => `${by.address} ${accountOf(by)}`;
