/** Everything a server may say, in order of its code. */
import * as z from 'zod';
import type { Message } from './define.ts';
import { accepted } from './down/accepted.ts';
import { authenticated } from './down/authenticated.ts';
import { beacon } from './down/beacon.ts';
import { checkedOut } from './down/checked-out.ts';
import { diff } from './down/diff.ts';
import { extended } from './down/extended.ts';
import { held } from './down/held.ts';
import { holdChanged } from './down/hold-changed.ts';
import { holdEnded } from './down/hold-ended.ts';
import { holdEnding } from './down/hold-ending.ts';
import { mine } from './down/mine.ts';
import { order } from './down/order.ts';
import { presence } from './down/presence.ts';
import { reconnect } from './down/reconnect.ts';
import { rejected } from './down/rejected.ts';
import { released } from './down/released.ts';
import { resumed } from './down/resumed.ts';
import { snapshot } from './down/snapshot.ts';
import { stats } from './down/stats.ts';
import { time } from './down/time.ts';
import { watching } from './down/watching.ts';
import { welcome } from './down/welcome.ts';

export const DOWN = [
  welcome,
  authenticated,
  snapshot,
  resumed,
  diff,
  beacon,
  held,
  extended,
  released,
  checkedOut,
  accepted,
  rejected,
  order,
  holdEnding,
  holdEnded,
  mine,
  presence,
  stats,
  time,
  reconnect,
  holdChanged,
  watching,
] as const;

/** Server to client. */
export type Down = Message<(typeof DOWN)[number]>;

/** One message of them, by its type. */
export type DownOf<Type extends Down['type']> = Extract<Down, { readonly type: Type }>;

/** For what crosses processes as JSON: wire/codec.ts checks what comes over a socket. */
export function messageSchema<Type extends Down['type']>(type: Type): z.ZodType<DownOf<Type>> {
  const { fields } = DOWN.find((def) => def.type === type)!;
  return z.object({ type: z.literal(type), ...fields }) as unknown as z.ZodType<DownOf<Type>>;
}
