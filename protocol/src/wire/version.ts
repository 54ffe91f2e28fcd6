/** The protocol's number, its floor, and what each number brought. A test hashes the unions: a wire change without a new number fails. Until version 1 is released, its hash is renewed instead. */
export const PROTOCOL_VERSION = 1;
/** Oldest version this code still speaks. */
export const PROTOCOL_FLOOR = 1;
/** WebSocket subprotocol of the native way in. */
export const SUBPROTOCOL = 'seatwire.v1.msgpack';

export const PROTOCOL_HISTORY: Readonly<Record<number, string>> = {
  1: 'First version.',
};
