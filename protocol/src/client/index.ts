/**
 * The client of the native way in, for browsers, Node and load tests. No DOM, no node: imports; WebSocket, clock, timers and
 * randomness are injected or taken from the globals.
 *
 * Pattern: `Connection` keeps one session open and knows nothing of seats; `Rooms` and `Commands` are told of welcomes and losses
 * and know nothing of sockets; `SeatwireClient` is the only place where they meet.
 * Concurrency: everything runs on one thread between awaits. A token being fetched is the only await that matters, and what it
 * returns to is checked to be still wanted.
 * Invariants: a map shown is true for its version, or a resync is under way; a command is sent under one op id until it is
 * answered or its deadline passes, and for one user; a token that was refused is not said twice; nothing is kept for an answer that cannot come.
 * Imports: the protocol's own files, nothing else.
 */
export { SeatwireClient } from './client.ts';
export type { Answers, Command, CommandRefusal, CommandResult, Late } from './commands.ts';
export type { LastClose } from './connection.ts';
export type { TokenProvider } from './credentials.ts';
export type { After, Environment, Socket, SocketConstructor } from './environment.ts';
export type { ClientEvents, Identity } from './events.ts';
export type { CommandOptions, SeatwireClientOptions } from './options.ts';
export type { RoomView } from './room.ts';
export type { Joined } from './rooms.ts';
export type { SessionState } from './session-state.ts';
