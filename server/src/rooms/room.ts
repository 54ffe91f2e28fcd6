/** One event's room on this server: its replica, who listens, and what a joiner is told. */
import { type DownOf, type EventId, encodeChanges } from '@seatwire/protocol';
import type { Transition, Unsubscribe } from '@seatwire/store';
import type { Audience, RoomMessage } from './audience.ts';
import { Conflation } from './conflation.ts';
import type { RoomsMetrics } from './metrics.ts';
import type { RoomsOptions } from './options.ts';
import { Rates } from './rates.ts';
import { Replica, type RoomStore } from './replica.ts';
import type { StoreClock } from './store-clock.ts';

/** Different starting versions whose conflated answer is kept until the next flush; a stampede resumes from few. */
const MAX_CACHED_RESUMES = 256;

export interface RoomParts {
  readonly store: RoomStore;
  readonly clock: StoreClock;
  readonly options: RoomsOptions;
  readonly metrics: RoomsMetrics;
  /** A transition made or ended holds. */
  holds(transition: Transition): void;
  /** The event has no sound state in the store. */
  missing(event: EventId): void;
}

export class Room {
  readonly event: EventId;
  /** This server's short number for the room. */
  readonly number: number;
  readonly rates = new Rates();
  readonly #clock: StoreClock;
  readonly #metrics: RoomsMetrics;
  readonly #conflation: Conflation;
  readonly #audiences = new Set<Audience>();
  #replica!: Replica;
  #close!: Unsubscribe;
  #watchers = new Set<(stats: DownOf<'stats'>) => void>();
  /** Sockets here of each person of whom there may be several. */
  readonly #windows = new Map<string, number>();
  /** Sockets that are nobody more who looks: further windows, and monitors. */
  #further = 0;
  #viewersElsewhere = 0;
  #viewersTold = -1;
  /** `performance.now()` since which the room is empty. */
  #emptySince: number | null = performance.now();
  #opened = false;
  #disposed = false;
  #snapshot: { readonly at: number; readonly message: DownOf<'snapshot'> } | null = null;
  #packed: { readonly version: number; readonly map: Uint8Array } | null = null;
  readonly #resumes = new Map<number, Uint8Array | null>();

  private constructor(event: EventId, number: number, parts: RoomParts) {
    this.event = event;
    this.number = number;
    this.#clock = parts.clock;
    this.#metrics = parts.metrics;
    this.#conflation = new Conflation(() => this.#flush(), parts.options.tickMs);
  }

  /** Null when the store has no state of the event. Throws `Unavailable`. */
  static async open(event: EventId, number: number, parts: RoomParts): Promise<Room | null> {
    const room = new Room(event, number, parts);
    const opened = await Replica.open(
      parts.store,
      event,
      parts.clock,
      {
        // Transitions may be heard before the replica is handed over; the room is still empty, and what they changed waits in it.
        changed: () => room.#opened && room.#conflation.touch(),
        replaced: () => room.#opened && room.#tellAll(),
        heard: (transition) => {
          room.rates.count(transition.kind);
          if (transition.holds.length > 0) parts.holds(transition);
        },
        missing: () => parts.missing(event),
        trouble: (kind) => parts.metrics.troubles.inc({ kind }),
      },
      parts.options.history,
    );
    if (!opened) return null;
    room.#replica = opened.replica;
    room.#close = opened.close;
    room.#opened = true;
    if (opened.replica.latest > opened.replica.version) room.#conflation.touch();
    return room;
  }

  get replica(): Replica {
    return this.#replica;
  }
  get disposed(): boolean {
    return this.#disposed;
  }
  /** People in the room on this server. */
  get localViewers(): number {
    let sum = 0;
    for (const audience of this.#audiences) sum += audience.size;
    return sum - this.#further;
  }
  /** On all servers. */
  get viewers(): number {
    return this.localViewers + this.#viewersElsewhere;
  }
  /** ms since the last one left; 0 while the room is in use. */
  get emptyForMs(): number {
    return this.#emptySince === null ? 0 : performance.now() - this.#emptySince;
  }

  /** From now on `audience` hears what is published. Attach it with its first socket, detach it with its last. */
  attach(audience: Audience): void {
    this.#audiences.add(audience);
    this.#settle();
  }
  detach(audience: Audience): void {
    this.#audiences.delete(audience);
    this.#settle();
  }
  /**
   * One socket of the audience is this person's, or (null) a monitor's, until the returned function is called. A socket of which this
   * is not said counts as one person.
   */
  countAs(person: string | null): () => void {
    if (person === null) {
      this.#further++;
      return () => {
        this.#further--;
      };
    }
    const windows = (this.#windows.get(person) ?? 0) + 1;
    this.#windows.set(person, windows);
    if (windows > 1) this.#further++;
    return () => {
      const left = this.#windows.get(person)! - 1;
      if (left > 0) {
        this.#windows.set(person, left);
        this.#further--;
      } else this.#windows.delete(person);
    };
  }
  /** Hears the monitor stream until the returned function is called. */
  watch(tell: (stats: DownOf<'stats'>) => void): () => void {
    this.#watchers.add(tell);
    this.#settle();
    return () => {
      this.#watchers.delete(tell);
      this.#settle();
    };
  }
  get watched(): boolean {
    return this.#watchers.size > 0;
  }

  /** What a joiner hears who still has the map of (epoch, version), or none. The next diff of the room starts where this ends. */
  answer(epoch: string | null, version: number | null): DownOf<'snapshot'> | DownOf<'resumed'> {
    if (epoch !== this.#replica.epoch || version === null) return this.snapshot();
    // Another server may have told the client more than was published here.
    if (version > this.#replica.version) this.#conflation.flushNow();
    const changes = this.#changesSince(version);
    if (changes === null) return this.snapshot();
    return {
      type: 'resumed',
      event: this.event,
      room: this.number,
      epoch: this.#replica.epoch,
      from: version,
      to: this.#replica.version,
      changes,
      viewers: this.viewers,
      serverTime: this.#clock.now(),
    };
  }

  /** The same object for all who ask within one ms at one version, so that it is encoded once for a stampede. */
  snapshot(): DownOf<'snapshot'> {
    const at = this.#clock.now();
    const version = this.#replica.version;
    if (this.#snapshot?.at === at && this.#packed?.version === version) return this.#snapshot.message;
    if (this.#packed?.version !== version) this.#packed = { version, map: this.#replica.map.pack() };
    const message: DownOf<'snapshot'> = {
      type: 'snapshot',
      event: this.event,
      room: this.number,
      epoch: this.#replica.epoch,
      version,
      places: this.#replica.map.places,
      map: this.#packed.map,
      viewers: this.viewers,
      serverTime: at,
    };
    this.#snapshot = { at, message };
    return message;
  }

  beacon(): void {
    if (this.#audiences.size === 0) return;
    const { version, map } = this.#replica;
    this.#publish({ type: 'beacon', room: this.number, version, checksum: map.checksum });
  }

  /** At most once a second, and only when it changed. */
  tellViewers(elsewhere: number): void {
    this.#viewersElsewhere = elsewhere;
    const viewers = this.viewers;
    if (viewers === this.#viewersTold || this.#audiences.size === 0) return;
    this.#viewersTold = viewers;
    this.#publish({ type: 'presence', room: this.number, viewers });
  }

  stats(revenue: { readonly revenue: number; readonly currency: string }): DownOf<'stats'> {
    const { map } = this.#replica;
    return {
      type: 'stats',
      event: this.event,
      at: this.#clock.now(),
      viewers: this.viewers,
      free: map.count(0),
      held: map.count(1),
      sold: map.count(2),
      blocked: map.count(3),
      holdsPerSecond: this.rates.holdsPerSecond,
      salesPerSecond: this.rates.salesPerSecond,
      revenue: revenue.revenue,
      currency: revenue.currency,
    };
  }
  tellWatchers(stats: DownOf<'stats'>): void {
    for (const tell of this.#watchers) tell(stats);
  }

  async dispose(): Promise<void> {
    if (this.#disposed) return;
    this.#disposed = true;
    this.#conflation.stop();
    await this.#close();
  }

  #flush(): void {
    const flush = this.#replica.flush(performance.now());
    if (!flush) return;
    this.#resumes.clear();
    this.#metrics.flushes.inc();
    this.#metrics.transitions.inc(flush.to - flush.from);
    if (this.#audiences.size === 0) return;
    const { map } = this.#replica;
    const diff: DownOf<'diff'> = {
      type: 'diff',
      room: this.number,
      to: flush.to,
      span: flush.to - flush.from,
      changes: encodeChanges(flush.places, (place) => map.get(place)),
    };
    this.#publish(diff);
  }

  #tellAll(): void {
    this.#resumes.clear();
    this.#snapshot = null;
    this.#packed = null;
    this.#metrics.resyncs.inc();
    if (this.#audiences.size > 0) this.#publish(this.snapshot());
  }

  #publish(message: RoomMessage): void {
    for (const audience of this.#audiences) audience.publish(message);
  }

  /** Null: no longer known, or a snapshot is smaller. */
  #changesSince(version: number): Uint8Array | null {
    const cached = this.#resumes.get(version);
    if (cached !== undefined) return cached;
    const { map, history } = this.#replica;
    if (version > this.#replica.version) return null;
    const changed = history.since(version);
    let changes: Uint8Array | null = null;
    // A change takes at least a byte, a place of the snapshot a quarter of one.
    if (changed && changed.size <= map.places / 4) {
      const places = [...changed].sort((a, b) => a - b);
      changes = encodeChanges(places, (place) => map.get(place));
    }
    if (this.#resumes.size < MAX_CACHED_RESUMES) this.#resumes.set(version, changes);
    return changes;
  }

  #settle(): void {
    const inUse = this.#audiences.size > 0 || this.#watchers.size > 0;
    if (inUse) this.#emptySince = null;
    else this.#emptySince ??= performance.now();
  }
}
