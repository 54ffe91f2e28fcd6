/** Names for single members of the protocol's two unions. */
import type { Down, Up } from '@seatwire/protocol';

/** What a client says, without its type: both gateways and REST fill it. */
export type Command<Type extends Up['type']> = Omit<Extract<Up, { type: Type }>, 'type'>;
/** What the server says. */
export type Answer<Type extends Down['type']> = Extract<Down, { type: Type }>;
