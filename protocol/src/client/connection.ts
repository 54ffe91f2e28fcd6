/**
 * One session after another, for as long as it is wanted: fetches a token, opens a socket, says hello, notices silence, and
 * comes back after a jittered wait. At most one socket is listened to: what an abandoned one still says is not heard.
 */

import type { Down, DownOf } from '../messages/down.ts';
import type { Up } from '../messages/up.ts';
import { CLOSES, type CloseReason, shouldReconnect } from '../wire/close.ts';
import { decodeDown, encodeUp } from '../wire/codec.ts';
import { PROTOCOL_VERSION, SUBPROTOCOL } from '../wire/version.ts';
import { BackOff } from './back-off.ts';
import type { Credentials } from './credentials.ts';
import type { Environment, Socket } from './environment.ts';
import { Heartbeat, WAKING_MS } from './heartbeat.ts';
import { SESSION_TABLE, type SessionEvent, type SessionState } from './session-state.ts';

/** From opening the socket to welcome. */
const GREETING_MS = 10_000;

/** Why the last session ended, if it was not by `stop`. `network`: the socket broke, or the server went silent. */
export interface LastClose {
  readonly code: number;
  readonly reason: CloseReason | 'network';
}

export interface ConnectionHandlers {
  state(state: SessionState, lastClose: LastClose | null): void;
  /** `askedAt`: local ms when hello left. */
  welcome(message: DownOf<'welcome'>, askedAt: number): void;
  message(message: Down): void;
  /** Nothing is heard though the server was asked, or something is again. */
  quiet(quiet: boolean): void;
}

export interface ConnectionOptions {
  readonly url: string;
  /** Names this program in the server's logs, at most 64 characters. */
  readonly name: string;
}

export class Connection {
  readonly #env: Environment;
  readonly #options: ConnectionOptions;
  readonly #credentials: Credentials;
  readonly #on: ConnectionHandlers;
  readonly #backOff: BackOff;
  readonly #heartbeat: Heartbeat;
  #state: SessionState = 'idle';
  #socket: Socket | null = null;
  #attempt = 0;
  #helloAt = 0;
  #openedAt = 0;
  /** Local ms before which a draining server asked us not to return; 0 when none did. */
  #returnAt = 0;
  #lastClose: LastClose | null = null;
  #cancelTimer: () => void = () => {};
  /** Whether the wait is one that a draining server asked for. */
  #asked = false;
  /** Local ms at which this try began. */
  #triedAt = 0;
  /** Somebody waits: the next session is opened without a wait. */
  #hurry = false;

  constructor(
    env: Environment,
    options: ConnectionOptions,
    credentials: Credentials,
    on: ConnectionHandlers,
  ) {
    this.#env = env;
    this.#options = options;
    this.#credentials = credentials;
    this.#on = on;
    this.#backOff = new BackOff(env.random);
    this.#heartbeat = new Heartbeat(env, {
      probe: () => this.send({ type: 'sync-time', clientTime: Math.floor(env.now()) }),
      doubt: (doubtful) => this.#on.quiet(doubtful),
      dead: (waking) => this.#endAndReturn(waking),
    });
  }

  get state(): SessionState {
    return this.#state;
  }

  get lastClose(): LastClose | null {
    return this.#lastClose;
  }

  start(): void {
    this.#go('start');
  }

  stop(): void {
    this.#end('stop', 1000);
  }

  get quiet(): boolean {
    return this.#heartbeat.doubtful;
  }

  set silenceMs(ms: number | null) {
    this.#heartbeat.silenceMs = ms;
  }

  /** Lets the session go, if there is one, and opens the next at once. */
  startOver(): void {
    if (this.#state === 'waiting') this.#go('retry');
    else if (this.#state !== 'idle' && this.#state !== 'stopped') this.#endAndReturn(true);
  }

  /** Asks whether the session lives; while there is none, tries at once. A draining server is returned to when it said, all the same. */
  checkNow(doubtful: boolean): void {
    const stuck = this.#env.now() - this.#triedAt > WAKING_MS;
    if (this.#state === 'open') {
      this.#heartbeat.checkNow(doubtful);
    } else if (this.#state === 'waiting' && !this.#asked) {
      this.#backOff.reset();
      this.#go('retry');
    } else if ((this.#state === 'connecting' || this.#state === 'greeting') && stuck) {
      this.#backOff.reset();
      this.#endAndReturn(true);
    }
  }

  /** Whether the server drains: it takes no more commands, and refuses those it did not begin. */
  get leaving(): boolean {
    return this.#returnAt > 0;
  }

  /** False, and nothing sent, unless the session is open and stays so: what was not sent is for the next one. */
  send(message: Up): boolean {
    if (this.#state !== 'open' || this.leaving) return false;
    this.#socket?.send(encodeUp(message));
    return true;
  }

  /** `first` runs in the new state, before anybody hears of it. */
  #go(event: SessionEvent, first?: () => void): void {
    const next = SESSION_TABLE[this.#state][event];
    if (next === this.#state) return;
    this.#state = next;
    // Opening and greeting share one deadline.
    if (next !== 'greeting') this.#cancelTimer();
    if (next === 'connecting') void this.#connect();
    if (next === 'waiting') this.#wait();
    first?.();
    this.#on.state(next, this.#lastClose);
  }

  async #connect(): Promise<void> {
    const attempt = ++this.#attempt;
    this.#triedAt = this.#env.now();
    try {
      await this.#credentials.fetch();
    } catch {
      if (attempt === this.#attempt) this.#end('lost', 1006);
      return;
    }
    if (attempt !== this.#attempt || this.#state !== 'connecting') return;
    if (this.#credentials.hopeless) this.#end('refused', CLOSES.bad_token.code);
    else this.#openSocket();
  }

  #openSocket(): void {
    const socket = new this.#env.WebSocket(this.#options.url, SUBPROTOCOL);
    socket.binaryType = 'arraybuffer';
    this.#socket = socket;
    this.#cancelTimer = this.#env.after(GREETING_MS, () => this.#end('lost', 1006));
    socket.onopen = () => this.#hello();
    socket.onmessage = (event: { readonly data: unknown }) => this.#heard(event.data);
    socket.onclose = (event: { readonly code?: number }) => this.#closed(event.code ?? 1006);
    // A close event follows; without a listener some implementations throw.
    socket.onerror = () => {};
  }

  #hello(): void {
    this.#helloAt = this.#env.now();
    const { token } = this.#credentials;
    const hello = { type: 'hello', protocol: PROTOCOL_VERSION, token, client: this.#options.name } as const;
    this.#socket?.send(encodeUp(hello));
    this.#go('socket-open');
  }

  #heard(data: unknown): void {
    const decoded = data instanceof ArrayBuffer ? decodeDown(new Uint8Array(data)) : null;
    // A server that cannot be understood cannot be followed: start over rather than show a map that may be wrong.
    if (decoded === null || !decoded.ok) this.#end('lost', 1006);
    else if (decoded.message.type === 'welcome') this.#welcome(decoded.message);
    else if (this.#state === 'open') this.#take(decoded.message);
  }

  #take(message: Down): void {
    this.#heartbeat.heard();
    if (message.type === 'reconnect') this.#returnLater(message.afterMs);
    else this.#on.message(message);
  }

  #welcome(message: DownOf<'welcome'>): void {
    this.#go('welcome', () => {
      this.#openedAt = this.#env.now();
      this.#heartbeat.start(message.heartbeatMs);
      this.#on.welcome(message, this.#helloAt);
    });
  }

  #returnLater(afterMs: number): void {
    this.#returnAt = this.#env.now() + afterMs;
    this.#cancelTimer();
    this.#cancelTimer = this.#env.after(afterMs, () => this.#end('lost', CLOSES.going_away.code));
  }

  #closed(code: number): void {
    const again = code === CLOSES.bad_token.code ? this.#credentials.refuse() : shouldReconnect(code);
    this.#end(again ? 'lost' : 'refused', code);
  }

  /** Lets go of the socket and moves on. */
  #end(event: SessionEvent, code: number): void {
    const socket = this.#socket;
    this.#socket = null;
    this.#attempt++;
    this.#cancelTimer();
    this.#heartbeat.stop();
    if (this.#state === 'open') this.#backOff.lasted(this.#env.now() - this.#openedAt);
    this.#lastClose = event === 'stop' ? null : { code, reason: reasonOf(code) };
    if (socket !== null) {
      socket.onopen = null;
      socket.onmessage = null;
      socket.onclose = null;
      socket.close();
    }
    this.#go(event);
  }

  #endAndReturn(atOnce: boolean): void {
    this.#hurry = atOnce;
    this.#end('lost', 1006);
    this.#hurry = false;
  }

  #wait(): void {
    const asked = this.#returnAt;
    this.#returnAt = 0;
    this.#asked = asked > 0;
    const ms = this.#asked ? Math.max(0, asked - this.#env.now()) : this.#hurry ? 0 : this.#backOff.next();
    this.#cancelTimer = this.#env.after(ms, () => this.#go('retry'));
  }
}

function reasonOf(code: number): LastClose['reason'] {
  for (const [reason, close] of Object.entries(CLOSES)) {
    if (close.code === code) return reason as CloseReason;
  }
  return 'network';
}
