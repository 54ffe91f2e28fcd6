/**
 * Rooms: one in-memory copy of each event's map that this server has sockets for, and the telling of it.
 *
 * - A join is answered from memory; Redis is asked once per room, however many join at once, and the room is kept in memory for a
 *   while after the last one left.
 * - `replica.ts` keeps the copy equal to the store's (versions, journal, snapshot, self-checks); `conflation.ts` says when changes
 *   go out; `room.ts` says what; an `Audience` (one per transport) brings it to the sockets.
 * - Single-threaded: a room's answer and its sockets' entry into the audience happen in one turn, so no diff falls between.
 * - May import the protocol, the store's contract, the catalogue's contract; never a socket library.
 */
import type { Catalogue } from '@seatwire/domain';
import { type DownOf, type EventId, isRefusal, type Refusal, refused } from '@seatwire/protocol';
import { inTime, type Presence, type Transition } from '@seatwire/store';
import type { RoomsMetrics } from './metrics.ts';
import type { RoomsOptions } from './options.ts';
import { type PresenceBus, ViewersElsewhere } from './presence.ts';
import type { RoomStore } from './replica.ts';
import { Revenue, type RevenueSource } from './revenue.ts';
import { Room, type RoomParts } from './room.ts';
import { StoreClock } from './store-clock.ts';

export interface RoomsParts {
  readonly store: RoomStore;
  readonly catalogue: Pick<Catalogue, 'find'>;
  readonly presence: PresenceBus;
  readonly revenue: RevenueSource;
  /** This process's name among the servers. */
  readonly server: string;
  /** Asks the worker to rebuild the event's state from Postgres. Called again and again until it is there. */
  requestRebuild(event: EventId): void;
  readonly metrics: RoomsMetrics;
  readonly options: RoomsOptions;
}

const SECOND_MS = 1_000;

export class Rooms {
  /** Estimates the store's clock, which judges expiry. */
  readonly clock = new StoreClock();
  readonly #parts: RoomsParts;
  readonly #rooms = new Map<EventId, Room>();
  readonly #loading = new Map<EventId, Promise<Room | Refusal>>();
  readonly #elsewhere: ViewersElsewhere;
  readonly #revenue: Revenue;
  readonly #ofRoom: Omit<RoomParts, 'holds'>;
  #holdsListener: (transition: Transition, event: EventId) => void = () => undefined;
  #stopListening: (() => void) | undefined;
  #timer: NodeJS.Timeout | undefined;
  #seconds = 0;
  #nextNumber = 1;
  /** Events whose viewers were told to the others last second: a fall to 0 is told once. */
  #told = new Set<EventId>();

  constructor(parts: RoomsParts) {
    this.#parts = parts;
    this.#elsewhere = new ViewersElsewhere(parts.server);
    this.#revenue = new Revenue(parts.revenue);
    this.#ofRoom = {
      store: parts.store,
      clock: this.clock,
      options: parts.options,
      metrics: parts.metrics,
      missing: (event) => parts.requestRebuild(event),
    };
  }

  start(): void {
    this.#stopListening = this.#parts.presence.listen((counts) =>
      this.#elsewhere.hear(counts, (event) => this.#rooms.has(event)),
    );
    this.#timer = setInterval(() => this.#everySecond(), SECOND_MS);
    this.#timer.unref();
  }

  async stop(): Promise<void> {
    clearInterval(this.#timer);
    this.#stopListening?.();
    const rooms = [...this.#rooms.values()];
    this.#rooms.clear();
    await Promise.allSettled(rooms.map((room) => room.dispose()));
  }

  /** Hears each transition of a room here that made or ended holds, once. */
  onHolds(listener: (transition: Transition, event: EventId) => void): void {
    this.#holdsListener = listener;
  }

  get size(): number {
    return this.#rooms.size;
  }

  /** Only microtasks pass between the room being found and the caller's continuation: enter its audience there. */
  async enter(event: EventId): Promise<Room | Refusal> {
    const room = this.#rooms.get(event);
    if (room) return room;
    let loading = this.#loading.get(event);
    if (!loading) {
      if (this.#rooms.size + this.#loading.size >= this.#parts.options.maxRooms) return refused('overloaded');
      loading = this.#load(event).finally(() => this.#loading.delete(event));
      this.#loading.set(event, loading);
    }
    return loading;
  }

  /** What a watcher of the room is told. */
  async stats(room: Room): Promise<DownOf<'stats'>> {
    return room.stats(await this.#revenue.of(room.event));
  }

  async #load(event: EventId): Promise<Room | Refusal> {
    const { catalogue, options, metrics } = this.#parts;
    try {
      const opening = (async (): Promise<Room | Refusal> => {
        if (!(await catalogue.find(event))) return refused('unknown_event');
        const room = await Room.open(event, this.#nextNumber++, {
          ...this.#ofRoom,
          holds: (transition) => this.#holdsListener(transition, event),
        });
        if (room) return room;
        this.#parts.requestRebuild(event);
        return refused('event_rebuilding');
      })();
      // One that comes too late is closed, not kept: no caller waits for it.
      const room = await inTime('redis', options.loadMs, opening, (late) => {
        if (!isRefusal(late)) void late.dispose().catch(() => undefined);
      });
      metrics.loads.inc({ outcome: isRefusal(room) ? room.code : 'loaded' });
      if (!isRefusal(room)) this.#rooms.set(event, room);
      return room;
    } catch {
      metrics.loads.inc({ outcome: 'unavailable' });
      return refused('unavailable');
    }
  }

  #everySecond(): void {
    const { options, metrics } = this.#parts;
    const second = this.#seconds++;
    const counts: Presence[] = [];
    const told = new Set<EventId>();
    for (const room of this.#rooms.values()) {
      if (room.emptyForMs > options.keepWarmMs) {
        this.#drop(room);
        continue;
      }
      room.rates.turn();
      const viewers = room.localViewers;
      if (viewers > 0) told.add(room.event);
      if (viewers > 0 || this.#told.has(room.event)) {
        counts.push({ server: this.#parts.server, event: room.event, viewers });
      }
      room.tellViewers(this.#elsewhere.of(room.event));
      // Rooms take turns, so that not all of them speak, or ask Redis, in the same second.
      const turn = second + room.number;
      if (turn % seconds(options.beaconMs) === 0) room.beacon();
      if (turn % seconds(options.proveMs) === 0) void this.#prove(room);
      if (room.watched) void this.#tellWatchers(room);
    }
    this.#told = told;
    metrics.rooms.set(this.#rooms.size);
    if (counts.length > 0) this.#parts.presence.publish(counts).catch(() => undefined);
  }

  async #prove(room: Room): Promise<void> {
    if (await room.replica.prove()) this.#parts.metrics.proofs.inc();
  }

  async #tellWatchers(room: Room): Promise<void> {
    room.tellWatchers(await this.stats(room));
  }

  #drop(room: Room): void {
    this.#rooms.delete(room.event);
    this.#elsewhere.forget(room.event);
    this.#revenue.forget(room.event);
    room.dispose().catch(() => this.#parts.metrics.troubles.inc({ kind: 'unavailable' }));
  }
}

const seconds = (ms: number): number => Math.max(1, Math.round(ms / SECOND_MS));
