/**
 * The in-memory copy of one event's map, kept equal to the store's.
 *
 * It lives in two versions. `latest` is what was heard; `version` is what was published, and `map` is the map of that version.
 * Between them stand the pending changes, last state wins. So a joiner gets (map, version) and the next diff starts exactly there,
 * however busy the event is.
 *
 * The store's feed brings every transition of an epoch once and in order (store/src/seats/feed.ts keeps that rule); where it cannot, it
 * says `rebuild`, and the replica reads a snapshot. What arrives meanwhile is buffered; what arrived before the question was asked is
 * in its answer. `prove` is the independent witness: it compares the whole map with the store's, and does not trust the feed.
 */
import type { Epoch, EventId, MapCode } from '@seatwire/protocol';
import { SeatMap } from '@seatwire/protocol';
import type { SeatStore, Snapshot, Transition, Unsubscribe } from '@seatwire/store';
import { History, type HistoryBounds } from './history.ts';
import type { StoreClock } from './store-clock.ts';

/** What of the seat store the rooms need. */
export type RoomStore = Pick<SeatStore, 'subscribe' | 'snapshot' | 'since'>;

export interface ReplicaHooks {
  /** Something is pending: call `flush` when it suits. */
  changed(): void;
  /** The map is another one (new epoch, or healed): everybody needs a snapshot. */
  replaced(): void;
  /** Each transition heard, once, in order; of rebuilds those that say which holds they ended. */
  heard(transition: Transition): void;
  /** The store has no (sound) state of the event: ask for a rebuild. */
  missing(): void;
  /** For the metrics. */
  trouble(kind: 'gap' | 'epoch' | 'mismatch' | 'regression' | 'unavailable'): void;
}

export interface Flush {
  readonly from: number;
  readonly to: number;
  /** Ascending: the places whose state differs. May be empty (held and released within a tick). */
  readonly places: readonly number[];
}

/** Transitions kept while catching up; more than this and the answer on its way is worthless anyway. */
const MAX_BUFFERED = 20_000;
/** Transitions read back when a room is loaded. */
const RECALLED = 1_000;
const RETRY_MS = [100, 250, 500, 1000, 2000, 5000];

export class Replica {
  readonly event: EventId;
  readonly #store: RoomStore;
  readonly #clock: StoreClock;
  readonly #hooks: ReplicaHooks;
  readonly history: History;
  #epoch: Epoch;
  #map: SeatMap;
  #version: number;
  #latest: number;
  /** Every place touched after `version`, with its last state: some are again what the published map shows. */
  readonly #pending = new Map<number, MapCode>();
  /** Not null: a snapshot bridged what was not heard after this version, so what happened between it and `latest` is not known. */
  #blindFrom: number | null = null;
  /** Not null: catching up, and these arrived meanwhile. */
  #buffer: Transition[] | null = null;
  #closed = false;

  private constructor(
    store: RoomStore,
    clock: StoreClock,
    hooks: ReplicaHooks,
    bounds: HistoryBounds,
    first: Snapshot,
  ) {
    this.event = first.event;
    this.#store = store;
    this.#clock = clock;
    this.#hooks = hooks;
    this.#epoch = first.epoch;
    this.#map = mapOf(first);
    this.#version = first.version;
    this.#latest = first.version;
    this.history = new History(first.version, bounds);
  }

  /** Subscribes, then reads: nothing is missed in between. Null when the store has no state of the event. Throws what the store throws. */
  static async open(
    store: RoomStore,
    event: EventId,
    clock: StoreClock,
    hooks: ReplicaHooks,
    bounds: HistoryBounds,
  ): Promise<{ replica: Replica; close: Unsubscribe } | null> {
    let replica: Replica | null = null;
    let early: Transition[] = [];
    const unsubscribe = await store.subscribe(event, (transition) => {
      if (replica) replica.receive(transition);
      else if (early.length < MAX_BUFFERED) early.push(transition);
    });
    try {
      const asked = Date.now();
      const first = await store.snapshot(event);
      if (!first) {
        await unsubscribe();
        return null;
      }
      clock.observe(asked, first.at);
      const opened = new Replica(store, clock, hooks, bounds, first);
      await opened.#recall(first);
      replica = opened;
      // Those of another epoch were published before the snapshot was read, or send us to catch up once more: harmless either way.
      for (const transition of early) opened.receive(transition);
      early = [];
      return {
        replica: opened,
        close: () => {
          opened.#closed = true;
          return unsubscribe();
        },
      };
    } catch (error) {
      await unsubscribe().catch(() => undefined);
      throw error;
    }
  }

  /** What the journal still has of the time before, so that clients of a server that went away can resume on this one. */
  async #recall(first: Snapshot): Promise<void> {
    const from = Math.max(0, first.version - RECALLED);
    const recent = await this.#store.since(this.event, first.epoch, from).catch(() => null);
    if (!recent) return;
    this.history.reset(from);
    const now = performance.now();
    for (const { version, places } of recent) {
      if (version <= first.version) this.history.push(version, places, now);
    }
  }

  get epoch(): Epoch {
    return this.#epoch;
  }
  /** Of the published map. */
  get version(): number {
    return this.#version;
  }
  /** The published map. */
  get map(): SeatMap {
    return this.#map;
  }
  /** Heard, not all of it published. */
  get latest(): number {
    return this.#latest;
  }

  receive(transition: Transition): void {
    if (this.#closed) return;
    // These holds are over, even if the map is not trusted.
    if (transition.kind === 'rebuild' && transition.holds.length > 0) this.#hooks.heard(transition);
    if (this.#buffer) {
      if (this.#buffer.length <= MAX_BUFFERED) this.#buffer.push(transition);
    } else if (this.#follows(transition)) {
      this.#accept(transition);
    } else if (!this.#has(transition)) {
      this.#hooks.trouble(transition.epoch === this.#epoch ? 'gap' : 'epoch');
      void this.#catchUp();
    }
  }

  /** Publishes what is pending into the map. Null when nothing is. */
  flush(now: number): Flush | null {
    if (this.#latest === this.#version) return null;
    const from = this.#version;
    const places: number[] = [];
    const touched = [...this.#pending.keys()];
    for (const [place, code] of this.#pending) if (this.#map.set(place, code)) places.push(place);
    places.sort((a, b) => a - b);
    this.#version = this.#latest;
    this.history.push(this.#version, touched, now, this.#blindFrom ?? this.#version);
    this.#nothingPending();
    return { from, to: this.#version, places };
  }

  /** Compares the whole map with the store's, and heals it. False: it was wrong. */
  async prove(): Promise<boolean> {
    if (this.#buffer || this.#closed) return true;
    const before = { epoch: this.#epoch, version: this.#latest };
    let truth: Snapshot | null;
    try {
      const asked = Date.now();
      truth = await this.#store.snapshot(this.event);
      if (truth) this.#clock.observe(asked, truth.at);
      // It may be a little ahead of what the feed has brought: wait for that, so that there is something to compare.
      if (truth && truth.epoch === this.#epoch) await this.#reaches(truth.version);
    } catch {
      this.#hooks.trouble('unavailable');
      return true;
    }
    if (this.#buffer || this.#closed) return true;
    if (!truth || truth.epoch !== this.#epoch || truth.places !== this.#map.places) {
      this.#hooks.trouble('epoch');
      await this.#catchUp();
      return true;
    }
    // Only a version heard before the question, of this epoch, tells that the store went back: later ones need not be in its answer.
    if (before.epoch === truth.epoch && truth.version < before.version) return this.#regressed(truth);
    if (truth.version > this.#latest) {
      this.#hooks.trouble('gap');
      await this.#catchUp();
      return true;
    }
    if (this.#isBlindTo(truth.version)) return true;
    const touched = this.history.since(truth.version);
    if (!touched) return true;
    let wrong = 0;
    for (let place = 0; place < truth.places; place++) {
      if (this.#map.get(place) === truth.codes[place]) continue;
      if (touched.has(place) || this.#pending.has(place)) continue;
      this.#map.set(place, truth.codes[place] as MapCode);
      wrong++;
    }
    if (wrong === 0) return true;
    this.#hooks.trouble('mismatch');
    this.history.reset(this.#version);
    this.#hooks.replaced();
    return false;
  }

  #follows({ epoch, version, kind }: Transition): boolean {
    return epoch === this.#epoch && version === this.#latest + 1 && kind !== 'rebuild';
  }

  /**
   * Whether the map has it already. A `rebuild` at an older version does not count, for the store itself went back; but one that names
   * holds is the beginning of this very epoch, told late.
   */
  #has({ epoch, version, kind, holds }: Transition): boolean {
    if (epoch !== this.#epoch) return false;
    if (kind === 'rebuild' && holds.length === 0) return version === this.#latest;
    return version <= this.#latest;
  }

  #accept(transition: Transition): void {
    for (const place of transition.places) this.#pending.set(place, transition.code);
    this.#latest = transition.version;
    this.#hooks.heard(transition);
    this.#hooks.changed();
  }

  async #catchUp(): Promise<void> {
    for (let attempt = 0; !this.#closed; ) {
      // What arrived before this question is in its answer.
      this.#buffer = [];
      try {
        const answered = await this.#readSnapshot();
        if (this.#closed) return;
        if (answered && this.#replayBuffer()) return;
        if (!answered) this.#hooks.missing();
        else if (attempt++ === 0) continue;
      } catch {
        this.#hooks.trouble('unavailable');
      }
      await pause(RETRY_MS[Math.min(attempt++, RETRY_MS.length - 1)]!);
    }
  }

  async #readSnapshot(): Promise<boolean> {
    const asked = Date.now();
    const truth = await this.#store.snapshot(this.event);
    if (!truth || this.#closed) return false;
    this.#clock.observe(asked, truth.at);
    if (truth.epoch !== this.#epoch || truth.places !== this.#map.places) this.#replace(truth);
    else if (truth.version < this.#latest) this.#regressed(truth);
    else if (truth.version > this.#latest) {
      for (let place = 0; place < truth.places; place++) {
        const code = truth.codes[place] as MapCode;
        if ((this.#pending.get(place) ?? this.#map.get(place)) !== code) this.#pending.set(place, code);
      }
      this.#blindFrom ??= this.#latest;
      this.#latest = truth.version;
      this.#hooks.changed();
    }
    return true;
  }

  /** Whether the store was read at a version of which only what became of it is known, not yet published. */
  #isBlindTo(version: number): boolean {
    return this.#blindFrom !== null && version > this.#blindFrom && version < this.#latest;
  }

  #nothingPending(): void {
    this.#pending.clear();
    this.#blindFrom = null;
  }

  /** False: what arrived meanwhile does not join on, so ask again. */
  #replayBuffer(): boolean {
    const arrived = this.#buffer ?? [];
    if (arrived.length > MAX_BUFFERED) return false;
    for (const transition of arrived) {
      if (this.#follows(transition)) this.#accept(transition);
      else if (!this.#has(transition)) return false;
    }
    this.#buffer = null;
    return true;
  }

  /** Resolves when the feed has brought this version, or after a second. */
  async #reaches(version: number): Promise<void> {
    for (let waited = 0; waited < 50 && this.#latest < version && !this.#buffer && !this.#closed; waited++) {
      await pause(20);
    }
  }

  /** Same epoch, older version: the store lost its tail. Its word counts, but only a new epoch makes resuming safe again. */
  #regressed(truth: Snapshot): false {
    this.#hooks.trouble('regression');
    this.#replace(truth);
    this.#hooks.missing();
    return false;
  }

  #replace(truth: Snapshot): void {
    this.#epoch = truth.epoch;
    this.#map = mapOf(truth);
    this.#version = truth.version;
    this.#latest = truth.version;
    this.#nothingPending();
    this.history.reset(truth.version);
    this.#hooks.replaced();
  }
}

function mapOf(snapshot: Snapshot): SeatMap {
  const map = new SeatMap(snapshot.places);
  for (let place = 0; place < snapshot.places; place++) map.set(place, snapshot.codes[place] as MapCode);
  return map;
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms).unref());
}
