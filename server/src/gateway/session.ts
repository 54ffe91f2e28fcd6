/**
 * One client, over either transport: who it is, what it may do now, which of its commands are pending.
 *
 * The table in `session-state.ts` decides what happens to each message; commands run side by side and are answered in the order
 * they finish. Every way out ends in `closed`, once: by us (`close`), or by the transport.
 */
import { ANONYMOUS, type Principal } from '@seatwire/domain';
import {
  type CloseReason,
  type Down,
  type EventId,
  isRefusal,
  PROTOCOL_FLOOR,
  PROTOCOL_VERSION,
  type Refusal,
  refused,
  type Up,
  type UpOf,
  uuidv7,
} from '@seatwire/protocol';
import { strangerTo } from '../access.ts';
import { carryOut } from './commands.ts';
import { Memberships } from './memberships.ts';
import {
  type CommandMessage,
  PendingCommands,
  type PendingCommandsEvents,
  type Reply,
} from './pending-commands.ts';
import type { SessionParts } from './session-parts.ts';
import { CONDUCT, type SessionState, standingOf } from './session-state.ts';
import { TokenBucket } from './token-bucket.ts';
import type { Transport } from './transport.ts';

/** Messages kept while a token is verified: as many as may be pending by default. */
const MAX_WAITING = 32;

export class Session implements PendingCommandsEvents {
  readonly #transport: Transport;
  readonly #parts: SessionParts<Session>;
  readonly #memberships: Memberships;
  readonly #bucket: TokenBucket;
  readonly #openedAt = performance.now();
  #phase: 'opened' | 'greeting' | 'open' | 'draining' | 'closed' = 'opened';
  #principal: Principal = ANONYMOUS;
  readonly #pending: PendingCommands;
  /** An `authenticate` has no answer yet. */
  #authenticating = false;
  /** What came meanwhile, in order. */
  #waiting: { message: Up; reply: Reply }[] | null = null;
  #heardAt = this.#openedAt;
  #behindSince = 0;
  #overRate = false;

  constructor(transport: Transport, parts: SessionParts<Session>) {
    this.#transport = transport;
    this.#parts = parts;
    this.#memberships = new Memberships(transport, parts.rooms);
    this.#bucket = new TokenBucket(parts.options.rate);
    this.#pending = new PendingCommands(parts, this);
  }

  /** The last pending command is answered. */
  idle(): void {
    if (this.#phase === 'draining') this.close('going_away');
  }
  /** An answer could not be sent. */
  broken(): void {
    this.close('internal');
  }

  get state(): SessionState {
    if (this.#phase !== 'open') return this.#phase;
    return this.#authenticating ? 'authenticating' : standingOf(this.#principal);
  }
  get principal(): Principal {
    return this.#principal;
  }
  /** What it did itself, so that it is not told of that. */
  get commands(): Pick<PendingCommands, 'issued' | 'did'> {
    return this.#pending;
  }
  /** In the event's room, or on the way into it. */
  isIn(event: EventId): boolean {
    return this.#memberships.has(event);
  }

  /** Call for each frame before it is decoded. False: the session is being closed, drop the frame. */
  admit(): boolean {
    this.#overRate = !this.#bucket.take();
    if (!this.#overRate || this.#bucket.excess <= this.#parts.options.abuse) return true;
    this.close('rate_abuse');
    return false;
  }

  /** What the frame just admitted says. `reply` gets the answer, if the message has one. Never throws. */
  receive(message: Up, reply: Reply): void {
    this.#heardAt = performance.now();
    this.#parts.metrics.messages.inc({ type: message.type });
    if (this.#overRate) this.#pending.reject(message, reply, refused('rate_limited'));
    else this.#heed(message, reply);
  }

  #heed(message: Up, reply: Reply): void {
    const conduct = CONDUCT[this.state][message.type];
    if (conduct === 'do') this.#do(message, reply);
    else if (conduct === 'wait') this.#wait(message, reply);
    else if (conduct === 'ignore') return;
    else if ('close' in conduct) this.close(conduct.close);
    else this.#pending.reject(message, reply, conduct);
  }

  /** The token decides what the session may do, so it is verified before anything else is done. */
  async greet(token: string | null): Promise<void> {
    this.#phase = 'greeting';
    const { tokens, options, clock } = this.#parts;
    const verified =
      token === null
        ? ANONYMOUS
        : await tokens.verify(token).catch((error: unknown) => {
            this.#parts.defect(error, 'hello');
            return null;
          });
    if (this.#phase !== 'greeting') return;
    if (verified === null) {
      this.close('internal');
      return;
    }
    if (typeof verified === 'string') {
      this.close('bad_token');
      return;
    }
    this.#phase = 'open';
    this.#identify(verified);
    this.#transport.send({
      type: 'welcome',
      protocol: PROTOCOL_VERSION,
      session: uuidv7(),
      serverTime: clock.now(),
      heartbeatMs: options.heartbeatMs,
      user: verified.user,
      role: verified.role,
      expiresAt: verified.expiresAt,
    });
    this.#goOn();
  }

  /** A private message. None while the token is expired: who it was for may be gone. */
  notify(message: Down): void {
    const open = this.#phase === 'open' || this.#phase === 'draining';
    if (open && standingOf(this.#principal) === 'signed-in') this.#transport.send(message);
  }

  /** The transport dropped a room's frame, or too many bytes wait. */
  fallBehind(): void {
    if (this.#phase === 'closed' || this.#memberships.behind) return;
    this.#behindSince = performance.now();
    this.#parts.metrics.overruns.inc();
    this.#memberships.fallBehind();
  }

  /** What waited has been read. */
  drained(): void {
    if (this.#memberships.behind) this.#memberships.catchUp();
  }

  /** Called every second or so: deadlines, silence, slowness. */
  sweep(now: number): void {
    const { options } = this.#parts;
    if (this.#phase === 'opened' || this.#phase === 'greeting') {
      if (now - this.#openedAt > options.authMs) this.close('auth_timeout');
      return;
    }
    this.#pending.sweep(now);
    const buffered = this.#transport.buffered();
    if (buffered > options.maxBackpressure / 2) this.fallBehind();
    else if (buffered === 0) this.drained();
    const slow = this.#memberships.behind && now - this.#behindSince > options.slowMs;
    if (slow) this.close('slow_consumer');
    const idle = this.#memberships.empty && this.#pending.size === 0;
    if (idle && now - this.#heardAt > options.idleMs) this.close('idle');
  }

  /** Told to reconnect elsewhere: no new commands, the pending ones are finished. */
  drain(afterMs: number): void {
    if (this.#phase === 'closed') return;
    const wasOpen = this.#phase === 'open';
    this.#phase = 'draining';
    if (wasOpen) this.#transport.send({ type: 'reconnect', afterMs });
    if (this.#pending.size === 0) this.close('going_away');
  }

  close(reason: CloseReason): void {
    if (this.#phase === 'closed') return;
    this.#parts.metrics.closes.inc({ reason });
    this.#end();
    this.#transport.close(reason);
  }

  /** The transport is gone. */
  closed(): void {
    if (this.#phase === 'closed') return;
    this.#parts.metrics.closes.inc({ reason: 'network' });
    this.#end();
  }

  #end(): void {
    this.#phase = 'closed';
    this.#waiting = null;
    this.#memberships.end();
    this.#pending.abandon();
    this.#parts.forget(this);
  }

  #wait(message: Up, reply: Reply): void {
    this.#waiting ??= [];
    if (this.#waiting.length < MAX_WAITING) this.#waiting.push({ message, reply });
    else this.#pending.reject(message, reply, refused('rate_limited'));
  }

  #do(message: Up, reply: Reply): void {
    switch (message.type) {
      case 'hello':
        if (message.protocol < PROTOCOL_FLOOR || message.protocol > PROTOCOL_VERSION) {
          this.close('unsupported_version');
        } else void this.greet(message.token);
        break;
      case 'leave':
        this.#memberships.leave(message.event);
        break;
      case 'unwatch':
        this.#memberships.unwatch(message.event);
        break;
      case 'sync-time':
        reply({ type: 'time', clientTime: message.clientTime, serverTime: this.#parts.clock.now() });
        break;
      case 'join':
        this.#run(message, reply, () => this.#memberships.join(message, reply));
        break;
      case 'watch':
        this.#watch(message, reply);
        break;
      case 'authenticate':
        this.#authenticate(message, reply);
        break;
      default:
        this.#run(message, reply, () => carryOut(this.#parts.domain, this.#principal, message));
    }
  }

  #run(message: CommandMessage, reply: Reply, work: () => Promise<Down | null | Refusal>): void {
    this.#pending.run(message, this.#principal.user, reply, work);
  }

  /**
   * The identity changes in the turn of the loop in which the answer is sent, so an answer too late to be sent changes nothing. Commands
   * behind this one wait for that turn; after a refusal they run under the identity the session had.
   */
  #authenticate(message: UpOf<'authenticate'>, reply: Reply): void {
    let verified: Principal | null = null;
    const verify = async (): Promise<Down | Refusal> => {
      const outcome = await this.#parts.tokens.verify(message.token);
      if (typeof outcome === 'string') return refused(outcome);
      const { user, role, expiresAt } = outcome;
      if (user === null || expiresAt === null) return refused('bad_token');
      verified = outcome;
      return { type: 'authenticated', op: message.op, user, role, expiresAt };
    };
    const answered: Reply = (answer) => {
      if (answer.type === 'authenticated' && verified) this.#identify(verified);
      reply(answer);
      this.#authenticating = false;
      this.#goOn();
    };
    this.#authenticating = true;
    this.#run(message, answered, verify);
  }

  /** It is known who is asking: what waited runs. Another `authenticate` among it keeps the rest waiting. */
  #goOn(): void {
    const waiting = this.#waiting ?? [];
    this.#waiting = null;
    for (const { message, reply } of waiting) this.#heed(message, reply);
  }

  /** The stream begins in the turn of the answer, right after it. */
  #watch(message: UpOf<'watch'>, reply: Reply): void {
    const { op, event } = message;
    let begin = (): void => undefined;
    const watch = async (): Promise<Down | Refusal> => {
      const { user, role } = this.#principal;
      const stranger = await strangerTo(event, this.#principal, this.#parts.catalogue);
      // Another user by now: the stream is not theirs.
      if (this.#principal.user !== user || this.#principal.role !== role) return refused('unavailable');
      if (stranger) return stranger;
      const granted = await this.#memberships.watch(event, (stats) => {
        // Paused, not ended, while the token is expired: it goes on after re-authentication.
        if (standingOf(this.#principal) === 'signed-in' && !this.#memberships.behind)
          this.#transport.send(stats);
      });
      if (isRefusal(granted)) return granted;
      begin = granted;
      return { type: 'watching', op, event };
    };
    const answered: Reply = (answer) => {
      reply(answer);
      if (answer.type === 'watching') begin();
    };
    this.#run(message, answered, watch);
  }

  #identify(principal: Principal): void {
    const before = this.#principal;
    if (this.#phase === 'closed') return;
    // Another user now: streams that only the former could see stop, and the former's answers do not come.
    if (before.user !== principal.user || before.role !== principal.role) this.#memberships.unwatchAll();
    if (before.user !== null && before.user !== principal.user) this.#pending.disown(before.user);
    this.#principal = principal;
    this.#memberships.become(principal.user ?? this.#transport.visitor);
    this.#parts.identified(this, before.user, principal.user);
  }
}
