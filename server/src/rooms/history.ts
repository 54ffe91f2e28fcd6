/**
 * Which places changed when, lately: what a returning client missed, and what a proof must not judge. Bounded in entries, places
 * and age. The rule, kept here and by each caller of `push`: for every version it answers for, it names a superset of all places
 * that changed after it, even if this server never published the change. Another server may have told a client of a state
 * that lies between two flushes of ours, and the store is read at versions of its own choice.
 */

export interface HistoryBounds {
  readonly maxEntries: number;
  /** Sum over the entries. */
  readonly maxPlaces: number;
  readonly maxAgeMs: number;
}

interface Entry {
  readonly to: number;
  /** Changes after a version above this one and below `to` are not all known; `to` itself when all are. */
  readonly blindFrom: number;
  readonly places: readonly number[];
  readonly at: number;
}

export class History {
  readonly #bounds: HistoryBounds;
  #entries: Entry[] = [];
  /** Entries before this index are dropped; the array is compacted now and then, so that dropping costs nothing. */
  #head = 0;
  #places = 0;
  /** Changes after this version are all known. */
  #floor: number;

  constructor(floor: number, bounds: HistoryBounds) {
    this.#floor = floor;
    this.#bounds = bounds;
  }

  /**
   * `places`: all that were touched on the way to version `to`, those too that are again what they were; versions rise. `blindFrom`:
   * from that version on only the outcome at `to` is known, as after a snapshot.
   */
  push(to: number, places: readonly number[], now: number, blindFrom = to): void {
    this.#entries.push({ to, blindFrom, places, at: now });
    this.#places += places.length;
    while (this.#head < this.#entries.length && this.#outOfBounds(now)) this.#drop();
    if (this.#head > 1024) {
      this.#entries = this.#entries.slice(this.#head);
      this.#head = 0;
    }
  }

  /**
   * A superset of the places that changed after `version`, unordered. Null when that is not known. Since each place is told with its
   * present state, naming one that did not change does no harm.
   */
  since(version: number): ReadonlySet<number> | null {
    if (version < this.#floor) return null;
    const changed = new Set<number>();
    for (let i = this.#entries.length - 1; i >= this.#head; i--) {
      const entry = this.#entries[i]!;
      if (entry.to <= version) break;
      if (version > entry.blindFrom) return null;
      for (const place of entry.places) changed.add(place);
    }
    return changed;
  }

  /** Forgets all: from now on nothing before `floor` can be told. */
  reset(floor: number): void {
    this.#entries = [];
    this.#head = 0;
    this.#places = 0;
    this.#floor = floor;
  }

  #outOfBounds(now: number): boolean {
    const { maxEntries, maxPlaces, maxAgeMs } = this.#bounds;
    return (
      this.#entries.length - this.#head > maxEntries ||
      this.#places > maxPlaces ||
      now - this.#entries[this.#head]!.at > maxAgeMs
    );
  }

  #drop(): void {
    const oldest = this.#entries[this.#head]!;
    this.#head++;
    this.#places -= oldest.places.length;
    this.#floor = oldest.to;
  }
}
