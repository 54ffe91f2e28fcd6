/** Everything a client may say, in order of its code. */
import type { RejectCode } from '../reject/index.ts';
import { accessRefusals } from '../words/access.ts';
import type { CommandDef, Message } from './define.ts';
import { ANY_COMMAND } from './refusals.ts';
import { authenticate } from './up/authenticate.ts';
import { checkout } from './up/checkout.ts';
import { extend } from './up/extend.ts';
import { hello } from './up/hello.ts';
import { hold } from './up/hold.ts';
import { holdBest } from './up/hold-best.ts';
import { join } from './up/join.ts';
import { leave } from './up/leave.ts';
import { mine } from './up/mine.ts';
import { pay } from './up/pay.ts';
import { release } from './up/release.ts';
import { syncTime } from './up/sync-time.ts';
import { unwatch } from './up/unwatch.ts';
import { watch } from './up/watch.ts';

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
