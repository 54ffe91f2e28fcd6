/**
 * One socket command as a value: who may ask and how it may be refused (the protocol says it, for every client), what the domain is
 * asked, and how its answer is dressed as a message. What a session does itself (join, watch, authenticate) is in session.ts.
 */
import type { Buyer, HoldDesk, SaleDesk } from '@seatwire/domain';
import {
  COMMANDS,
  type CommandType,
  type Down,
  type Refusal,
  type Result,
  type UpOf,
} from '@seatwire/protocol';

export interface Selling {
  readonly holds: Pick<HoldDesk, 'hold' | 'holdBest' | 'extend' | 'release' | 'find'>;
  readonly sales: Pick<SaleDesk, 'checkout' | 'pay' | 'mine'>;
}

export type DomainCommandType = Exclude<CommandType, 'join' | 'watch' | 'authenticate'>;
export type DomainCommand = UpOf<DomainCommandType>;

export interface CommandRow {
  readonly declared: (typeof COMMANDS)[DomainCommandType];
  /** Refusals are values; what is thrown is a defect or a lost dependency. */
  readonly carryOut: (parts: Selling, buyer: Buyer, asked: DomainCommand) => Promise<Down | Refusal>;
}

export function command<Type extends DomainCommandType, T>(
  type: Type,
  call: (parts: Selling, buyer: Buyer, asked: UpOf<Type>) => Promise<Result<T>>,
  dress: (granted: T, asked: UpOf<Type>) => Down,
): CommandRow {
  return {
    declared: COMMANDS[type],
    async carryOut(parts, buyer, asked) {
      const result = await call(parts, buyer, asked as UpOf<Type>);
      return result.ok ? dress(result, asked as UpOf<Type>) : (result as Refusal);
    },
  };
}
