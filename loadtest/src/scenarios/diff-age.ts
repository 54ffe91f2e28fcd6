/** How old a change is when viewers see it, within one virtual user, whose clock is one: holder and viewers note the same place. */
import { diffAgeMs, holdToViewerMs } from './metrics.ts';

interface Change {
  readonly sentAt: number;
  /** Null while the holder has not heard. */
  heldAt: number | null;
  /** Viewers that saw it before the holder heard. */
  early: number;
}

const underWay = new Map<number, Change>();

/** A hold of the place leaves now. */
export function holdSent(place: number): void {
  underWay.set(place, { sentAt: Date.now(), heldAt: null, early: 0 });
}

/** The holder was answered. */
export function holdHeard(place: number): void {
  const change = underWay.get(place);
  if (change === undefined) return;
  change.heldAt = Date.now();
  for (; change.early > 0; change.early--) diffAgeMs.add(0);
}

/** A viewer's map shows the place as held. */
export function holdSeen(place: number): void {
  const change = underWay.get(place);
  if (change === undefined) return;
  const now = Date.now();
  holdToViewerMs.add(now - change.sentAt);
  if (change.heldAt === null) change.early++;
  else diffAgeMs.add(now - change.heldAt);
}

/** Refused, or about to change again. */
export function holdOver(place: number): void {
  underWay.delete(place);
}
