/** The client's face: what a page, a crowd of robots or a test asks for, and what it hears. The work is done by the parts it holds together. */
import { checkUp } from '../codec.ts';
import type { Down, DownOf } from '../down.ts';
import { type EventId, type HoldId, type OpId, randomToken } from '../ids.ts';
import type { Up, UpOf } from '../up.ts';
import { Clock } from './clock.ts';
import { type Answers, type Command, Commands, type Refusal, type Result, refusal } from './commands.ts';
import { Connection, type LastClose } from './connection.ts';
import { Credentials, type TokenProvider } from './credentials.ts';
import { type Environment, environment } from './environment.ts';
import type { ClientEvents, Identity } from './events.ts';
import { Listeners } from './listeners.ts';
import type { RoomView } from './room.ts';
import { type Joined, Rooms } from './rooms.ts';
import type { SessionState } from './session-state.ts';

export interface SeatwireClientOptions extends Partial<Environment> {
  /** ws:// or wss://, with the path of the native way in: `wss://seats.example/ws`. Never carries a token. */
  readonly url: string;
  /** Asked before each session and when a token is about to end. Absent: anonymous until `authenticate`. */
  readonly token?: TokenProvider;
  /** Names this program in the server's logs, at most 64 characters. */
  readonly name?: string;
  /** How long an answer is waited for, ms, reconnects included. 15,000 unless said. */
  readonly deadlineMs?: number;
}

export interface CommandOptions {
  /** To ask again for the outcome of an earlier command. */
  readonly op?: OpId;
}

export class SeatwireClient {
  readonly #listeners = new Listeners<ClientEvents>();
  readonly #deadlineMs: number;
  readonly #env: Environment;
  readonly #clock: Clock;
  readonly #credentials: Credentials;
  readonly #connection: Connection;
  readonly #commands: Commands;
  readonly #rooms: Rooms;
  readonly #watched = new Set<EventId>();
  #renewing: Promise<boolean> | null = null;
  /** Server time; 0 for an anonymous session. */
  #tokenEndsAt = 0;

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
      },
    );
    const send = (message: Up) => this.#connection.send(message);
    this.#commands = new Commands({
      after: env.after,
      send,
      leaving: () => this.#connection.leaving,
      renew: () => this.#renew(),
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

  hold(event: EventId, places: readonly number[], options?: CommandOptions): Promise<Result<DownOf<'held'>>> {
    return this.#run({ type: 'hold', op: opOf(options), event, places: [...places] });
  }

  holdBest(
    event: EventId,
    wish: { count: number; area?: string | null; category?: string | null; together?: boolean },
    options?: CommandOptions,
  ): Promise<Result<DownOf<'held'>>> {
    const { count, area = null, category = null, together = true } = wish;
    return this.#run({ type: 'hold-best', op: opOf(options), event, count, area, category, together });
  }

  extend(event: EventId, hold: HoldId, options?: CommandOptions): Promise<Result<DownOf<'extended'>>> {
    return this.#run({ type: 'extend', op: opOf(options), event, hold });
  }

  release(event: EventId, hold: HoldId, options?: CommandOptions): Promise<Result<DownOf<'released'>>> {
    return this.#run({ type: 'release', op: opOf(options), event, hold });
  }

  checkout(event: EventId, hold: HoldId, options?: CommandOptions): Promise<Result<DownOf<'checked-out'>>> {
    return this.#run({ type: 'checkout', op: opOf(options), event, hold });
  }

  /** `method`: a payment method's token. The outcome is `accepted`; an `order` event says `confirmed` or `rejected`. */
  pay(
    event: EventId,
    hold: HoldId,
    method: string,
    options?: CommandOptions,
  ): Promise<Result<DownOf<'accepted'>>> {
    return this.#run({ type: 'pay', op: opOf(options), event, hold, method });
  }

  /** The caller's own holds and orders, for a page that lost its memory. */
  mine(event: EventId): Promise<Result<DownOf<'mine'>>> {
    return this.#run({ type: 'mine', op: newOp(), event });
  }

  /** Organizer: `stats` events each second until `unwatch`, across sessions. */
  async watch(event: EventId): Promise<Result<DownOf<'stats'>>> {
    const result = await this.#run({ type: 'watch', op: newOp(), event });
    if (result.ok) this.#watched.add(event);
    return result;
  }

  unwatch(event: EventId): void {
    this.#watched.delete(event);
    this.#commands.unwatched(event);
    this.#connection.send({ type: 'unwatch', event });
  }

  /** Replaces the session's access token in band; rooms are kept. */
  async authenticate(token: string): Promise<Result<DownOf<'authenticated'>>> {
    const result = await this.#run({ type: 'authenticate', op: newOp(), token });
    if (result.ok) {
      this.#credentials.token = token;
      this.#identified(result);
    }
    return result;
  }

  #run<C extends Command>(command: C): Promise<Result<Answers[C['type']]>> {
    const refused = this.#refuse(command);
    return refused === null ? this.#commands.run(command, this.#deadlineMs) : Promise.resolve(refused);
  }

  /** A message that breaks the protocol would cost the session, so it is not sent; nor does one wait for a session that will not come. */
  #refuse(command: Command | UpOf<'join'>): Refusal | null {
    if (this.state === 'stopped') return refusal(command.op, 'unavailable');
    const fault = checkUp(command);
    return fault === null ? null : { ...refusal(command.op, 'bad_request'), message: fault };
  }

  #stateIs(state: SessionState, lastClose: LastClose | null): void {
    if (state === 'waiting' || state === 'stopped') {
      this.#credentials.stop();
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
    this.#commands.resend();
    for (const event of this.#watched) this.#connection.send({ type: 'watch', op: newOp(), event });
    // Last, because its listeners may give commands: those are not to be sent twice.
    this.#identified(message);
  }

  #identified({ user, role, expiresAt }: Identity): void {
    this.#tokenEndsAt = expiresAt ?? 0;
    if (expiresAt !== null) {
      this.#credentials.endsIn(expiresAt - this.#clock.serverNow(), () => void this.#renew());
    }
    this.#listeners.emit('identity', { user, role, expiresAt });
  }

  #askTime(): void {
    this.#connection.send({ type: 'sync-time', clientTime: Math.floor(this.#env.now()) });
  }

  /** At most one renewal is under way; everybody who needs one awaits it. */
  #renew(): Promise<boolean> {
    this.#renewing ??= this.#renewOnce().finally(() => {
      this.#renewing = null;
    });
    return this.#renewing;
  }

  async #renewOnce(): Promise<boolean> {
    const before = this.#credentials.token;
    const token = await this.#credentials.fetch().catch(() => before);
    if (token === null) return false;
    if (token === before) {
      // The provider has none yet: it may think the old one good for a little longer. Once that has ended, a refused command asks again.
      const again = this.state === 'open' && this.#tokenEndsAt > this.serverNow();
      if (again) this.#credentials.retry(() => void this.#renew());
      return false;
    }
    const result = await this.authenticate(token);
    if (!result.ok && /^(bad_token|token_expired)$/.test(result.code)) this.#credentials.refuse();
    return result.ok;
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
        this.#listeners.emit(message.type, message);
        break;
      case 'stats':
        this.#commands.watching(message);
        this.#listeners.emit('stats', message);
        break;
      case 'time':
        this.#clock.sample(message.clientTime, message.serverTime);
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
        this.#commands.answer(message);
        break;
      case 'welcome':
      case 'reconnect':
        // The connection's own; they do not come this far.
        break;
    }
  }
}

const newOp = (): OpId => randomToken() as OpId;
const opOf = (options?: CommandOptions): OpId => options?.op ?? newOp();
