/**
 * The seat store that runs: each transition is one Lua script in one round trip, pipelined with the others of its tick.
 * This file only writes commands as arguments and reads replies as answers; scripts/*.lua decide what is right.
 */
import type { Epoch, EventId, HoldId, UserId } from '@seatwire/protocol';
import type { EventRules } from '../words/event-rules.ts';
import type { SeatPlan } from '../words/seat-plan.ts';
import { badHold, badIds, badPlaces, badRef, digest } from './command-shape.ts';
import { openRedis, type RedisClient } from './connections.ts';
import { Deadline } from './deadline.ts';
import { Feed, type Position } from './feed.ts';
import { type GroupBounds, HoldGroups } from './hold-groups.ts';
import { holdWords, weightOfHold, wordsOfMany } from './hold-words.ts';
import { DEFAULT_PARTITIONS, dueKey, type EventKeys, eventKeys, partitionOf } from './keys.ts';
import { RedisOutbox } from './outbox.redis.ts';
import { stageRebuild, takeAnswers } from './rebuild.ts';
import { answerOf, readHold, readMap, readNumbers, readResult, readTransition } from './reply.ts';
import { packRules } from './rules.ts';
import { type ScriptArgument, ScriptCalls } from './script-calls.ts';
import { scriptValues } from './script-values.ts';
import { type ScriptName, scriptLibrary } from './scripts.ts';
import type {
  CheckoutCommand,
  ConfirmCommand,
  Hold,
  HoldCommand,
  HoldRef,
  Result,
  SeatStore,
  Snapshot,
} from './seat-store.ts';
import type { Transition } from './transition.ts';

export interface SeatStoreOptions {
  readonly url: string;
  /** A connection of role `commands`, which its owner closes; one of its own if left out. */
  readonly commands?: RedisClient;
  /** Hash tags the events spread over; 16 if left out. All processes must agree. */
  readonly partitions?: number;
  /** Deadline of every call, ms; 2,000 if left out. */
  readonly commandTimeoutMs?: number;
  readonly connectTimeoutMs?: number;
  /** Transitions an event's journal keeps, about; 20,000 if left out. */
  readonly journalLength?: number;
  /** How long an answer is kept under its op id, ms; 10 minutes if left out. */
  readonly opMs?: number;
  /** Commands that may wait for Redis at once; 20,000 if left out. */
  readonly maxWaiting?: number;
  /** How holds of one event that meet go together; GROUP_BOUNDS if left out. */
  readonly groups?: GroupBounds;
  /** How often a subscription is compared with the event's version, ms; 1,000 if left out. */
  readonly pulseMs?: number;
  /** Other text for includes of the scripts, for tests: see `scriptLibrary`. */
  readonly scriptIncludes?: Readonly<Record<string, string>>;
}

export interface RedisSeatStore extends SeatStore {
  /** The connection for commands, for tests that look at what is stored. */
  readonly redis: RedisClient;
}

/** Throws Unavailable when Redis does not answer. */
export async function openSeatStore(options: SeatStoreOptions): Promise<RedisSeatStore> {
  const commands = options.commands ?? (await openRedis(options.url, 'commands', options));
  try {
    const pubsub = await openRedis(options.url, 'pubsub', options);
    const scripts = scriptsOf(commands, options);
    // What fails now is tried again by the first call.
    await scripts.load().catch(() => {});
    return new SeatStoreOnRedis(commands, pubsub, scripts, options);
  } catch (error) {
    if (!options.commands) commands.disconnect();
    throw error;
  }
}

function scriptsOf(commands: RedisClient, options: SeatStoreOptions): ScriptCalls {
  const { journalLength = 20_000, opMs = 600_000 } = options;
  const includes = { ...scriptValues({ journalLength, opMs }), ...options.scriptIncludes };
  return new ScriptCalls(commands, scriptLibrary(includes));
}

const OVERLOADED = { ok: false, code: 'overloaded' } as const;

// Bounded, because events come and go; the strings of one cost 1 KB and 2 us.
const MOST_CACHED_KEYS = 10_000;

// Of 200 fields each: a run of the sweep looks at 20,000 of an event's, in steps of 0.5 ms.
const MOST_SLICES = 100;

class SeatStoreOnRedis implements RedisSeatStore {
  readonly redis: RedisClient;
  readonly partitions: number;
  readonly outbox: RedisOutbox;
  readonly #options: SeatStoreOptions;
  readonly #deadline: Deadline;
  readonly #scripts: ScriptCalls;
  readonly #feed: Feed;
  readonly #holds: HoldGroups<HoldCommand, string>;
  readonly #keys = new Map<EventId, EventKeys>();
  #blocking: Promise<RedisClient> | undefined;

  constructor(commands: RedisClient, pubsub: RedisClient, scripts: ScriptCalls, options: SeatStoreOptions) {
    this.redis = commands;
    this.partitions = options.partitions ?? DEFAULT_PARTITIONS;
    this.#options = options;
    this.#deadline = new Deadline(options.commandTimeoutMs ?? 2_000, options.maxWaiting ?? 20_000);
    this.#scripts = scripts;
    this.#holds = new HoldGroups({
      send: (event, commands) => this.#sendHolds(event, commands),
      weightOf: weightOfHold,
      ...(options.groups ? { bounds: options.groups } : {}),
    });
    this.outbox = new RedisOutbox(commands, () => this.#openBlocking(), this.#deadline);
    const source = {
      channelOf: (event: EventId) => this.#keysOf(event).feed,
      positionOf: (event: EventId) => this.#positionOf(event),
      since: (event: EventId, epoch: Epoch, version: number) => this.since(event, epoch, version),
    };
    this.#feed = new Feed(pubsub, source, this.#deadline, options.pulseMs ?? 1_000);
  }

  async hold(command: HoldCommand): Promise<Result<Hold>> {
    // First, since a refusal must cost next to nothing when there are many.
    if (this.#holds.isFull(command.event)) return OVERLOADED;
    const bad = badHold(command);
    if (bad !== null) return bad;
    const reply = await this.#deadline.within(() => this.#holds.ask(command.event, command));
    if (reply === 'overloaded') return OVERLOADED;
    return readResult(answerOf(reply), readHold);
  }

  async extend(command: HoldRef): Promise<Result<{ readonly expiresAt: number }>> {
    const bad = badRef(command);
    if (bad !== null) return bad;
    const reply = await this.#own('extend', command, digest('extend', command.hold));
    return readResult(reply, ([expiresAt]) => ({ expiresAt: Number(expiresAt) }));
  }

  async release(command: HoldRef): Promise<Result<{ readonly places: readonly number[] }>> {
    const bad = badRef(command);
    if (bad !== null) return bad;
    const reply = await this.#own('release', command, digest('release', command.hold));
    return readResult(reply, ([places]) => ({ places: readNumbers(places!) }));
  }

  async checkout(command: CheckoutCommand) {
    const bad = badRef(command, command.order);
    if (bad !== null) return bad;
    const reply = await this.#own('checkout', command, digest('checkout', command.hold), [command.order]);
    return readResult(reply, (words) => {
      const hold = readHold(words);
      return { ...hold, order: hold.order! };
    });
  }

  async revert(command: HoldRef): Promise<Result<{ readonly expiresAt: number }>> {
    const bad = badRef(command);
    if (bad !== null) return bad;
    const reply = await this.#own('revert', command, digest('revert', command.hold));
    return readResult(reply, ([expiresAt]) => ({ expiresAt: Number(expiresAt) }));
  }

  async confirm(command: ConfirmCommand) {
    const bad = badRef(command, command.order);
    if (bad !== null) return bad;
    const asked = digest('confirm', command.hold, command.order, command.payment);
    const reply = await this.#own('confirm', command, asked, [command.order, command.payment]);
    return readResult(reply, ([order, places]) => ({
      order: order as typeof command.order,
      places: readNumbers(places!),
    }));
  }

  async cancel(command: { event: EventId; fence: number; places: readonly number[]; buyer: UserId }) {
    const bad = badIds(command.event, command.buyer) ?? badPlaces(command.places);
    if (bad !== null) return bad;
    const keys = this.#keysOf(command.event);
    const args = [command.buyer, command.fence, ascending(command.places)];
    const reply = await this.#call('cancel', [...transitionKeys(keys), keys.sold, ...args]);
    return readResult(reply as string, readPlaces);
  }

  block(command: { event: EventId; places: readonly number[] }) {
    return this.#block('block', command.event, command.places);
  }

  unblock(command: { event: EventId; places: readonly number[] }) {
    return this.#block('unblock', command.event, command.places);
  }

  async expireDue(partition: number, limit: number): Promise<number> {
    const page = 100;
    let ended = 0;
    for (;;) {
      const due = (await this.#call('due', [dueKey(partition), page])) as EventId[];
      for (const event of due) {
        const most = Math.min(limit - ended, 500);
        ended += await this.#expire(event, most);
        if (ended >= limit) return ended;
      }
      if (ended > 0 || due.length < page) return ended;
    }
  }

  async snapshot(event: EventId): Promise<Snapshot | null> {
    const keys = this.#keysOf(event);
    const reply = (await this.#call('snapshot', [keys.state, keys.map], 'Buffer')) as
      | [Buffer, Buffer, number, Buffer]
      | null;
    if (reply === null) return null;
    const [epoch, version, at, letters] = reply;
    return {
      event,
      epoch: epoch.toString() as Epoch,
      version: Number(version.toString()),
      places: letters.length,
      codes: readMap(letters),
      at,
    };
  }

  async since(event: EventId, epoch: Epoch, version: number): Promise<readonly Transition[] | null> {
    const keys = this.#keysOf(event);
    const words = (await this.#call('since', [keys.state, keys.journal, epoch, version])) as string[] | null;
    return words?.map(readTransition) ?? null;
  }

  async holdsOf(event: EventId, buyer: UserId): Promise<readonly Hold[]> {
    const live = (await this.#call('holds', [this.#keysOf(event).state, 'buyer', buyer])) as string[];
    return live.map((words) => readHold(words.split(' ')));
  }

  async findHold(event: EventId, hold: HoldId): Promise<Hold | null> {
    const [words] = (await this.#call('holds', [this.#keysOf(event).state, 'hold', hold])) as string[];
    return words === undefined ? null : readHold(words.split(' '));
  }

  async soldFence(event: EventId, place: number): Promise<number | null> {
    const ask = () => this.redis.hget(this.#keysOf(event).sold, String(place));
    const fence = await this.#deadline.within(ask);
    return fence === null ? null : Number(fence);
  }

  async soldFences(event: EventId): Promise<ReadonlyMap<number, number>> {
    const fences = new Map<number, number>();
    let cursor = '0';
    do {
      const [next, flat] = await this.#deadline.within(() =>
        this.redis.hscan(this.#keysOf(event).sold, cursor, 'COUNT', 1_000),
      );
      for (let i = 0; i < flat.length; i += 2) fences.set(Number(flat[i]), Number(flat[i + 1]));
      cursor = next;
    } while (cursor !== '0');
    return fences;
  }

  async freeze(event: EventId): Promise<Epoch | null> {
    return (await this.#call('freeze', [this.#keysOf(event).state, ''])) as Epoch | null;
  }

  async rebuild(event: EventId, plan: SeatPlan, epoch: Epoch, replaces: Epoch | null): Promise<boolean> {
    const keys = this.#keysOf(event);
    // From here on nothing is answered under the old epoch, so what is taken over is all there is.
    if (replaces !== null && (await this.#call('freeze', [keys.state, replaces])) === null) return false;
    // What was staged is gone only if the staging took longer than its keys live: once more, then it is a defect.
    for (let attempt = 0; attempt < 2; attempt++) {
      const staged = await stageRebuild(this.redis, this.#deadline, keys, plan, epoch);
      const answers = replaces !== null && (await takeAnswers(this.redis, this.#deadline, keys, staged[0]));
      const args = [replaces ?? '', plan.fence, plan.sold.length > 0 ? 1 : 0, answers ? 1 : 0];
      const done = await this.#call('rebuild', [...transitionKeys(keys), keys.sold, ...staged, ...args]);
      if (done !== -1) return done === 1;
    }
    throw new Error(`The staged state of event ${event} vanished twice before it could be used.`);
  }

  async setRules(event: EventId, rules: EventRules): Promise<boolean> {
    return (await this.#call('rules', [this.#keysOf(event).state, packRules(rules)])) === 1;
  }

  subscribe(event: EventId, listener: (transition: Transition) => void) {
    return this.#feed.subscribe(event, listener);
  }

  partitionOf(event: EventId): number {
    return partitionOf(event, this.partitions);
  }

  async close(): Promise<void> {
    this.#feed.close();
    if (!this.#options.commands) this.redis.disconnect();
    const blocking = await this.#blocking?.catch(() => undefined);
    blocking?.disconnect();
  }

  /** The sweep of one event: its holds, and old answers for a bounded while. */
  async #expire(event: EventId, most: number): Promise<number> {
    const keys = transitionKeys(this.#keysOf(event));
    let ended = 0;
    for (let slice = 0; slice < MOST_SLICES; slice++) {
      const [some, more] = (await this.#call('expire', [...keys, most - ended])) as [number, number];
      ended += some;
      if (more === 0 || ended >= most) break;
    }
    return ended;
  }

  async #block(kind: 'block' | 'unblock', event: EventId, places: readonly number[]) {
    const bad = badIds(event) ?? badPlaces(places);
    if (bad !== null) return bad;
    const args = [kind, ascending(places)];
    const reply = await this.#call('block', [...transitionKeys(this.#keysOf(event)), ...args]);
    return readResult(reply as string, readPlaces);
  }

  /** One alone goes by its own script: it costs less so. */
  async #sendHolds(event: EventId, commands: readonly HoldCommand[]): Promise<readonly string[]> {
    const keys = transitionKeys(this.#keysOf(event));
    const one = commands.length === 1 ? commands[0]! : null;
    if (one === null)
      return (await this.#scripts.call('hold-many', [...keys, ...wordsOfMany(commands)])) as string[];
    const script = one.want.kind === 'places' ? 'hold' : 'hold-best';
    return [(await this.#scripts.call(script, [...keys, ...holdWords(one)])) as string];
  }

  /** A command of a buyer on a hold of theirs, under an op id. */
  async #own(
    name: 'extend' | 'release' | 'checkout' | 'revert' | 'confirm',
    command: HoldRef,
    asked: string,
    more: readonly ScriptArgument[] = [],
  ): Promise<string> {
    const keys = this.#keysOf(command.event);
    const all = transitionKeys(keys);
    if (name === 'confirm') all.push(keys.sold);
    const args = [asked, command.buyer, command.hold, `${command.buyer}:${command.op}`, ...more];
    return answerOf((await this.#call(name, [...all, ...args])) as string);
  }

  #call(name: ScriptName, args: readonly ScriptArgument[], form: '' | 'Buffer' = ''): Promise<unknown> {
    return this.#deadline.within(() => this.#scripts.call(name, args, form));
  }

  async #positionOf(event: EventId): Promise<Position | null> {
    const [epoch, version] = await this.#deadline.within(() =>
      this.redis.hmget(this.#keysOf(event).state, 'epoch', 'version'),
    );
    return epoch ? { epoch: epoch as Epoch, version: Number(version) } : null;
  }

  #keysOf(event: EventId): EventKeys {
    let keys = this.#keys.get(event);
    if (keys === undefined) {
      if (this.#keys.size >= MOST_CACHED_KEYS) this.#keys.clear();
      keys = eventKeys(event, this.partitions);
      this.#keys.set(event, keys);
    }
    return keys;
  }

  #openBlocking(): Promise<RedisClient> {
    this.#blocking ??= openRedis(this.#options.url, 'blocking', this.#options);
    this.#blocking.catch(() => {
      this.#blocking = undefined;
    });
    return this.#blocking;
  }
}

const transitionKeys = (keys: EventKeys) => [
  keys.state,
  keys.map,
  keys.expiry,
  keys.journal,
  keys.due,
  keys.outbox,
];

const ascending = (places: readonly number[]) => places.toSorted((a, b) => a - b).join();

const readPlaces = ([places]: readonly string[]) => ({ places: readNumbers(places!) });
