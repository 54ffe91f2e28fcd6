/** Everything a client may say, in order of its code. */
import { accessRefusals } from './calls.ts';
import type { CommandDef, Message } from './messages/define.ts';
import { ANY_COMMAND } from './messages/refusals.ts';
import { authenticate } from './messages/up/authenticate.ts';
import { checkout } from './messages/up/checkout.ts';
import { extend } from './messages/up/extend.ts';
import { hello } from './messages/up/hello.ts';
import { hold } from './messages/up/hold.ts';
import { holdBest } from './messages/up/hold-best.ts';
import { join } from './messages/up/join.ts';
import { leave } from './messages/up/leave.ts';
import { mine } from './messages/up/mine.ts';
import { pay } from './messages/up/pay.ts';
import { release } from './messages/up/release.ts';
import { syncTime } from './messages/up/sync-time.ts';
import { unwatch } from './messages/up/unwatch.ts';
import { watch } from './messages/up/watch.ts';
import type { RejectCode } from './reject.ts';

export const UP = [
  hello,
  authenticate,
  join,
  leave,
  hold,
  holdBest,
  extend,
  release,
  checkout,
  pay,
  mine,
  watch,
  unwatch,
  syncTime,
] as const;

/** Client to server. */
export type Up = Message<(typeof UP)[number]>;

/** One message of them, by its type. */
export type UpOf<Type extends Up['type']> = Extract<Up, { readonly type: Type }>;

type Answered = Extract<(typeof UP)[number], CommandDef>;
export type CommandType = Answered['type'];

/** Those that are answered, by their type. */
export const COMMANDS = Object.fromEntries(
  UP.filter((def) => 'access' in def).map((def) => [def.type, def]),
) as { readonly [Def in Answered as Def['type']]: Def };

/** All codes that a command may be refused with. */
export function refusalsOf({ access, refusals }: CommandDef): ReadonlySet<RejectCode> {
  return new Set([...refusals, ...accessRefusals(access), ...ANY_COMMAND]);
}
