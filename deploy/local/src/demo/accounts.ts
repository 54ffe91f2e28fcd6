/** The demo's accounts. Their password is printed at start and offered by the page: never seed these where strangers can reach. */
import type { Role, UserId } from '@seatwire/protocol';

export interface DemoAccount {
  readonly id: UserId;
  readonly email: string;
  readonly name: string;
  readonly role: Role;
  readonly password: string;
}

const PASSWORD = 'box-office-tonight';

/** argon2id of PASSWORD, made once: seeding needs no hashing library. */
export const PASSWORD_HASH =
  '$argon2id$v=19$m=19456,t=2,p=1$D/EhPhgYQ/NJDM5Pw+e6pA$zLAXKA4KWJtnPS08YNhDtnxB4pASTascZBTCPSWR6AQ';

const account = (n: number, email: string, name: string, role: Role): DemoAccount => ({
  id: `01980000-0000-7000-8000-0000000000${String(n).padStart(2, '0')}` as UserId,
  email,
  name,
  role,
  password: PASSWORD,
});

export const ORGANIZER = account(1, 'organizer@demo.test', 'Olive Organizer', 'organizer');

export const DEMO_ACCOUNTS: readonly DemoAccount[] = [
  account(3, 'anna@demo.test', 'Anna Attendee', 'customer'),
  account(4, 'ben@demo.test', 'Ben Buyer', 'customer'),
  ORGANIZER,
  account(2, 'admin@demo.test', 'Ada Admin', 'admin'),
];

/** Those who bought before the demo began. */
export const EARLIER_BUYERS: readonly DemoAccount[] = Array.from({ length: 40 }, (_, i) =>
  account(10 + i, `earlier-${i + 1}@demo.test`, `Earlier buyer ${i + 1}`, 'customer'),
);
