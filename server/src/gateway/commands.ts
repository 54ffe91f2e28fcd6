/** From a message to the domain and back: the whole of what a signed-in session may ask for. */

import { buyerOf, type HoldDesk, type Principal, type SaleDesk } from '@seatwire/domain';
import { type Down, isRefusal, type Refusal, type Result, type Up } from '@seatwire/protocol';
import { heldOf, ownHold } from '../hold-fields.ts';

export interface Selling {
  readonly holds: Pick<HoldDesk, 'hold' | 'holdBest' | 'extend' | 'release' | 'find'>;
  readonly sales: Pick<SaleDesk, 'checkout' | 'pay' | 'mine'>;
}

export type DomainCommand = Extract<
  Up,
  { readonly type: 'hold' | 'hold-best' | 'extend' | 'release' | 'checkout' | 'pay' | 'mine' }
>;

/** Refusals are values; what is thrown is a defect or a lost dependency. */
export async function carryOut(
  { holds, sales }: Selling,
  by: Principal,
  command: DomainCommand,
): Promise<Down | Refusal> {
  const buyer = buyerOf(by);
  if (isRefusal(buyer)) return buyer;
  const { op, event } = command;
  switch (command.type) {
    case 'hold':
    case 'hold-best':
      return dressed(
        await (command.type === 'hold' ? holds.hold(buyer, command) : holds.holdBest(buyer, command)),
        (hold) => ({ type: 'held', op, event, ...heldOf(hold) }),
      );
    case 'extend':
      return dressed(await holds.extend(buyer, command), ({ expiresAt }) => ({
        type: 'extended',
        op,
        event,
        hold: command.hold,
        expiresAt,
      }));
    case 'release':
      return dressed(await holds.release(buyer, command), () => ({
        type: 'released',
        op,
        event,
        hold: command.hold,
      }));
    case 'mine':
      return dressed(await sales.mine(buyer, event), (mine) => ({
        type: 'mine',
        op,
        event,
        holds: mine.holds.map(ownHold),
        orders: mine.orders.map((order) => ({ ...order, places: [...order.places] })),
      }));
    case 'checkout':
      return dressed(
        await sales.checkout(buyer, command),
        ({ hold, order, amount, currency, expiresAt }) => ({
          type: 'checked-out',
          op,
          event,
          hold,
          order,
          amount,
          currency,
          expiresAt,
        }),
      );
    case 'pay':
      return dressed(await sales.pay(buyer, command), ({ order }) => ({
        type: 'accepted',
        op,
        event,
        hold: command.hold,
        order,
      }));
  }
}

function dressed<T>(result: Result<T>, dress: (granted: T) => Down): Down | Refusal {
  return result.ok ? dress(result) : (result as Refusal);
}
