/**
 * Commands on their way. Each has an op id, under which the server answers a repeat with the first answer; so whatever is
 * unanswered when a session is lost is sent again on the next one, and cannot happen twice. Outcomes are values. A deadline that
 * passes means *unknown*, not failed: the refusal says `unavailable`, the same op may be asked again, and an answer that comes
 * after all is told as `late`.
 *
 * A command belongs to the user it was given for. While an `authenticate` is unanswered the others wait behind it, in order; what a
 * former user asked is neither sent nor answered once the session is another's.
 */
import type { Down, DownOf } from '../messages/down.ts';
import type { CommandType, Up, UpOf } from '../messages/up.ts';
import { REJECTIONS, type RejectCode } from '../reject/index.ts';
import { type Refusal, type Result, refused } from '../reject/refusal.ts';
import type { EventId, OpId, UserId } from '../words/ids.ts';
import type { After } from './environment.ts';

/** What each command is answered with, unless it is refused. */
export interface Answers {
  authenticate: DownOf<'authenticated'>;
  hold: DownOf<'held'>;
  'hold-best': DownOf<'held'>;
  extend: DownOf<'extended'>;
  release: DownOf<'released'>;
  checkout: DownOf<'checked-out'>;
  pay: DownOf<'accepted'>;
  mine: DownOf<'mine'>;
  watch: DownOf<'watching'>;
}
/** A new command does not compile until `Answers` has its line. A `join` is a matter of the rooms. */
export type Command = UpOf<Exclude<CommandType, 'join'>>;

export interface CommandRefusal extends Refusal {
  /** Ask again under this op to learn what became of it. */
  readonly op: OpId;
  readonly retryable: boolean;
  /** For people; says what to do. */
  readonly message: string;
}
export type CommandResult<Answer> = Result<Answer, CommandRefusal>;

/**
 * The outcome of a command whose deadline had passed: its caller was told `unavailable`, under `command.op`. A `hold` that came
 * through after all is the buyer's: adopt it, or release it. Never of a former user's command.
 */
export interface Late {
  readonly command: Command;
  readonly answer: CommandResult<Answers[Command['type']]>;
}

/** For whom a command was given: null watched anonymously, undefined before anybody was known. */
type Owner = UserId | null | undefined;

interface Pending {
  readonly command: Command;
  readonly settle: (result: CommandResult<Down>) => void;
  owner: Owner;
  /** On this session. */
  sent: boolean;
  /** Sent again once after a renewed token; a second refusal is the caller's to see. */
  renewed: boolean;
}

const MAX_PENDING = 64;
/** Commands of unknown outcome that are remembered, for a late answer or another try. */
const MAX_UNKNOWN = 64;

export interface CommandsOptions {
  readonly after: After;
  readonly send: (message: Up) => boolean;
  /** Whether this session's server drains: what it refuses as unavailable is for the next one. */
  readonly leaving: () => boolean;
  /** Gets the session a token other than the refused one; false when there is none to be had. */
  readonly renew: () => Promise<boolean>;
  /** The session is now its user's who has this token. Calls `identified` before it returns. */
  readonly authenticated: (message: DownOf<'authenticated'>, token: string) => void;
  readonly late: (late: Late) => void;
}

export class Commands {
  readonly #options: CommandsOptions;
  /** In the order they were given, which is the order they are sent in. */
  readonly #pending = new Map<OpId, Pending>();
  /** Told `unavailable`; the oldest is forgotten first. */
  readonly #unknown = new Map<OpId, { readonly command: Command; readonly owner: Owner }>();
  #user: Owner;

  constructor(options: CommandsOptions) {
    this.#options = options;
  }

  /** How many await an answer. */
  get size(): number {
    return this.#pending.size;
  }

  run<C extends Command>(command: C, deadlineMs: number): Promise<CommandResult<Answers[C['type']]>> {
    const { op } = command;
    if (this.#pending.size >= MAX_PENDING) return Promise.resolve(refusal(op, 'overloaded'));
    if (this.#pending.has(op)) return Promise.resolve(refusal(op, 'op_conflict'));
    this.#unknown.delete(op);
    return new Promise((resolve) => {
      const cancel = this.#options.after(deadlineMs, () => settle(refusal(op, 'unavailable')));
      const settle = (result: CommandResult<Down>) => {
        cancel();
        this.#pending.delete(op);
        if (!result.ok && result.code === 'unavailable') this.#remember(pending);
        resolve(result as CommandResult<Answers[C['type']]>);
        if (command.type === 'authenticate') this.#flush();
      };
      // Behind an authenticate it is for whoever that makes us.
      const owner = this.#authenticating ? undefined : this.#user;
      const pending: Pending = { command, settle, owner, sent: false, renewed: false };
      this.#pending.set(op, pending);
      this.#flush();
    });
  }

  /** A command that was refused `unavailable`; null when it is not, or no longer, known. */
  unknown(op: OpId): Command | null {
    return this.#unknown.get(op)?.command ?? null;
  }

  /** Settles the command that this answers, if there is one. */
  answer(message: Down & { readonly op: OpId }): void {
    const pending = this.#pending.get(message.op);
    if (pending === undefined) {
      this.#late(message);
    } else if (message.type !== 'rejected') {
      this.#tellIdentity(message, pending.command);
      pending.settle({ ok: true, ...message } as CommandResult<Down>);
    } else if (message.code === 'unavailable' && this.#options.leaving()) {
      // Kept: it is sent again, under its op, to the server we go to.
    } else if (
      message.code === 'token_expired' &&
      !pending.renewed &&
      pending.command.type !== 'authenticate'
    ) {
      void this.#renewAndRepeat(pending, message);
    } else {
      pending.settle(rejected(message));
    }
  }

  /** Nobody wants to watch any more: a `watch` still unanswered is not to be sent again. */
  unwatched(event: EventId): void {
    for (const { command, settle } of this.#pending.values()) {
      if (command.type === 'watch' && command.event === event) settle(refusal(command.op, 'unavailable'));
    }
  }

  /** A new session is open, and this user's: sends all that is unanswered, under the same ops. */
  welcome(user: UserId | null): void {
    for (const pending of this.#pending.values()) pending.sent = false;
    this.identified(user);
    this.#flush();
  }

  /** The session is this user's. What another asked is neither sent nor answered on it. */
  identified(user: UserId | null): void {
    this.#user = user;
    if (user !== null) this.#disown((owner) => owner !== user);
  }

  /** The user is gone from here: nothing they asked is sent or answered any more. */
  disown(): void {
    this.#disown(() => true);
  }

  /** No session will follow: what is unanswered stays unknown. */
  abandon(): void {
    for (const { command, settle } of [...this.#pending.values()]) settle(refusal(command.op, 'unavailable'));
  }

  get #authenticating(): boolean {
    for (const { command } of this.#pending.values()) if (command.type === 'authenticate') return true;
    return false;
  }

  #flush(): void {
    const gated = this.#authenticating;
    for (const pending of this.#pending.values()) {
      if (pending.sent) continue;
      if (pending.command.type !== 'authenticate') {
        if (gated) continue;
        // A session that opened without a token is nobody's yet: what a user asked waits until it is theirs again.
        if (pending.owner && this.#user === null) continue;
        if (pending.owner === undefined) pending.owner = this.#user;
      }
      pending.sent = this.#options.send(pending.command);
    }
  }

  #disown(which: (owner: UserId) => boolean): void {
    for (const { command, owner, settle } of [...this.#pending.values()]) {
      if (owner && which(owner) && command.type !== 'authenticate')
        settle(refusal(command.op, 'unauthenticated'));
    }
    for (const [op, { owner }] of this.#unknown) if (owner && which(owner)) this.#unknown.delete(op);
  }

  #remember({ command, owner }: Pending): void {
    this.#unknown.set(command.op, { command, owner });
    if (this.#unknown.size > MAX_UNKNOWN) this.#unknown.delete(this.#unknown.keys().next().value!);
  }

  #late(message: Down & { readonly op: OpId }): void {
    const command = this.#unknown.get(message.op)?.command;
    // Refused as unavailable is no news: it is as unknown as before.
    if (command === undefined || (message.type === 'rejected' && message.code === 'unavailable')) return;
    this.#unknown.delete(message.op);
    this.#tellIdentity(message, command);
    const answer = message.type === 'rejected' ? rejected(message) : { ok: true, ...message };
    this.#options.late({ command, answer: answer as Late['answer'] });
  }

  #tellIdentity(message: Down, command: Command): void {
    if (message.type === 'authenticated' && command.type === 'authenticate')
      this.#options.authenticated(message, command.token);
  }

  async #renewAndRepeat(pending: Pending, message: DownOf<'rejected'>): Promise<void> {
    pending.renewed = true;
    const renewed = await this.#options.renew();
    if (this.#pending.get(message.op) !== pending) return;
    if (!renewed) return pending.settle(rejected(message));
    pending.sent = false;
    this.#flush();
  }
}

/** A refusal of our own making. */
export function refusal(op: OpId, code: RejectCode): CommandRefusal {
  const { retryable, message } = REJECTIONS[code];
  return { ok: false, op, code, retryable, message };
}

/** The server's refusal. */
export function rejected({ op, code, places, message }: DownOf<'rejected'>): CommandRefusal {
  return { ...refused(code, places ?? undefined), op, retryable: REJECTIONS[code].retryable, message };
}
