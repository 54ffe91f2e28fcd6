/**
 * Three servers with a room each, clients that move between them, and one store, all in virtual time and by one seed: holds and
 * releases, flushes, proofs, resumes and rebuilds meet in any order the delays allow. After every message each client's map is
 * compared with what the store held at the very version the client claims, so a wrong map is found at once, at any client.
 */
import { type Epoch, type EventId, type MapCode, randomToken, SeatMap, uuidv7 } from '@seatwire/protocol';
import type { Snapshot, Transition } from '@seatwire/store';
import { Registry } from 'prom-client';
import { vi } from 'vitest';
import { roomsOptions } from '../../testing/options.ts';
import type { Audience, RoomMessage } from '../audience.ts';
import { roomsMetrics } from '../metrics.ts';
import type { RoomStore } from '../replica.ts';
import { Room } from '../room.ts';
import { StoreClock } from '../store-clock.ts';

const PLACES = 12;
const SERVERS = 3;
const CLIENTS = 5;
const JOURNAL = 30;

/** Numbers from 0 to below `n`, the same for the same seed. */
export type Dice = (n: number) => number;

/** mulberry32. */
export function diceOf(seed: number): Dice {
  let state = seed >>> 0;
  return (n) => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = Math.imul(state ^ (state >>> 15), state | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) % n;
  };
}

const pause = (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms));
const positionOf = (epoch: string, version: number) => `${epoch}@${version}`;

/** What the store held at each version of each epoch. */
class Truth {
  readonly event = uuidv7() as EventId;
  epoch = randomToken() as Epoch;
  version = 0;
  codes = new Uint8Array(PLACES);
  journal: Transition[] = [];
  readonly heldAt = new Map<string, Uint8Array>();
  readonly feeds = new Set<(transition: Transition) => void>();

  constructor() {
    this.#remember();
  }

  change(places: readonly number[], code: MapCode): void {
    for (const place of places) this.codes[place] = code;
    this.version += 1;
    this.#tell({ kind: code === 0 ? 'release' : 'hold', code, places });
  }

  rebuild(): void {
    this.epoch = randomToken() as Epoch;
    this.version = 1;
    this.codes = new Uint8Array(PLACES);
    this.journal = [];
    this.#tell({ kind: 'rebuild', code: 0, places: [] });
  }

  #tell(what: Pick<Transition, 'kind' | 'code' | 'places'>): void {
    const transition: Transition = { epoch: this.epoch, version: this.version, holds: [], ...what };
    this.journal = [...this.journal, transition].slice(-JOURNAL);
    this.#remember();
    for (const feed of this.feeds) feed(transition);
  }

  #remember(): void {
    this.heldAt.set(positionOf(this.epoch, this.version), this.codes.slice());
  }
}

/** The store as one server reaches it: every answer and every transition takes its time; the feed keeps order, or loses the thread. */
function storeOf(truth: Truth, dice: Dice): RoomStore & { loseTheThread(): void } {
  let listener: (transition: Transition) => void = () => undefined;
  let line: Transition[] = [];
  let lost = false;
  const deliver = async (): Promise<void> => {
    while (line.length > 0) {
      await pause(dice(25));
      const next = line.shift();
      if (next) listener(next);
    }
  };
  return {
    loseTheThread() {
      lost = true;
    },
    async subscribe(_, hear) {
      listener = hear;
      truth.feeds.add((transition) => {
        const idle = line.length === 0;
        if (lost) {
          lost = false;
          const { epoch, version } = transition;
          line = [{ epoch, version, kind: 'rebuild', code: 0, places: [], holds: [] }];
        } else line.push(transition);
        if (idle) void deliver();
      });
      return async () => undefined;
    },
    async snapshot(event): Promise<Snapshot> {
      await pause(dice(15));
      const { epoch, version } = truth;
      const codes = truth.codes.slice();
      await pause(dice(60));
      return { event, epoch, version, places: PLACES, codes, at: Date.now() };
    },
    async since(_, epoch, version) {
      await pause(dice(20));
      const missed = truth.version - version;
      const known = epoch === truth.epoch && missed >= 0 && missed <= truth.journal.length;
      const answer = known ? truth.journal.slice(truth.journal.length - missed) : null;
      await pause(dice(20));
      return answer;
    },
  };
}

/** One client's map, as protocol's client keeps it, checked against the truth whenever it moves. */
class Client {
  readonly #truth: Truth;
  readonly #dice: Dice;
  readonly #wrong: (what: string) => void;
  #room: Room | null = null;
  #line: RoomMessage[] | ReturnType<Room['answer']>[] = [];
  #visit = 0;
  #map: SeatMap | null = null;
  #epoch: Epoch | null = null;
  #version = 0;
  /** Behind, or without a map: asks again. */
  stale = true;

  constructor(truth: Truth, dice: Dice, wrong: (what: string) => void) {
    this.#truth = truth;
    this.#dice = dice;
    this.#wrong = wrong;
  }

  get at(): string {
    return positionOf(this.#epoch ?? '', this.#version);
  }
  get room(): Room | null {
    return this.#room;
  }

  /** Leaves its server and the messages on the way, and asks this one for what it missed. */
  join(room: Room): void {
    this.#room = null;
    this.#line = [];
    this.#visit += 1;
    this.stale = false;
    void this.#listen(this.#visit);
    // Answered first, then in the room: as a session does it.
    this.hear(room.answer(this.#map ? this.#epoch : null, this.#map ? this.#version : null));
    this.#room = room;
  }

  hear(message: RoomMessage | ReturnType<Room['answer']>): void {
    (this.#line as unknown[]).push(message);
  }

  async #listen(visit: number): Promise<void> {
    while (this.#visit === visit) {
      await pause(1 + this.#dice(15));
      const message = this.#visit === visit ? this.#line.shift() : undefined;
      if (message) this.#take(message);
    }
  }

  leave(): void {
    this.#visit += 1;
    this.#room = null;
  }

  #take(message: RoomMessage | ReturnType<Room['answer']>): void {
    if (message.type === 'snapshot') {
      this.#map = SeatMap.unpack(message.places, message.map);
      this.#epoch = message.epoch;
      this.#version = message.version;
      this.stale = false;
    } else if (message.type === 'resumed') {
      if (message.epoch !== this.#epoch || message.from !== this.#version) this.stale = true;
      else this.#apply(message.changes, message.to);
    } else if (message.type === 'diff') {
      if (message.to <= this.#version) return;
      if (message.to - message.span > this.#version) this.stale = true;
      else this.#apply(message.changes, message.to);
    } else if (message.type === 'beacon' && message.version >= this.#version) {
      if (message.version > this.#version) this.stale = true;
      else if (message.checksum !== this.#map?.checksum) {
        this.#wrong(`a beacon disagrees with a client at version ${this.#version}`);
        this.#map = null;
        this.stale = true;
      }
    }
    this.#check();
  }

  #apply(changes: Uint8Array, to: number): void {
    this.#map?.apply(changes);
    this.#version = to;
  }

  #check(): void {
    const held = this.#truth.heldAt.get(this.at);
    if (!this.#map || !held) return;
    for (let place = 0; place < PLACES; place++) {
      if (this.#map.get(place) === held[place]) continue;
      this.#wrong(
        `place ${place} is ${held[place]} at version ${this.#version}, a client shows ${this.#map.get(place)}`,
      );
      return;
    }
  }
}

class Crowd implements Audience {
  readonly #clients: readonly Client[];
  readonly #room: () => Room;

  constructor(clients: readonly Client[], room: () => Room) {
    this.#clients = clients;
    this.#room = room;
  }
  get size(): number {
    return this.#clients.length;
  }
  publish(message: RoomMessage): void {
    for (const client of this.#clients) if (client.room === this.#room()) client.hear(message);
  }
}

export interface Outcome {
  /** What was seen wrong, in the order it was seen. */
  readonly wrong: readonly string[];
  /** Clients that do not show the store's last map at the end. */
  readonly late: number;
  readonly mismatches: number;
}

/** Needs fake timers. `steps`: how many things happen, about 8 ms apart. */
export async function simulate(seed: number, steps = 120): Promise<Outcome> {
  const dice = diceOf(seed);
  const truth = new Truth();
  const wrong: string[] = [];
  const clients = Array.from({ length: CLIENTS }, () => new Client(truth, dice, (what) => wrong.push(what)));
  const metrics = roomsMetrics(new Registry());
  let mismatches = 0;
  vi.spyOn(metrics.troubles, 'inc').mockImplementation((labels) => {
    if ((labels as unknown as { kind: string }).kind === 'mismatch') mismatches += 1;
  });
  const stores = Array.from({ length: SERVERS }, () => storeOf(truth, dice));
  const opening = Promise.all(
    stores.map((store) =>
      Room.open(truth.event, 1, {
        store,
        clock: new StoreClock(),
        options: roomsOptions(),
        metrics,
        holds: () => undefined,
        missing: () => undefined,
      }),
    ),
  );
  await vi.advanceTimersByTimeAsync(500);
  const rooms = (await opening).map((room) => room!);
  for (const room of rooms) room.attach(new Crowd(clients, () => room));

  const any = <T>(from: readonly T[]): T => from[dice(from.length)]!;
  const some = () => Array.from(new Set([dice(PLACES), dice(PLACES)]));
  const happen: readonly (() => void)[] = [
    () => truth.change(some(), 1),
    () => truth.change(some(), 0),
    // A hold and its end within one tick: it leaves no trace in any diff.
    () => {
      const places = some();
      truth.change(places, 1);
      setTimeout(() => truth.change(places, 0), dice(12));
    },
    () => truth.change(some(), 2),
    () => void any(rooms).replica.prove(),
    () => any(clients).join(any(rooms)),
    () => any(clients).leave(),
    () => any(rooms).beacon(),
    () => dice(6) === 0 && any(stores).loseTheThread(),
    () => dice(20) === 0 && truth.rebuild(),
  ];
  const rejoin = () => {
    for (const client of clients) if (client.stale && client.room) client.join(client.room);
  };
  for (let step = 0; step < steps; step++) {
    any(happen)();
    rejoin();
    await vi.advanceTimersByTimeAsync(dice(16));
  }
  // Nothing more happens but what heals: the next transition, proofs, beacons.
  truth.change([0], 3);
  for (const client of clients) if (!client.room) client.join(any(rooms));
  for (let second = 0; second < 8; second++) {
    await vi.advanceTimersByTimeAsync(1_000);
    for (const room of rooms) {
      room.beacon();
      void room.replica.prove();
    }
    rejoin();
  }
  await vi.advanceTimersByTimeAsync(1_000);
  const last = positionOf(truth.epoch, truth.version);
  const late = clients.filter(({ at }) => at !== last).length;
  for (const client of clients) client.leave();
  await Promise.all(rooms.map((room) => room.dispose()));
  return { wrong, late, mismatches };
}
