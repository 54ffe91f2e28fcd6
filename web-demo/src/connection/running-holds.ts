/** What this buyer has on hold, as far as this page knows. The sale writes it; the bar asks before it signs somebody out of it. */
import { type Store, store } from './store.ts';

export interface RunningHold {
  readonly event: string;
  /** Server time, epoch ms, at which it ends. */
  readonly until: number;
}

export const runningHolds: Store<readonly RunningHold[]> = store<readonly RunningHold[]>([]);

/** The holds of one event are now these; an empty list ends them. */
export function holdsOf(event: string, until: readonly number[]): void {
  runningHolds.update((all) => [
    ...all.filter((hold) => hold.event !== event),
    ...until.map((end) => ({ event, until: end })),
  ]);
}
