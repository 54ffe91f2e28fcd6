/** Sales: from a hold to an accepted purchase, and what a buyer has. */
import { ownHold } from '../../hold-fields.ts';
import { type CommandRow, command } from '../command.ts';

export const saleCommands: readonly CommandRow[] = [
  command(
    'checkout',
    ({ sales }, buyer, asked) => sales.checkout(buyer, asked),
    ({ hold, order, amount, currency, expiresAt }, { op, event }) => ({
      type: 'checked-out',
      op,
      event,
      hold,
      order,
      amount,
      currency,
      expiresAt,
    }),
  ),
  command(
    'pay',
    ({ sales }, buyer, asked) => sales.pay(buyer, asked),
    ({ order }, { op, event, hold }) => ({ type: 'accepted', op, event, hold, order }),
  ),
  command(
    'mine',
    ({ sales }, buyer, { event }) => sales.mine(buyer, event),
    (mine, { op, event }) => ({
      type: 'mine',
      op,
      event,
      holds: mine.holds.map(ownHold),
      orders: mine.orders.map((order) => ({ ...order, places: [...order.places] })),
    }),
  ),
];
