/**
 * The model: what the seat store means, said as plainly as possible. The Lua scripts must answer every command as this does.
 * One process, no I/O; the clock is injected. Good for tests of code that uses the store, and for nothing durable.
 */

import {
  type Epoch,
  type EventId,
  type HoldId,
  LIFECYCLE,
  MAP_CODE,
  refused as no,
  type OrderId,
  type Refusal,
  type SeatEvent,
  type UserId,
} from '@seatwire/protocol';
import type { EventRules } from '../words/event-rules.ts';
import type { SeatPlan } from '../words/seat-plan.ts';
import { findBest, orphansOf } from './best-places.ts';
import { badHold, badIds, badPlaces, badRef, digest, holdDigest } from './command-shape.ts';
import { countPlaces, type EventState, eventOf, move } from './event.memory.ts';
import { DEFAULT_PARTITIONS, partitionOf } from './keys.ts';
import { AFTER_DECLINE_MS, ENDED_ON_THE_WAY } from './limits.ts';
import { MemoryOutbox } from './outbox.memory.ts';
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

export interface MemorySeatStoreOptions {
  /** Epoch microseconds; the machine's clock if left out. */
  readonly nowUs?: () => number;
  readonly partitions?: number;
}

type Listener = (transition: Transition) => void;
type Own = Result<object>;

const endsFirst = (a: Hold, b: Hold) => a.expiresAt - b.expiresAt || (a.hold < b.hold ? -1 : 1);

const holdOf = ({ hold, buyer }: Hold) => ({ hold, buyer });

const ascending = (places: readonly number[]) => places.toSorted((a, b) => a - b);

export function memorySeatStore(options: MemorySeatStoreOptions = {}): SeatStore {
  return new SeatStoreInMemory(options);
}

class SeatStoreInMemory implements SeatStore {
  readonly partitions: number;
  readonly outbox: MemoryOutbox;
  readonly #nowUs: () => number;
  readonly #events = new Map<EventId, EventState>();
  readonly #answers = new Map<string, { readonly digest: string; readonly answer: Own }>();
  readonly #listeners = new Map<EventId, Set<Listener>>();

  constructor(options: MemorySeatStoreOptions) {
    this.partitions = options.partitions ?? DEFAULT_PARTITIONS;
    this.#nowUs = options.nowUs ?? (() => Math.floor((performance.timeOrigin + performance.now()) * 1000));
    this.outbox = new MemoryOutbox(() => this.#now());
  }

  async hold(command: HoldCommand): Promise<Result<Hold>> {
    return (
      badHold(command) ??
      this.#once(command, holdDigest(command.want), (event) => {
        if (event.holds.has(command.hold)) return no('op_conflict');
        const { rules } = event;
        const { want } = command;
        const count = want.kind === 'places' ? want.places.length : want.count;
        if (this.#now() < rules.saleOpensAt) return no('sale_not_open');
        if (this.#now() >= rules.saleClosesAt) return no('sale_closed');
        if (command.priceRevision !== rules.priceRevision) return no('price_changed');
        if (count > rules.maxPerHold) return no('too_many_places');
        if (want.kind === 'places') {
          const unknown = want.places.filter((place) => place >= event.seats.length);
          if (unknown.length > 0) return no('unknown_place', ascending(unknown));
        }
        const choose = () => this.#choose(event, command, count);
        let chosen = choose();
        if (
          'code' in chosen &&
          chosen.code !== 'place_blocked' &&
          this.#endDue(command.event, ENDED_ON_THE_WAY) > 0
        )
          chosen = choose();
        return 'code' in chosen ? chosen : this.#grant(event, command, chosen);
      })
    );
  }

  async extend(command: HoldRef): Promise<Result<{ readonly expiresAt: number }>> {
    return this.#own(command, digest('extend', command.hold), 'extend', (event, hold) => {
      const latest = hold.heldAt + event.rules.maxHoldMs;
      if (hold.expiresAt >= latest) return no('extension_limit');
      const expiresAt = Math.max(hold.expiresAt, Math.min(this.#now() + event.rules.holdMs, latest));
      event.holds.set(hold.hold, { ...hold, expiresAt });
      return { ok: true, version: event.version, expiresAt };
    });
  }

  async release(command: HoldRef): Promise<Result<{ readonly places: readonly number[] }>> {
    return this.#own(command, digest('release', command.hold), 'release', (event, hold) => {
      this.#end(command.event, event, hold, hold.places.length);
      const version = this.#move(command.event, event, 'release', hold.places, [holdOf(hold)]);
      return { ok: true, version, places: hold.places };
    });
  }

  async checkout(command: CheckoutCommand): Promise<Result<Hold & { readonly order: OrderId }>> {
    return this.#own(
      command,
      digest('checkout', command.hold),
      'checkout',
      (event, hold) => {
        const order = hold.order ?? command.order;
        const paying = {
          ...hold,
          state: 'paying',
          order,
          expiresAt: Math.max(hold.expiresAt, this.#now() + event.rules.payingMs),
        } as const;
        event.holds.set(hold.hold, paying);
        event.beforeCheckout.set(hold.hold, hold.expiresAt);
        for (const place of hold.places) event.seats[place] = 'paying';
        return { ok: true, version: event.version, ...paying };
      },
      command.order,
    );
  }

  async revert(command: HoldRef): Promise<Result<{ readonly expiresAt: number }>> {
    return this.#own(command, digest('revert', command.hold), 'revert', (event, hold) => {
      if (hold.state === 'held') return { ok: true, version: event.version, expiresAt: hold.expiresAt };
      const latest = hold.heldAt + event.rules.maxHoldMs + event.rules.payingMs;
      const before = event.beforeCheckout.get(hold.hold)!;
      const expiresAt = Math.max(before, Math.min(this.#now() + AFTER_DECLINE_MS, latest));
      event.holds.set(hold.hold, { ...hold, state: 'held', expiresAt });
      event.beforeCheckout.delete(hold.hold);
      for (const place of hold.places) event.seats[place] = 'held';
      return { ok: true, version: event.version, expiresAt };
    });
  }

  async confirm(
    command: ConfirmCommand,
  ): Promise<Result<{ readonly order: OrderId; readonly places: readonly number[] }>> {
    const asked = digest('confirm', command.hold, command.order, command.payment);
    return this.#own(
      command,
      asked,
      'confirm',
      (event, hold) => {
        const { order, payment } = command;
        if (hold.order !== order) return no('unknown_order');
        event.holds.delete(hold.hold);
        event.beforeCheckout.delete(hold.hold);
        for (const place of hold.places) event.sold.set(place, hold.fence);
        const { fence, buyer, places, prices, amount, currency } = hold;
        const bought = {
          event: command.event,
          order,
          hold: hold.hold,
          buyer,
          fence,
          places,
          prices,
          amount,
          currency,
        };
        this.outbox.add(this.partitionOf(command.event), {
          kind: 'purchase',
          ...bought,
          payment,
          acceptedAt: this.#now(),
        });
        const version = this.#move(command.event, event, 'confirm', places, [holdOf(hold)]);
        return { ok: true, version, order, places };
      },
      command.order,
    );
  }

  async cancel(command: { event: EventId; fence: number; places: readonly number[]; buyer: UserId }) {
    const bad = badIds(command.event, command.buyer) ?? badPlaces(command.places);
    if (bad !== null) return bad;
    const event = this.#live(command.event);
    if (event === null) return no('event_rebuilding');
    const places = ascending(command.places).filter((place) => event.sold.get(place) === command.fence);
    if (places.length === 0) return no('not_sold');
    for (const place of places) event.sold.delete(place);
    countPlaces(event, command.buyer, -places.length);
    return { ok: true, version: this.#move(command.event, event, 'cancel', places), places } as const;
  }

  async block(command: { event: EventId; places: readonly number[] }) {
    return this.#block('block', command.event, command.places);
  }

  async unblock(command: { event: EventId; places: readonly number[] }) {
    return this.#block('unblock', command.event, command.places);
  }

  async expireDue(partition: number, limit: number): Promise<number> {
    let ended = 0;
    for (const id of this.#events.keys()) {
      if (this.partitionOf(id) === partition && ended < limit) ended += this.#endDue(id, limit - ended);
    }
    return ended;
  }

  async snapshot(id: EventId): Promise<Snapshot | null> {
    const event = this.#events.get(id);
    if (event === undefined) return null;
    const codes = Uint8Array.from(event.seats, (state) => MAP_CODE[state]);
    const { epoch, version, seats } = event;
    return { event: id, epoch, version, places: seats.length, codes, at: this.#now() };
  }

  async since(id: EventId, epoch: Epoch, version: number): Promise<readonly Transition[] | null> {
    const event = this.#events.get(id);
    if (event?.epoch !== epoch || version > event.version) return null;
    return event.journal.slice(version);
  }

  async holdsOf(id: EventId, buyer: UserId): Promise<readonly Hold[]> {
    const holds = [...(this.#events.get(id)?.holds.values() ?? [])];
    return holds.filter((hold) => hold.buyer === buyer && hold.expiresAt > this.#now());
  }

  async findHold(id: EventId, hold: HoldId): Promise<Hold | null> {
    const found = this.#events.get(id)?.holds.get(hold);
    return found !== undefined && found.expiresAt > this.#now() ? found : null;
  }

  async soldFence(id: EventId, place: number): Promise<number | null> {
    return this.#events.get(id)?.sold.get(place) ?? null;
  }

  async soldFences(id: EventId): Promise<ReadonlyMap<number, number>> {
    return new Map(this.#events.get(id)?.sold);
  }

  async freeze(id: EventId): Promise<Epoch | null> {
    const event = this.#events.get(id);
    if (event === undefined) return null;
    event.frozen = true;
    return event.epoch;
  }

  async rebuild(id: EventId, plan: SeatPlan, epoch: Epoch, replaces: Epoch | null): Promise<boolean> {
    const old = this.#events.get(id);
    if ((old?.epoch ?? null) !== replaces) return false;
    const ended = [...(old?.holds.values() ?? [])].sort(endsFirst);
    for (const hold of ended) this.#lapse(id, hold);
    const event = eventOf(plan, epoch, old?.fence ?? 0);
    this.#events.set(id, event);
    this.#publish(id, { epoch, version: 0, kind: 'rebuild', code: 0, places: [], holds: ended.map(holdOf) });
    return true;
  }

  async setRules(id: EventId, rules: EventRules): Promise<boolean> {
    const event = this.#events.get(id);
    if (event !== undefined) event.rules = rules;
    return event !== undefined;
  }

  async subscribe(id: EventId, listener: Listener) {
    const own: Listener = (transition) => listener(transition);
    const listeners = this.#listeners.get(id) ?? new Set();
    this.#listeners.set(id, listeners.add(own));
    return async () => {
      listeners.delete(own);
    };
  }

  partitionOf(event: EventId): number {
    return partitionOf(event, this.partitions);
  }

  async close(): Promise<void> {
    this.#listeners.clear();
  }

  #now(): number {
    return Math.floor(this.#nowUs() / 1000);
  }

  #live(id: EventId): EventState | null {
    const event = this.#events.get(id);
    return event === undefined || event.frozen ? null : event;
  }

  /** I4. */
  #once<T>(
    command: { event: EventId; buyer: UserId; op: string },
    asked: string,
    act: (event: EventState) => Result<T>,
  ): Result<T> {
    const key = `${command.event} ${command.buyer} ${command.op}`;
    const before = this.#answers.get(key);
    if (before !== undefined)
      return before.digest === asked ? (before.answer as Result<T>) : no('op_conflict');
    const event = this.#live(command.event);
    if (event === null) return no('event_rebuilding');
    const answer = act(event);
    if (answer.ok) this.#answers.set(key, { digest: asked, answer: answer as Own });
    return answer;
  }

  /** A command on the caller's own live hold, where the lifecycle allows it. */
  #own<T>(
    command: HoldRef,
    asked: string,
    kind: SeatEvent,
    act: (event: EventState, hold: Hold) => Result<T>,
    order?: OrderId,
  ): Result<T> {
    return (
      badRef(command, order) ??
      this.#once(command, asked, (event) => {
        const hold = event.holds.get(command.hold);
        if (hold === undefined || hold.buyer !== command.buyer) return no('hold_not_found');
        if (hold.expiresAt <= this.#now()) return no('hold_expired');
        const step = LIFECYCLE[hold.state][kind];
        return 'to' in step ? act(event, hold) : step;
      })
    );
  }

  /** Which places, at what prices; or why not. */
  #choose(
    event: EventState,
    command: HoldCommand,
    count: number,
  ): Refusal | { places: readonly number[]; prices: readonly number[] } {
    const { rules } = event;
    if ((event.had.get(command.buyer) ?? 0) + count > rules.maxPerBuyer) return no('buyer_limit');
    const { want } = command;
    if (want.kind === 'best') return findBest(event, want, rules.noOrphans);
    const order = want.places.map((_, i) => i).sort((a, b) => want.places[a]! - want.places[b]!);
    const places = order.map((i) => want.places[i]!);
    const refused = (code: string) =>
      places.filter((place) => {
        const step = LIFECYCLE[event.seats[place]!].hold;
        return !('to' in step) && step.code === code;
      });
    const taken = refused('place_taken');
    if (taken.length > 0) return no('place_taken', taken);
    const blocked = refused('place_blocked');
    if (blocked.length > 0) return no('place_blocked', blocked);
    const orphans = rules.noOrphans ? orphansOf(event, places) : [];
    if (orphans.length > 0) return no('orphan_seat', orphans);
    return { places, prices: order.map((i) => want.prices[i]!) };
  }

  #grant(
    event: EventState,
    command: HoldCommand,
    chosen: { places: readonly number[]; prices: readonly number[] },
  ): Result<Hold> {
    const heldAt = this.#now();
    event.fence = Math.max(event.fence + 1, this.#nowUs());
    const hold: Hold = {
      hold: command.hold,
      state: 'held',
      fence: event.fence,
      heldAt,
      expiresAt: heldAt + event.rules.holdMs,
      buyer: command.buyer,
      order: null,
      currency: event.rules.currency,
      ...chosen,
      amount: chosen.prices.reduce((sum, price) => sum + price, 0),
    };
    event.holds.set(hold.hold, hold);
    countPlaces(event, command.buyer, chosen.places.length);
    return {
      ok: true,
      version: this.#move(command.event, event, 'hold', chosen.places, [holdOf(hold)]),
      ...hold,
    };
  }

  #block(
    kind: 'block' | 'unblock',
    id: EventId,
    places: readonly number[],
  ): Result<{ readonly places: readonly number[] }> {
    const bad = badIds(id) ?? badPlaces(places);
    if (bad !== null) return bad;
    const event = this.#live(id);
    if (event === null) return no('event_rebuilding');
    const wanted = ascending(places);
    const unknown = wanted.filter((place) => place >= event.seats.length);
    if (unknown.length > 0) return no('unknown_place', unknown);
    const taken = () => wanted.filter((place) => !('to' in LIFECYCLE[event.seats[place]!][kind]));
    if (taken().length > 0) this.#endDue(id, ENDED_ON_THE_WAY);
    if (taken().length > 0) return no('place_taken', taken());
    const from = kind === 'block' ? 'free' : 'blocked';
    const changed = wanted.filter((place) => event.seats[place] === from);
    if (changed.length === 0) return { ok: true, version: event.version, places: [] };
    return { ok: true, version: this.#move(id, event, kind, changed), places: changed };
  }

  /** One transition of some holds past their end, the first to end first. */
  #endDue(id: EventId, limit: number): number {
    const event = this.#live(id);
    if (event === null) return 0;
    const due = [...event.holds.values()]
      .filter((hold) => hold.expiresAt <= this.#now())
      .sort(endsFirst)
      .slice(0, limit);
    if (due.length === 0) return 0;
    for (const hold of due) this.#end(id, event, hold, hold.places.length);
    this.#move(id, event, 'expire', ascending(due.flatMap(({ places }) => places)), due.map(holdOf));
    return due.length;
  }

  #end(id: EventId, event: EventState, hold: Hold, fewer: number): void {
    event.holds.delete(hold.hold);
    event.beforeCheckout.delete(hold.hold);
    countPlaces(event, hold.buyer, -fewer);
    this.#lapse(id, hold);
  }

  #lapse(id: EventId, { order, buyer, amount }: Hold): void {
    if (order !== null && amount > 0)
      this.outbox.add(this.partitionOf(id), { kind: 'lapse', event: id, order, buyer });
  }

  #move(
    id: EventId,
    event: EventState,
    kind: SeatEvent,
    places: readonly number[],
    holds: Transition['holds'] = [],
  ): number {
    this.#publish(id, move(event, kind, places, holds));
    return event.version;
  }

  #publish(id: EventId, transition: Transition): void {
    for (const listener of this.#listeners.get(id) ?? []) listener(transition);
  }
}
