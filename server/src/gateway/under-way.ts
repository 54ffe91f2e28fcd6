/**
 * The commands of one session that have no answer yet. Bounded per socket and per user, side by side, each answered exactly once: by
 * its outcome, or `unavailable` when its time is up (the outcome is unknown then, and the client asks again under the same op).
 */
import { type Down, type OpId, REJECTIONS, type Up, type UserId } from '@seatwire/protocol';
import { isRefused, type Outcome, type Refused } from '../outcome.ts';
import type { SessionSurroundings } from './sessions.ts';

export type Reply = (message: Down) => void;
export type CommandMessage = Extract<Up, { readonly op: OpId }>;

interface Pending {
  readonly op: OpId;
  readonly type: CommandMessage['type'];
  readonly by: UserId | null;
  readonly reply: Reply;
  readonly since: number;
}

export interface UnderWayEvents {
  /** The last one was answered. */
  idle(): void;
  /** An answer could not be sent: a defect. */
  broken(): void;
}

export class UnderWay {
  readonly #around: SessionSurroundings;
  readonly #events: UnderWayEvents;
  readonly #pending = new Set<Pending>();

  constructor(around: SessionSurroundings, events: UnderWayEvents) {
    this.#around = around;
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
    work: () => Promise<Outcome<Down | null>>,
  ): void {
    const { options, metrics, begin, finish, defect } = this.#around;
    if (this.#pending.size >= options.maxPending || !begin(by)) {
      this.reject(message, reply, { reject: 'rate_limited' });
      return;
    }
    const { op, type } = message;
    const pending: Pending = { op, type, by, reply, since: performance.now() };
    this.#pending.add(pending);
    work()
      .catch((error: unknown): Refused => {
        if (isLostDependency(error)) return { reject: 'unavailable' };
        defect(error, message.type);
        return { reject: 'internal' };
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
  reject(message: Up, reply: Reply, refusal: Refused): void {
    if ('op' in message) reply(this.#rejection(message.op, refusal));
  }

  /** Answers those whose time is up. */
  sweep(now: number): void {
    for (const pending of this.#pending) {
      if (now - pending.since <= this.#around.options.commandMs) break;
      this.#settle(pending, { reject: 'unavailable' });
    }
  }

  /**
   * The session is no longer `user`'s: what they asked for and still wait for is answered as unknown, now, and what it comes to
   * is told nobody. Rooms are open to all, so joins go on.
   */
  disown(user: UserId): void {
    for (const pending of this.#pending) {
      if (pending.by !== user || pending.type === 'join') continue;
      this.#pending.delete(pending);
      pending.reply(this.#rejection(pending.op, { reject: 'unavailable' }));
    }
  }

  /** The session is over: nobody hears the answers. */
  abandon(): void {
    this.#pending.clear();
  }

  #settle(pending: Pending, outcome: Outcome<Down | null>): void {
    if (!this.#pending.delete(pending)) return;
    if (outcome !== null) {
      pending.reply(isRefused(outcome) ? this.#rejection(pending.op, outcome) : outcome);
    }
    if (this.#pending.size === 0) this.#events.idle();
  }

  #rejection(op: OpId, { reject: code, places }: Refused): Down {
    this.#around.metrics.rejections.inc({ code });
    const { message } = REJECTIONS[code];
    return { type: 'rejected', op, code, places: places?.slice() ?? null, message };
  }
}

/** A dependency did not answer. Known by name: each store has its own class, and none of them is the gateway's business. */
function isLostDependency(error: unknown): boolean {
  return error instanceof Error && /Unavailable$|^DeadlinePassed$/.test(error.name);
}
