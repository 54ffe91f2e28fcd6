/** From a message to the domain: the whole of what a signed-in session may ask for. */
import type { Down, Up } from '@seatwire/protocol';
import type { Principal } from '../accounts/principal.ts';
import type { Holds } from '../holds/holds.ts';
import type { Outcome } from '../outcome.ts';
import type { Sales } from '../sales/sales.ts';

export interface Domain {
  readonly holds: Holds;
  readonly sales: Pick<Sales, 'checkout' | 'pay'>;
}

export type DomainCommand = Extract<
  Up,
  { readonly type: 'hold' | 'hold-best' | 'extend' | 'release' | 'checkout' | 'pay' | 'mine' }
>;

/** Refusals are values; what is thrown is a defect or a lost dependency. */
export function carryOut(domain: Domain, by: Principal, command: DomainCommand): Promise<Outcome<Down>> {
  switch (command.type) {
    case 'hold':
      return domain.holds.hold(by, command);
    case 'hold-best':
      return domain.holds.holdBest(by, command);
    case 'extend':
      return domain.holds.extend(by, command);
    case 'release':
      return domain.holds.release(by, command);
    case 'mine':
      return domain.holds.mine(by, command);
    case 'checkout':
      return domain.sales.checkout(by, command);
    case 'pay':
      return domain.sales.pay(by, command);
  }
}
