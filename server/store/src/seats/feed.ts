/**
 * Live transitions of the events that have listeners: one sharded channel an event, so a cluster's nodes carry only their own.
 *
 * Pub/sub does not keep a message for a listener that is away, so the feed remembers its position in each event. A message that does
 * not follow that position, or a version beyond it at a pulse (`pulseMs`), means a lost message: it is read from the journal and
 * delivered late but in order. If the journal is too short, or the store's version is behind what was heard already (it came
 * back older), listeners get an empty `rebuild`: take a snapshot. Nothing is delivered twice, and within an epoch nothing is left
 * out. This is the one place that keeps that rule; listeners rely on it.
 */
import type { Epoch, EventId } from '@seatwire/protocol';
import { asUnavailable } from '../redis/unavailable.ts';
import { Unavailable } from '../unavailable.ts';
import type { RedisClient } from './connections.ts';
import type { Deadline } from './deadline.ts';
import { eventOfFeed } from './keys.ts';
import { readTransitions } from './reply.ts';
import type { Unsubscribe } from './seat-store.ts';
import type { Transition } from './transition.ts';

type Listener = (transition: Transition) => void;

export interface Position {
  readonly epoch: Epoch;
  readonly version: number;
}

/** What the feed must be able to ask of the store. */
export interface FeedSource {
  channelOf(event: EventId): string;
  positionOf(event: EventId): Promise<Position | null>;
  since(event: EventId, epoch: Epoch, version: number): Promise<readonly Transition[] | null>;
}

interface Subscription {
  readonly event: EventId;
  readonly listeners: Set<Listener>;
  readonly live: Promise<void>;
  /** From here on nothing may be missed. */
  isLive: boolean;
  position: Position | null;
  /** The journal is being read for it. */
  behind: boolean;
  /** Something was heard and dropped meanwhile: the journal has it. */
  again: boolean;
}

export class Feed {
  readonly #client: RedisClient;
  readonly #source: FeedSource;
  readonly #deadline: Deadline;
  readonly #subscriptions = new Map<EventId, Subscription>();
  readonly #pulse: NodeJS.Timeout;
  #checking = false;

  constructor(client: RedisClient, source: FeedSource, deadline: Deadline, pulseMs: number) {
    this.#client = client;
    this.#source = source;
    this.#deadline = deadline;
    client.on('smessage', (channel: string, words: string) => {
      const subscription = this.#subscriptions.get(eventOfFeed(channel));
      if (subscription === undefined) return;
      for (const transition of readTransitions(words)) this.#heard(subscription, transition);
    });
    this.#pulse = setInterval(() => void this.#check(), pulseMs);
    this.#pulse.unref();
  }

  async subscribe(event: EventId, listener: Listener): Promise<Unsubscribe> {
    const subscription = this.#subscriptions.get(event) ?? this.#open(event);
    // A wrapper of its own, so that the same function may listen twice.
    const own: Listener = (transition) => listener(transition);
    subscription.listeners.add(own);
    const leave = async () => {
      if (!subscription.listeners.delete(own) || subscription.listeners.size > 0) return;
      if (this.#subscriptions.get(event) !== subscription) return;
      this.#subscriptions.delete(event);
      await this.#client.sunsubscribe(this.#source.channelOf(event)).catch(() => {});
    };
    try {
      await subscription.live;
    } catch (error) {
      await leave();
      throw asUnavailable(error);
    }
    return leave;
  }

  close(): void {
    clearInterval(this.#pulse);
    this.#subscriptions.clear();
    this.#client.disconnect();
  }

  #open(event: EventId): Subscription {
    const live = async () => {
      await this.#deadline.within(() => this.#client.ssubscribe(this.#source.channelOf(event)));
      const position = await this.#source.positionOf(event);
      // What was heard meanwhile is further.
      subscription.position ??= position;
      subscription.isLive = true;
    };
    const subscription: Subscription = {
      event,
      listeners: new Set(),
      live: Promise.resolve().then(live),
      isLive: false,
      position: null,
      behind: false,
      again: false,
    };
    this.#subscriptions.set(event, subscription);
    return subscription;
  }

  async #check(): Promise<void> {
    if (this.#checking) return;
    this.#checking = true;
    const live = [...this.#subscriptions.values()].filter(({ isLive }) => isLive);
    await Promise.all(live.map((subscription) => this.#catchUp(subscription)));
    this.#checking = false;
  }

  #heard(subscription: Subscription, transition: Transition): void {
    if (follows(subscription.position, transition)) deliver(subscription, transition);
    else void this.#catchUp(subscription);
  }

  /** Never rejects: a store that does not answer now is asked again at the next pulse. */
  async #catchUp(subscription: Subscription): Promise<void> {
    if (subscription.behind) {
      subscription.again = true;
      return;
    }
    subscription.behind = true;
    try {
      do {
        subscription.again = false;
        await this.#readMissed(subscription);
      } while (subscription.again);
    } catch (error) {
      if (!(error instanceof Unavailable)) throw error;
    } finally {
      subscription.behind = false;
    }
  }

  async #readMissed(subscription: Subscription): Promise<void> {
    const { event, position } = subscription;
    const now = await this.#source.positionOf(event);
    if (now === null) return;
    const sameEpoch = position?.epoch === now.epoch;
    if (sameEpoch && now.version === position.version) return;
    // Heard before the question was asked, so it was true then: a store that is behind it lost its tail.
    const wentBack = sameEpoch && now.version < position.version;
    const missed =
      position && !wentBack ? await this.#source.since(event, position.epoch, position.version) : null;
    if (subscription.position?.epoch !== position?.epoch) {
      // Another epoch was heard meanwhile: these answers may be of the one before.
      subscription.again = true;
      return;
    }
    if (wentBack) restart(subscription, now);
    else if (missed) for (const transition of missed) deliver(subscription, transition);
    else if (!isReached(subscription.position, now)) restart(subscription, now);
  }
}

function follows(position: Position | null, transition: Transition): boolean {
  if (position === null) return true;
  if (position.epoch !== transition.epoch) return transition.kind === 'rebuild';
  return transition.version <= position.version + 1;
}

const isReached = (position: Position | null, { epoch, version }: Position): boolean =>
  position?.epoch === epoch && position.version >= version;

function deliver(subscription: Subscription, transition: Transition): void {
  const at = { epoch: transition.epoch as Epoch, version: transition.version };
  const known = isReached(subscription.position, at);
  // A rebuild that a look at the position met first: only its own words say which holds it ended.
  if (known && (transition.kind !== 'rebuild' || transition.holds.length === 0)) return;
  if (!known) subscription.position = at;
  tell(subscription, transition);
}

/** The thread is lost: listeners take a snapshot, and what comes next is told from `now` on. */
function restart(subscription: Subscription, now: Position): void {
  subscription.position = now;
  tell(subscription, { ...now, kind: 'rebuild', code: 0, places: [], holds: [] });
}

function tell(subscription: Subscription, transition: Transition): void {
  for (const listener of subscription.listeners) {
    try {
      listener(transition);
    } catch (error) {
      // A listener's defect is its own: the others and the connection's parser go on.
      queueMicrotask(() => {
        throw error;
      });
    }
  }
}
