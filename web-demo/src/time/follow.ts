/** Keeps a text that depends on time true: it is drawn anew exactly when it changes, never because a while has passed. */

export interface World {
  readonly now: () => number;
  readonly after: (ms: number, callback: () => void) => () => void;
  /** Told when the page may have slept, or it is another time than was thought. */
  readonly disturbed: (listener: () => void) => () => void;
}

/**
 * Looks at least so often: a browser's timers stand still while the machine sleeps, and one longer than 2^31 ms would fire at once.
 */
const LONGEST_MS = 60_000;

/**
 * Calls `changed` at each instant that `next` names: the first after the one it is given, null for never again. `from`: the time of
 * the last drawing, which may be another than now. Returns a function that ends it.
 */
export function follow(
  next: (now: number) => number | null,
  changed: () => void,
  world: World,
  from: number,
): () => void {
  let edge = next(from);
  let cancel = () => {};
  const look = (anew: boolean) => {
    cancel();
    const now = world.now();
    const coming = next(now);
    if (anew || coming !== edge) {
      edge = coming;
      changed();
    }
    if (edge !== null) cancel = world.after(Math.min(Math.max(1, edge - now), LONGEST_MS), () => look(false));
  };
  look(false);
  const off = world.disturbed(() => look(true));
  return () => {
    cancel();
    off();
  };
}

/** The first of the instants that is still to come. */
export function nextOf(instants: readonly number[], now: number): number | null {
  const coming = instants.filter((instant) => instant > now);
  return coming.length > 0 ? Math.min(...coming) : null;
}

/** When "in 2 min 14 s", counted to `end`, next reads otherwise: each second of the last hour, each minute before. */
export function nextStep(end: number, now: number): number | null {
  const left = end - now;
  if (left <= 0) return null;
  const step = left > HOUR_MS ? MINUTE_MS : 1000;
  return end - (Math.ceil(left / step) - 1) * step;
}

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
