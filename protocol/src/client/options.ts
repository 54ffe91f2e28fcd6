/** What a client is made with, and what may be said with a command. */
import type { OpId } from '../words/ids.ts';
import type { TokenProvider } from './credentials.ts';
import type { Environment } from './environment.ts';

export interface SeatwireClientOptions extends Partial<Environment> {
  /** ws:// or wss://, with the path of the native way in: `wss://seats.example/ws`. Never carries a token. */
  readonly url: string;
  /** Asked before each session and when a token is about to end. Absent: anonymous until `authenticate`. */
  readonly token?: TokenProvider;
  /** Names this program in the server's logs, at most 64 characters. */
  readonly name?: string;
  /** How long an answer is waited for, ms, reconnects included. 15,000 unless said. */
  readonly deadlineMs?: number;
  /** ms of silence at which `quiet` is told; the server is asked after half of it. Absent: the server's heartbeat, which only notices a lost line. */
  readonly silenceMs?: number;
}

export interface CommandOptions {
  /** To ask again for the outcome of an earlier command. */
  readonly op?: OpId;
}
