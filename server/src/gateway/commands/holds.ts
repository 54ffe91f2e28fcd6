/** Holds: what a buyer may do with places before paying. */
import { heldOf } from '../../hold-fields.ts';
import { type CommandRow, command } from '../command.ts';

export const holdCommands: readonly CommandRow[] = [
  command(
    'hold',
    ({ holds }, buyer, asked) => holds.hold(buyer, asked),
    (hold, { op, event }) => ({ type: 'held', op, event, ...heldOf(hold) }),
  ),
  command(
    'hold-best',
    ({ holds }, buyer, asked) => holds.holdBest(buyer, asked),
    (hold, { op, event }) => ({ type: 'held', op, event, ...heldOf(hold) }),
  ),
  command(
    'extend',
    ({ holds }, buyer, asked) => holds.extend(buyer, asked),
    ({ expiresAt }, { op, event, hold }) => ({ type: 'extended', op, event, hold, expiresAt }),
  ),
  command(
    'release',
    ({ holds }, buyer, asked) => holds.release(buyer, asked),
    (_, { op, event, hold }) => ({ type: 'released', op, event, hold }),
  ),
];
