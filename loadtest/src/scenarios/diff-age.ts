/**
 * How old a change is when viewers see it, within one virtual user, whose clock is one: holder and viewers note the same place. A
 * viewer that is very late counts too, so a change is remembered for a while after it is over.
 */
import { diffAgeMs, holdToViewerMs, k6LateMs } from './metrics.ts';

interface Change {
  readonly sentAt: number;
  /** Null while the holder has not heard. */
  heldAt: number | null;
  /** Viewers that saw it before the holder heard. */
  early: number;
  /** Sockets that saw it: a place they see held a second time is another's. */
  readonly seen: Set<number>;
}

const REMEMBER_MS = 5000;
const MANY = 500;
/** How late k6 is itself is asked while the change travels: then it decodes frames, and between changes it idles. */
const PROBES = 5;
const PROBE_MS = 10;

const underWay = new Map<number, Change>();

/** A hold leaves now; its first place stands for it. */
export function holdSent([place, ...others]: readonly number[]): void {
  if (place === undefined) return;
  // What is known of these is of earlier holds.
  for (const other of others) underWay.delete(other);
  const sentAt = Date.now();
  if (underWay.size > MANY)
    for (const [old, change] of underWay) if (sentAt - change.sentAt > REMEMBER_MS) underWay.delete(old);
  underWay.set(place, { sentAt, heldAt: null, early: 0, seen: new Set() });
  probe(PROBES);
}

function probe(left: number): void {
  const due = Date.now() + PROBE_MS;
  setTimeout(() => {
    k6LateMs.add(Math.max(0, Date.now() - due));
    if (left > 1) probe(left - 1);
  }, PROBE_MS);
}

/** The holder was answered. */
export function holdHeard(place: number): void {
  const change = underWay.get(place);
  if (change === undefined) return;
  change.heldAt = Date.now();
  for (; change.early > 0; change.early--) diffAgeMs.add(0);
}

/** The map of a viewer's socket shows the place as held. */
export function holdSeen(place: number, socket: number): void {
  const change = underWay.get(place);
  const now = Date.now();
  // Otherwise it may be another's hold of the same place.
  if (change === undefined || now - change.sentAt > REMEMBER_MS || change.seen.has(socket)) return;
  change.seen.add(socket);
  holdToViewerMs.add(now - change.sentAt);
  if (change.heldAt === null) change.early++;
  else diffAgeMs.add(now - change.heldAt);
}

/** There is no hold: it was refused. */
export function holdRefused(place: number): void {
  underWay.delete(place);
}
