/**
 * What this buyer has on hold, as far as the browser's tabs know. The sale writes it and tells the other tabs; the bar asks before it
 * signs somebody out of it.
 */
import type { EventId, UserId } from '@seatwire/protocol';
import { type Readable, store } from './store.ts';

export interface RunningHold {
  readonly event: EventId;
  /** Server time, epoch ms, at which it ends. */
  readonly until: number;
}

/** What one tab tells the others: the holds at an event, or that it has just come. */
export type HoldsNews =
  | { readonly user: UserId; readonly event: EventId; readonly until: readonly number[] }
  | { readonly user: UserId; readonly asking: true };

export class RunningHolds {
  readonly #tell: (news: HoldsNews) => void;
  readonly #holds = store<readonly RunningHold[]>([]);
  #user: UserId | null = null;

  constructor(tell: (news: HoldsNews) => void) {
    this.#tell = tell;
  }

  get holds(): Readable<readonly RunningHold[]> {
    return this.#holds;
  }

  /** Whose they are from now on: the former user's are nothing of the next one's. */
  follow(user: UserId | null): void {
    if (user === this.#user) return;
    this.#user = user;
    this.#holds.set([]);
    if (user !== null) this.#tell({ user, asking: true });
  }

  /** The holds of one event are now these; an empty list ends them. */
  at(event: EventId, until: readonly number[]): void {
    this.#put(event, until);
    if (this.#user !== null) this.#tell({ user: this.#user, event, until });
  }

  hear(news: HoldsNews): void {
    if (news.user !== this.#user) return;
    if (!('asking' in news)) {
      this.#put(news.event, news.until);
      return;
    }
    for (const event of new Set(this.#holds.get().map((hold) => hold.event)))
      this.#tell({ user: news.user, event, until: this.#untilAt(event) });
  }

  #untilAt(event: EventId): readonly number[] {
    return this.#holds
      .get()
      .filter((hold) => hold.event === event)
      .map(({ until }) => until);
  }

  #put(event: EventId, until: readonly number[]): void {
    this.#holds.update((all) => [
      ...all.filter((hold) => hold.event !== event),
      ...until.map((end) => ({ event, until: end })),
    ]);
  }
}

const channel = typeof BroadcastChannel === 'undefined' ? null : new BroadcastChannel('seatwire.holds');
const page = new RunningHolds((news) => channel?.postMessage(news));
if (channel) channel.onmessage = ({ data }: MessageEvent<HoldsNews>) => page.hear(data);

export const runningHolds = page.holds;
export const holdsOf = (event: EventId, until: readonly number[]) => page.at(event, until);
export const followHolds = (user: UserId | null) => page.follow(user);
