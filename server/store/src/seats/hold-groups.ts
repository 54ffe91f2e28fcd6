/**
 * Commands of one event that meet go to Redis as one call.
 *
 * What is asked in one turn of the event loop leaves together at its end, within the bounds of a group; a bounded number of groups of an
 * event are under way at once, and what comes meanwhile waits for one of them to come back. A command that is alone leaves alone. So
 * groups grow with the load by themselves, and the queue stands here, where it is bounded and where what waited too long is refused
 * without being sent: a command sent to a store that is behind is carried out all the same, for a buyer who has stopped waiting.
 * Concurrency: commands of one event are sent in the order they were asked. Events do not wait for each other.
 */
import type { EventId } from '@seatwire/protocol';
import { atTurnsEnd } from './joined-writes.ts';

export interface GroupBounds {
  /** Commands in one call: it must not keep the store from others for 1 ms. */
  readonly most: number;
  /** What the commands of one call weigh together, but for a single one that is heavier. */
  readonly heaviest: number;
  /**
   * Calls of one event under way at once: as many commands as come in one long turn of a busy process, and no more than the store has
   * done in 5 ms.
   */
  readonly underWay: number;
  /** Commands of one event that wait; one more is refused at once. */
  readonly waiting: number;
  /** How long a command waits before it is refused, ms. */
  readonly waitMs: number;
}

export const GROUP_BOUNDS: GroupBounds = {
  most: 32,
  heaviest: 160,
  underWay: 16,
  waiting: 1_024,
  waitMs: 500,
};

export interface GroupParts<C, A> {
  /** Answers in the order of the commands; what it throws is thrown to each of them. */
  readonly send: (event: EventId, commands: readonly C[]) => Promise<readonly A[]>;
  readonly weightOf: (command: C) => number;
  readonly bounds?: GroupBounds;
  readonly now?: () => number;
}

interface Waiting<C, A> {
  readonly command: C;
  readonly since: number;
  readonly resolve: (answer: A | 'overloaded') => void;
  readonly reject: (error: unknown) => void;
}

interface Line<C, A> {
  waiting: Waiting<C, A>[];
  underWay: number;
  /** The end of this turn sends what waits. */
  leaving: boolean;
  /** Refuses the first that waits once it has waited too long. */
  patience: NodeJS.Timeout | undefined;
}

/** `C` a command, `A` its answer. */
export class HoldGroups<C, A> {
  readonly #parts: GroupParts<C, A>;
  readonly #bounds: GroupBounds;
  readonly #now: () => number;
  readonly #lines = new Map<EventId, Line<C, A>>();

  constructor(parts: GroupParts<C, A>) {
    this.#parts = parts;
    this.#bounds = parts.bounds ?? GROUP_BOUNDS;
    this.#now = parts.now ?? (() => performance.now());
  }

  /** One command more of the event would be refused. */
  isFull(event: EventId): boolean {
    return (this.#lines.get(event)?.waiting.length ?? 0) >= this.#bounds.waiting;
  }

  /** `overloaded`: it was not sent, and never will be. */
  ask(event: EventId, command: C): Promise<A | 'overloaded'> {
    if (this.isFull(event)) return Promise.resolve('overloaded');
    const line = this.#lineOf(event);
    return new Promise((resolve, reject) => {
      line.waiting.push({ command, since: this.#now(), resolve, reject });
      if (line.underWay < this.#bounds.underWay) this.#leave(event, line);
      else line.patience ??= this.#patience(event, line);
    });
  }

  #lineOf(event: EventId): Line<C, A> {
    let line = this.#lines.get(event);
    if (!line) {
      line = { waiting: [], underWay: 0, leaving: false, patience: undefined };
      this.#lines.set(event, line);
    }
    return line;
  }

  #leave(event: EventId, line: Line<C, A>): void {
    if (line.leaving) return;
    line.leaving = true;
    atTurnsEnd(() => {
      line.leaving = false;
      this.#depart(event, line);
    });
  }

  /** What fits goes, however late: patience refuses what waited for the store, and what is late here waited for this process. */
  #depart(event: EventId, line: Line<C, A>): void {
    while (line.waiting.length > 0 && line.underWay < this.#bounds.underWay) {
      const count = this.#countOf(line.waiting);
      void this.#carry(event, line, line.waiting.slice(0, count));
      line.waiting = line.waiting.slice(count);
    }
    if (line.waiting.length > 0) {
      line.patience ??= this.#patience(event, line);
      return;
    }
    clearTimeout(line.patience);
    line.patience = undefined;
    if (line.underWay === 0) this.#lines.delete(event);
  }

  /** How many of them fit in the next group. */
  #countOf(waiting: readonly Waiting<C, A>[]): number {
    const { most, heaviest } = this.#bounds;
    let count = 0;
    let weight = 0;
    for (const { command } of waiting) {
      weight += this.#parts.weightOf(command);
      if (count === most || (count > 0 && weight > heaviest)) break;
      count++;
    }
    return count;
  }

  #patience(event: EventId, line: Line<C, A>): NodeJS.Timeout {
    const left = line.waiting[0]!.since + this.#bounds.waitMs - this.#now();
    return setTimeout(
      () => {
        line.patience = undefined;
        this.#refuseLate(line);
        if (line.waiting.length > 0) line.patience = this.#patience(event, line);
      },
      Math.max(1, left),
    );
  }

  /** They stand in the order they came, so the late ones are at the front. */
  #refuseLate(line: Line<C, A>): void {
    const latest = this.#now() - this.#bounds.waitMs;
    const inTime = line.waiting.findIndex(({ since }) => since > latest);
    const late = inTime < 0 ? line.waiting.length : inTime;
    if (late === 0) return;
    for (const { resolve } of line.waiting.slice(0, late)) resolve('overloaded');
    line.waiting = line.waiting.slice(late);
  }

  async #carry(event: EventId, line: Line<C, A>, group: readonly Waiting<C, A>[]): Promise<void> {
    line.underWay += 1;
    try {
      const answers = await this.#parts.send(
        event,
        group.map(({ command }) => command),
      );
      group.forEach(({ resolve }, i) => void resolve(answers[i]!));
    } catch (error) {
      for (const { reject } of group) reject(error);
    }
    line.underWay -= 1;
    // The commands that this answer brings about may still join.
    this.#leave(event, line);
  }
}
