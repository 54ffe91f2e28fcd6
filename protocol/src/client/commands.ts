/**
 * Commands on their way. Each has an op id, under which the server answers a repeat with the first answer; so whatever is
 * unanswered when a session is lost is sent again on the next one, and cannot happen twice. Outcomes are values. A deadline that
 * passes means *unknown*, not failed: the refusal says `unavailable`, and the same op may be asked again.
 */
import type { Down, DownOf } from '../down.ts';
import type { EventId, OpId } from '../ids.ts';
import { REJECTIONS, type RejectCode } from '../reject.ts';
import type { Up, UpOf } from '../up.ts';
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
  watch: DownOf<'stats'>;
}
export type Command = UpOf<keyof Answers>;

export interface Refusal {
  readonly ok: false;
  /** Ask again under this op to learn what became of it. */
  readonly op: OpId;
  readonly code: RejectCode;
  readonly retryable: boolean;
  /** The places that were in the way. */
  readonly places: readonly number[] | null;
  /** For people; says what to do. */
  readonly message: string;
}
export type Result<Answer> = ({ readonly ok: true } & Answer) | Refusal;

interface Pending {
  readonly command: Command;
  readonly settle: (result: Result<Down>) => void;
  /** Sent again once after a renewed token; a second refusal is the caller's to see. */
  renewed: boolean;
}

const MAX_PENDING = 64;

export interface CommandsOptions {
  readonly after: After;
  readonly send: (message: Up) => boolean;
  /** Whether this session's server drains: what it refuses as unavailable is for the next one. */
  readonly leaving: () => boolean;
  /** Gets the session a fresh token; false when there is none to be had. */
  readonly renew: () => Promise<boolean>;
}

export class Commands {
  readonly #options: CommandsOptions;
  /** In the order they were given, which is the order they are sent again. */
  readonly #pending = new Map<OpId, Pending>();

  constructor(options: CommandsOptions) {
    this.#options = options;
  }

  /** How many await an answer. */
  get size(): number {
    return this.#pending.size;
  }

  run<C extends Command>(command: C, deadlineMs: number): Promise<Result<Answers[C['type']]>> {
    if (this.#pending.size >= MAX_PENDING) return Promise.resolve(refusal(command.op, 'overloaded'));
    if (this.#pending.has(command.op)) return Promise.resolve(refusal(command.op, 'op_conflict'));
    return new Promise((resolve) => {
      const cancel = this.#options.after(deadlineMs, () => settle(refusal(command.op, 'unavailable')));
      const settle = (result: Result<Down>) => {
        cancel();
        this.#pending.delete(command.op);
        resolve(result as Result<Answers[C['type']]>);
      };
      this.#pending.set(command.op, { command, settle, renewed: false });
      this.#options.send(command);
    });
  }

  /** Settles the command that this answers, if there is one. An answer that comes after its deadline is nobody's. */
  answer(message: Down & { readonly op: OpId }): void {
    const pending = this.#pending.get(message.op);
    if (pending === undefined) return;
    if (message.type !== 'rejected') {
      pending.settle({ ok: true, ...message });
    } else if (message.code === 'unavailable' && this.#options.leaving()) {
      // Kept: it is sent again, under its op, to the server we go to.
    } else if (
      message.code === 'token_expired' &&
      !pending.renewed &&
      pending.command.type !== 'authenticate'
    ) {
      void this.#renewAndRepeat(pending, message);
    } else {
      pending.settle(refused(message));
    }
  }

  /** A monitor stream has begun: `watch` is the one command whose answer carries no op. */
  watching(stats: DownOf<'stats'>): void {
    for (const { command, settle } of this.#pending.values()) {
      if (command.type === 'watch' && command.event === stats.event) settle({ ok: true, ...stats });
    }
  }

  /** Nobody wants to watch any more: a `watch` still unanswered is not to be sent again. */
  unwatched(event: EventId): void {
    for (const { command, settle } of this.#pending.values()) {
      if (command.type === 'watch' && command.event === event) settle(refusal(command.op, 'unavailable'));
    }
  }

  /** A new session is open: sends all that is unanswered, under the same ops. */
  resend(): void {
    for (const { command } of this.#pending.values()) this.#options.send(command);
  }

  /** No session will follow: what is unanswered stays unknown. */
  abandon(): void {
    for (const { command, settle } of [...this.#pending.values()]) settle(refusal(command.op, 'unavailable'));
  }

  async #renewAndRepeat(pending: Pending, message: DownOf<'rejected'>): Promise<void> {
    pending.renewed = true;
    const renewed = await this.#options.renew();
    if (this.#pending.get(message.op) !== pending) return;
    if (renewed) this.#options.send(pending.command);
    else pending.settle(refused(message));
  }
}

/** A refusal of our own making. */
export function refusal(op: OpId, code: RejectCode): Refusal {
  const { retryable, message } = REJECTIONS[code];
  return { ok: false, op, code, retryable, places: null, message };
}

/** The server's refusal. */
export function refused({ op, code, places, message }: DownOf<'rejected'>): Refusal {
  return { ok: false, op, code, retryable: REJECTIONS[code].retryable, places, message };
}
