/**
 * The commands of one session that have no answer yet. Bounded per socket and per user, side by side, each answered exactly once: by
 * its outcome, or `unavailable` when its time is up (the outcome is unknown then, and the client asks again under the same op).
 */
import {
  type Down,
  type EventId,
  type HoldId,
  isRefusal,
  type OpId,
  REJECTIONS,
  type Refusal,
  refused,
  type Up,
  type UserId,
} from '@seatwire/protocol';
import { type Transition, Unavailable } from '@seatwire/store';
import type { RefusalGuard } from '../refusal-guard.ts';
import { DECLARED } from './commands.ts';
import type { GatewayMetrics } from './metrics.ts';
import type { GatewayOptions } from './options.ts';

export type Reply = (message: Down) => void;
export type CommandMessage = Extract<Up, { readonly op: OpId }>;

interface Pending {
  readonly message: CommandMessage;
  readonly by: UserId | null;
  readonly reply: Reply;
  readonly since: number;
  /** Told once it is answered. */
  waiting: (() => void)[] | null;
}

/** A command about holds that was answered: which, and what it did to which hold. */
interface Answered {
  readonly op: OpId;
  readonly granted: boolean;
  readonly did: Transition['kind'] | null;
  readonly hold: HoldId | null;
}

/** As many as may be pending at once, by default. */
const MOST_ANSWERED = 32;
const HOLD_COMMANDS: ReadonlySet<Up['type']> = new Set([
  'hold',
  'hold-best',
  'extend',
  'release',
  'checkout',
  'pay',
]);
/** The transition that a granted command makes. */
const MADE: Partial<Record<Down['type'], Transition['kind']>> = {
  held: 'hold',
  released: 'release',
  accepted: 'confirm',
};

export interface PendingCommandsParts {
  readonly options: Pick<GatewayOptions, 'maxPending' | 'commandMs'>;
  readonly metrics: Pick<GatewayMetrics, 'commandSeconds' | 'rejections'>;
  /** Counts a user's pending commands; false: too many. */
  begin(user: UserId | null): boolean;
  finish(user: UserId | null): void;
  readonly guard: RefusalGuard;
  defect(error: unknown, during: string): void;
}

export interface PendingCommandsEvents {
  /** The last one was answered. */
  idle(): void;
  /** An answer could not be sent: a defect. */
  broken(): void;
}

export class PendingCommands {
  readonly #parts: PendingCommandsParts;
  readonly #events: PendingCommandsEvents;
  readonly #pending = new Set<Pending>();
  /** The last ones about holds, oldest first. Most sessions have none. */
  #answered: Answered[] | null = null;

  constructor(parts: PendingCommandsParts, events: PendingCommandsEvents) {
    this.#parts = parts;
    this.#events = events;
  }

  get size(): number {
    return this.#pending.size;
  }

  /** `work` comes to an answer, a refusal, or null when it has answered itself. */
  run(
    message: CommandMessage,
    by: UserId | null,
    reply: Reply,
    work: () => Promise<Down | null | Refusal>,
  ): void {
    const { options, metrics, guard, begin, finish, defect } = this.#parts;
    if (this.#pending.size >= options.maxPending || !begin(by)) {
      this.reject(message, reply, refused('rate_limited'));
      return;
    }
    const pending: Pending = { message, by, reply, since: performance.now(), waiting: null };
    this.#pending.add(pending);
    work()
      .then((outcome) => {
        if (isRefusal(outcome)) guard(DECLARED.get(message.type)!, outcome.code, message.type);
        return outcome;
      })
      .catch((error: unknown): Refusal => {
        if (error instanceof Unavailable) return refused('unavailable');
        defect(error, message.type);
        return refused('internal');
      })
      .then((outcome) => {
        finish(by);
        metrics.commandSeconds.observe({ type: message.type }, (performance.now() - pending.since) / 1000);
        this.#settle(pending, outcome);
      })
      // It must not end the process, and with it everybody's session.
      .catch((error: unknown) => {
        defect(error, message.type);
        this.#events.broken();
      });
  }

  /** Messages without an op have no answer, so no refusal either. */
  reject(message: Up, reply: Reply, refusal: Refusal): void {
    if ('op' in message) reply(this.#rejection(message.op, refusal));
  }

  /** Answers those whose time is up. */
  sweep(now: number): void {
    for (const pending of this.#pending) {
      if (now - pending.since <= this.#parts.options.commandMs) break;
      this.#settle(pending, refused('unavailable'));
    }
  }

  /**
   * The session is no longer `user`'s. Their pending commands are answered as unknown now, and the later outcomes are told to no one.
   * Rooms are open to all, so joins go on.
   */
  disown(user: UserId): void {
    for (const pending of this.#pending) {
      if (pending.by !== user || pending.message.type === 'join') continue;
      this.#pending.delete(pending);
      pending.reply(this.#rejection(pending.message.op, refused('unavailable')));
      for (const wake of pending.waiting ?? []) wake();
    }
  }

  /** The session is over: no answer is sent. */
  abandon(): void {
    const abandoned = [...this.#pending];
    this.#pending.clear();
    for (const { waiting } of abandoned) for (const wake of waiting ?? []) wake();
  }

  /** Whether the command is this session's, and was granted. A promise while it is under way: what a refused one did is news. */
  issued(op: OpId): boolean | Promise<boolean> {
    return this.#once(
      ({ message }) => message.op === op,
      (answered) => answered.granted && answered.op === op,
    );
  }

  /** Whether this session did that to the hold. A promise while a command is pending that may have. */
  did(kind: Transition['kind'], event: EventId, hold: HoldId): boolean | Promise<boolean> {
    return this.#once(
      ({ message }) => mayDo(message, kind, event, hold),
      (answered) => answered.did === kind && answered.hold === hold,
    );
  }

  /** Whether one of the answers is such, as soon as no command that may become one is under way. */
  #once(
    may: (pending: Pending) => boolean,
    such: (answered: Answered) => boolean,
  ): boolean | Promise<boolean> {
    const answer = () => this.#answered?.some(such) ?? false;
    if (answer()) return true;
    const waitedFor = [...this.#pending].filter(may);
    if (waitedFor.length === 0) return false;
    const settled = waitedFor.map(
      (pending) => new Promise<void>((wake) => (pending.waiting = [...(pending.waiting ?? []), wake])),
    );
    return Promise.all(settled).then(answer);
  }

  #settle(pending: Pending, outcome: Down | null | Refusal): void {
    if (!this.#pending.delete(pending)) return;
    const { op, type } = pending.message;
    if (HOLD_COMMANDS.has(type)) this.#remember(op, outcome);
    if (outcome !== null) {
      pending.reply(isRefusal(outcome) ? this.#rejection(op, outcome) : outcome);
    }
    for (const wake of pending.waiting ?? []) wake();
    if (this.#pending.size === 0) this.#events.idle();
  }

  #remember(op: OpId, outcome: Down | null | Refusal): void {
    const granted = outcome !== null && !isRefusal(outcome) && 'hold' in outcome ? outcome : null;
    this.#answered ??= [];
    this.#answered.push({
      op,
      granted: granted !== null,
      did: (granted && MADE[granted.type]) ?? null,
      hold: granted?.hold ?? null,
    });
    if (this.#answered.length > MOST_ANSWERED) this.#answered.shift();
  }

  #rejection(op: OpId, { code, places }: Refusal): Down {
    this.#parts.metrics.rejections.inc({ code });
    const { message } = REJECTIONS[code];
    return { type: 'rejected', op, code, places: places?.slice() ?? null, message };
  }
}

function mayDo(message: CommandMessage, kind: Transition['kind'], event: EventId, hold: HoldId): boolean {
  switch (message.type) {
    case 'hold':
    case 'hold-best':
      return kind === 'hold' && message.event === event;
    case 'release':
      return kind === 'release' && message.hold === hold;
    case 'pay':
      return kind === 'confirm' && message.hold === hold;
    default:
      return false;
  }
}
