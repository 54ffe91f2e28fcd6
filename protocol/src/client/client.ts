/** The client's face: what a page, a crowd of robots or a test asks for, and what it hears. The work is done by the parts it holds together. */

import type { Down, DownOf } from '../messages/down.ts';
import type { Up, UpOf } from '../messages/up.ts';
import { checkUp } from '../wire/codec.ts';
import { type EventId, type HoldId, type OpId, randomToken, type UserId } from '../words/ids.ts';
import { Clock } from './clock.ts';
import {
  type Answers,
  type Command,
  type CommandRefusal,
  type CommandResult,
  Commands,
  refusal,
} from './commands.ts';
import { Connection, type LastClose } from './connection.ts';
import { Credentials } from './credentials.ts';
import { type Environment, environment } from './environment.ts';
import type { ClientEvents, Identity } from './events.ts';
import { Listeners } from './listeners.ts';
import type { CommandOptions, SeatwireClientOptions } from './options.ts';
import type { RoomView } from './room.ts';
import { type Joined, Rooms } from './rooms.ts';
import { SessionIdentity } from './session-identity.ts';
import type { SessionState } from './session-state.ts';

export class SeatwireClient {
  readonly #listeners = new Listeners<ClientEvents>();
  readonly #deadlineMs: number;
  readonly #env: Environment;
  readonly #clock: Clock;
  readonly #credentials: Credentials;
  readonly #connection: Connection;
  readonly #commands: Commands;
  readonly #rooms: Rooms;
  readonly #identity: SessionIdentity;
  readonly #watched = new Set<EventId>();

  constructor(options: SeatwireClientOptions) {
    const env = environment(options);
    this.#env = env;
    this.#deadlineMs = options.deadlineMs ?? 15_000;
    this.#clock = new Clock(env.now);
    this.#credentials = new Credentials(env, options.token ?? null);
    this.#connection = new Connection(
      env,
      { url: options.url, name: options.name ?? 'seatwire-client' },
      this.#credentials,
      {
        state: (state, lastClose) => this.#stateIs(state, lastClose),
        welcome: (message, askedAt) => this.#welcome(message, askedAt),
        message: (message) => this.#heard(message),
        quiet: (quiet) => this.#listeners.emit('quiet', { quiet }),
      },
    );
    if (options.silenceMs !== undefined) this.#connection.silenceMs = options.silenceMs;
    const send = (message: Up) => this.#connection.send(message);
    this.#identity = new SessionIdentity({
      after: env.after,
      serverNow: () => this.serverNow(),
      isOpen: () => this.state === 'open',
      credentials: this.#credentials,
      listeners: this.#listeners,
      authenticate: (token) => this.authenticate(token),
    });
    this.#commands = new Commands({
      after: env.after,
      send,
      leaving: () => this.#connection.leaving,
      renew: () => this.#identity.renewEnded(),
      authenticated: (message, token) => {
        this.#credentials.token = token;
        this.#commands.identified(message.user);
        this.#identity.become(message);
      },
      late: (late) => this.#listeners.emit('late', late),
    });
    this.#rooms = new Rooms({ env, send, newOp, listeners: this.#listeners });
  }

  /** Opens the first session, and keeps one open until `stop` or a close that forbids it. */
  start(): void {
    this.#connection.start();
  }

  /** Ends the session. What is unanswered is settled as `unavailable`. May be started again: rooms are kept. */
  stop(): void {
    this.#connection.stop();
  }

  /** The user is another, or gone: the session ends and the next opens at once, for whom the token provider says. What the former user asked is refused `unauthenticated`. */
  startOver(): void {
    this.#commands.disown();
    this.#credentials.forget();
    this.#connection.startOver();
  }

  /** Somebody has come back to the page: asks whether the line lives, gives it up after 3 s of silence, and waits for nothing before coming back. `doubtful`: `quiet` until it is known. */
  checkNow(doubtful = false): void {
    this.#connection.checkNow(doubtful);
  }

  /** As the option. Null: the server's heartbeat, for a page that nobody sees. */
  set silenceMs(ms: number | null) {
    this.#connection.silenceMs = ms;
  }

  get quiet(): boolean {
    return this.#connection.quiet;
  }

  /** Whose the open session is; null while none is open. */
  get identity(): Identity | null {
    return this.#identity.current;
  }

  /** True once the open session is this user's; false if it is not within `deadlineMs`. */
  authenticated(user: UserId, deadlineMs = this.#deadlineMs): Promise<boolean> {
    return this.#identity.until(user, deadlineMs);
  }

  get state(): SessionState {
    return this.#connection.state;
  }

  get lastClose(): LastClose | null {
    return this.#connection.lastClose;
  }

  /** The server's clock, epoch ms: what countdowns run by. */
  serverNow(): number {
    return this.#clock.serverNow();
  }

  /** Returns a function that ends the listening. */
  on<Name extends keyof ClientEvents>(name: Name, listener: (event: ClientEvents[Name]) => void): () => void {
    return this.#listeners.on(name, listener);
  }

  /** Enters an event's room and follows its map until `leave`, across sessions. */
  join(event: EventId): Promise<Joined> {
    const op = newOp();
    const refused = this.#refuse({ type: 'join', op, event, epoch: null, version: null });
    return refused === null ? this.#rooms.join(event, this.#deadlineMs) : Promise.resolve(refused);
  }

  leave(event: EventId): void {
    this.#rooms.leave(event);
  }

  /** The room, once its map is known. */
  room(event: EventId): RoomView | null {
    return this.#rooms.get(event);
  }

  hold(
    event: EventId,
    places: readonly number[],
    options?: CommandOptions,
  ): Promise<CommandResult<DownOf<'held'>>> {
    return this.#run({ type: 'hold', op: opOf(options), event, places: [...places] });
  }

  holdBest(
    event: EventId,
    wish: { count: number; area?: string | null; category?: string | null; together?: boolean },
    options?: CommandOptions,
  ): Promise<CommandResult<DownOf<'held'>>> {
    const { count, area = null, category = null, together = true } = wish;
    return this.#run({ type: 'hold-best', op: opOf(options), event, count, area, category, together });
  }

  extend(event: EventId, hold: HoldId, options?: CommandOptions): Promise<CommandResult<DownOf<'extended'>>> {
    return this.#run({ type: 'extend', op: opOf(options), event, hold });
  }

  release(
    event: EventId,
    hold: HoldId,
    options?: CommandOptions,
  ): Promise<CommandResult<DownOf<'released'>>> {
    return this.#run({ type: 'release', op: opOf(options), event, hold });
  }

  checkout(
    event: EventId,
    hold: HoldId,
    options?: CommandOptions,
  ): Promise<CommandResult<DownOf<'checked-out'>>> {
    return this.#run({ type: 'checkout', op: opOf(options), event, hold });
  }

  /** `method`: a payment method's token. The outcome is `accepted`; an `order` event says `confirmed` or `rejected`. */
  pay(
    event: EventId,
    hold: HoldId,
    method: string,
    options?: CommandOptions,
  ): Promise<CommandResult<DownOf<'accepted'>>> {
    return this.#run({ type: 'pay', op: opOf(options), event, hold, method });
  }

  /** The caller's own holds and orders, for a page that lost its memory. */
  mine(event: EventId): Promise<CommandResult<DownOf<'mine'>>> {
    return this.#run({ type: 'mine', op: newOp(), event });
  }

  /** Organizer: `stats` events each second until `unwatch`, across sessions. */
  async watch(event: EventId): Promise<CommandResult<DownOf<'watching'>>> {
    const result = await this.#run({ type: 'watch', op: newOp(), event });
    if (result.ok) this.#watched.add(event);
    return result;
  }

  unwatch(event: EventId): void {
    this.#watched.delete(event);
    this.#commands.unwatched(event);
    this.#connection.send({ type: 'unwatch', event });
  }

  /** Asks again, under the same op, for the outcome of a command that was refused `unavailable`. `bad_request` when it is not, or no longer, known. */
  again(op: OpId): Promise<CommandResult<Answers[Command['type']]>> {
    const command = this.#commands.unknown(op);
    return command === null ? Promise.resolve(refusal(op, 'bad_request')) : this.#run(command);
  }

  /** Replaces the session's access token in band; rooms are kept. Commands given meanwhile are sent after it. */
  authenticate(token: string): Promise<CommandResult<DownOf<'authenticated'>>> {
    return this.#run({ type: 'authenticate', op: newOp(), token });
  }

  #run<C extends Command>(command: C): Promise<CommandResult<Answers[C['type']]>> {
    const refused = this.#refuse(command);
    return refused === null ? this.#commands.run(command, this.#deadlineMs) : Promise.resolve(refused);
  }

  /** A message that breaks the protocol would cost the session, so it is not sent; nor does one wait for a session that will not come. */
  #refuse(command: Command | UpOf<'join'>): CommandRefusal | null {
    if (this.state === 'stopped') return refusal(command.op, 'unavailable');
    const fault = checkUp(command);
    return fault === null ? null : { ...refusal(command.op, 'bad_request'), message: fault };
  }

  #stateIs(state: SessionState, lastClose: LastClose | null): void {
    if (state === 'waiting' || state === 'stopped') {
      this.#identity.lost();
      this.#rooms.lost();
    }
    if (state === 'stopped') {
      this.#rooms.abandon();
      this.#commands.abandon();
    }
    this.#listeners.emit('state', { state, lastClose });
  }

  #welcome(message: DownOf<'welcome'>, askedAt: number): void {
    this.#clock.reset();
    this.#clock.sample(askedAt, message.serverTime);
    this.#askTime();
    this.#rooms.welcome();
    this.#commands.welcome(message.user);
    for (const event of this.#watched) this.#connection.send({ type: 'watch', op: newOp(), event });
    // Last, because its listeners may give commands: those are not to be sent twice.
    this.#identity.become(message);
  }

  #askTime(): void {
    this.#connection.send({ type: 'sync-time', clientTime: Math.floor(this.#env.now()) });
  }

  #heard(message: Down): void {
    switch (message.type) {
      case 'diff':
        this.#rooms.diff(message);
        break;
      case 'beacon':
        this.#rooms.beacon(message);
        break;
      case 'presence':
        this.#rooms.presence(message);
        break;
      case 'snapshot':
        this.#rooms.snapshot(message);
        break;
      case 'resumed':
        this.#rooms.resumed(message);
        break;
      case 'order':
      case 'hold-changed':
      case 'hold-ending':
      case 'hold-ended':
      case 'stats':
        this.#listeners.emit(message.type, message);
        break;
      case 'time':
        if (this.#clock.sample(message.clientTime, message.serverTime)) this.#identity.scheduleRenewal();
        if (!this.#clock.settled) this.#askTime();
        break;
      case 'rejected':
        if (!this.#rooms.rejected(message)) this.#commands.answer(message);
        break;
      case 'authenticated':
      case 'held':
      case 'extended':
      case 'released':
      case 'checked-out':
      case 'accepted':
      case 'mine':
      case 'watching':
        this.#commands.answer(message);
        break;
      default:
        // The connection's own: they do not come this far. A new message does not compile until it has its case.
        message satisfies DownOf<'welcome' | 'reconnect'>;
    }
  }
}

const newOp = (): OpId => randomToken() as OpId;
const opOf = (options?: CommandOptions): OpId => options?.op ?? newOp();
