/** Everything a server may say, in order of its code. */
import type { Message } from './messages/define.ts';
import { accepted } from './messages/down/accepted.ts';
import { authenticated } from './messages/down/authenticated.ts';
import { beacon } from './messages/down/beacon.ts';
import { checkedOut } from './messages/down/checked-out.ts';
import { diff } from './messages/down/diff.ts';
import { extended } from './messages/down/extended.ts';
import { held } from './messages/down/held.ts';
import { holdChanged } from './messages/down/hold-changed.ts';
import { holdEnded } from './messages/down/hold-ended.ts';
import { holdEnding } from './messages/down/hold-ending.ts';
import { mine } from './messages/down/mine.ts';
import { order } from './messages/down/order.ts';
import { presence } from './messages/down/presence.ts';
import { reconnect } from './messages/down/reconnect.ts';
import { rejected } from './messages/down/rejected.ts';
import { released } from './messages/down/released.ts';
import { resumed } from './messages/down/resumed.ts';
import { snapshot } from './messages/down/snapshot.ts';
import { stats } from './messages/down/stats.ts';
import { time } from './messages/down/time.ts';
import { welcome } from './messages/down/welcome.ts';

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
] as const;

/** Server to client. */
export type Down = Message<(typeof DOWN)[number]>;

/** One message of them, by its type. */
export type DownOf<Type extends Down['type']> = Extract<Down, { readonly type: Type }>;
