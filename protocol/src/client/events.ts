/** All that a client's owner may listen to. */
import type { DownOf } from '../messages/down.ts';
import type { EventId } from '../words/ids.ts';
import type { CommandRefusal, Late } from './commands.ts';
import type { LastClose } from './connection.ts';
import type { RoomView } from './room.ts';
import type { SessionState } from './session-state.ts';

/** Who the server takes a session for. `expiresAt`: epoch ms at which the token ends. */
export type Identity = Pick<DownOf<'welcome'>, 'user' | 'role' | 'expiresAt'>;

export interface ClientEvents {
  state: { readonly state: SessionState; readonly lastClose: LastClose | null };
  /** The open session is this user's. Comes after each welcome and each answered `authenticate`. */
  identity: Identity;
  /** Nothing was heard for `silenceMs` though the server was asked; or something was, again. Ends with the session without a word. */
  quiet: { readonly quiet: boolean };
  late: Late;
  /** A whole map: the first, or one that replaces what was shown. */
  map: { readonly room: RoomView };
  /** These places of the map changed. */
  changes: { readonly room: RoomView; readonly places: readonly number[] };
  viewers: { readonly room: RoomView };
  /** In the room again after a lost session or a resync. `how`: by the missing changes, or by a whole map. */
  rejoined: { readonly room: RoomView; readonly how: 'resumed' | 'snapshot' };
  /** The server no longer lets us in. */
  'room-lost': { readonly event: EventId; readonly refusal: CommandRefusal };
  order: DownOf<'order'>;
  'hold-changed': DownOf<'hold-changed'>;
  'hold-ending': DownOf<'hold-ending'>;
  'hold-ended': DownOf<'hold-ended'>;
  stats: DownOf<'stats'>;
}
