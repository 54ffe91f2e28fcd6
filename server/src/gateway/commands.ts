/** The commands of all nouns, mounted: from a message to the domain and back. */
import type { Principal } from '@seatwire/domain';
import {
  COMMANDS,
  type CommandType,
  type Down,
  isRefusal,
  type Refusal,
  type RejectCode,
  refusalsOf,
} from '@seatwire/protocol';
import { admit } from '../access.ts';
import type { CommandRow, DomainCommand, Selling } from './command.ts';
import { holdCommands } from './commands/holds.ts';
import { saleCommands } from './commands/sales.ts';

export const COMMAND_ROWS: readonly CommandRow[] = [...holdCommands, ...saleCommands];

const ROWS = new Map(COMMAND_ROWS.map((row) => [row.declared.type, row]));

/** How each command may be refused, those of the session itself among them. */
export const DECLARED = new Map<CommandType, ReadonlySet<RejectCode>>(
  Object.values(COMMANDS).map((declared) => [declared.type, refusalsOf(declared)]),
);

export async function carryOut(parts: Selling, by: Principal, asked: DomainCommand): Promise<Down | Refusal> {
  const row = ROWS.get(asked.type);
  if (!row) throw new TypeError(`no row carries ${asked.type} out`);
  const buyer = admit(row.declared.access, by);
  return isRefusal(buyer) ? buyer : row.carryOut(parts, buyer, asked);
}
