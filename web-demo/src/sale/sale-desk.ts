/** What the verbs share: the state and its one way to change, one activity at a time, and commands that are asked until answered. */
import type { DownOf, EventId, HoldId, OpId, RejectCode, Result } from '@seatwire/protocol';
import { type Store, store } from '../connection/store.ts';
import type { BuyerCode } from '../words/refusals.ts';
import { askAgain, newOp } from './ask-again.ts';
import { type Asked, OwnHolds } from './own-holds.ts';
import type { SaleClient, SaleTime } from './sale-client.ts';
import { after, orderOf, type SaleEvent } from './sale-events.ts';
import { type Activity, earliestEnd, NOTHING_YET, type Refusal, type SaleState } from './sale-state.ts';

export interface SaleOptions {
  readonly event: EventId;
  readonly maxPerHold: number;
  /** How long a hold, and each extension, lasts at most. */
  readonly holdMs: number;
  readonly client: SaleClient;
  /** By the map as it is now. */
  readonly isFree: (place: number) => boolean;
  readonly time: SaleTime;
}

/** Unanswered for this long, something is said about it. */
export const SLOW_MS = 3_000;
/** A hold that is this long past its end without a word was missed: the server is asked. */
const OVERDUE_MS = 2_000;
/** A hold in checkout that is not there any more may have become an order a moment ago: so often it is asked about before it is gone. */
const DOUBTS = 3;
/** Events after which an answer to `mine`, asked before, is old news. */
const TOUCHES: ReadonlySet<SaleEvent['type']> = new Set<SaleEvent['type']>([
  ...(['held', 'told', 'extended', 'checked-out', 'declined', 'accepted', 'ended', 'order', 'user'] as const),
]);

export class SaleDesk {
  readonly options: SaleOptions;
  readonly state: Store<SaleState> = store(NOTHING_YET);
  readonly own: OwnHolds;
  /** Ops of this user's commands: what a late answer must carry to be believed. */
  readonly ops = new Set<OpId>();
  /** Called each time that it is known what the buyer has here. */
  onKnown: () => void = () => {};
  #turn = 0;
  #touched = 0;
  #doubts = 0;
  #overdue: () => void = () => {};

  constructor(options: SaleOptions) {
    this.options = options;
    const waiting = () => this.now.holds.some(({ awaited }) => awaited);
    this.own = new OwnHolds(() => this.#mine(), options.time, waiting);
  }

  get now(): SaleState {
    return this.state.get();
  }

  /** Changes with the user: what was begun in another turn is not to be finished in this one. */
  get turn(): number {
    return this.#turn;
  }

  apply(event: SaleEvent): void {
    if (TOUCHES.has(event.type)) this.#touched++;
    const before = this.now.holds;
    this.state.update((state) => after(state, event));
    if (this.now.holds !== before) this.#awaitEnd();
  }

  nextTurn(): void {
    this.#turn++;
    this.ops.clear();
    this.own.stop();
  }

  refuse(
    code: BuyerCode,
    at: Refusal['at'],
    more: { places?: readonly number[]; method?: string | null } = {},
  ): void {
    const { places = [], method = null } = more;
    this.apply({ type: 'refused', refusal: { code, at, place: places[0] ?? null, places, method } });
  }

  holds(hold: HoldId): boolean {
    return this.now.holds.some((one) => one.hold === hold);
  }

  /** One activity at a time. `work` hears whether its user is still there; what it leaves behind of another's turn is dropped. */
  async during(activity: Activity, work: (current: () => boolean) => Promise<void>): Promise<void> {
    if (this.now.activity !== null) return;
    const turn = this.#turn;
    const current = () => turn === this.#turn;
    this.apply({ type: 'asked', activity });
    const cancel = this.options.time.after(SLOW_MS, () => current() && this.apply({ type: 'slow' }));
    try {
      await work(current);
    } finally {
      cancel();
      if (current()) this.apply({ type: 'answered' });
    }
  }

  ask<T>(
    current: () => boolean,
    call: (asked: { op: OpId }) => Promise<Result<T>>,
    op = newOp(),
    open?: ReadonlySet<RejectCode>,
  ): Promise<Result<T>> {
    this.ops.add(op);
    return askAgain((again) => call({ op: again }), op, this.options.time, current, open);
  }

  stop(): void {
    this.nextTurn();
    this.#overdue();
  }

  async #mine(): Promise<Asked> {
    const { client, event } = this.options;
    const [turn, touched] = [this.#turn, this.#touched];
    if (this.now.user === null) return 'done';
    const reply = await client.mine(event);
    if (turn !== this.#turn) return 'stale';
    if (!reply.ok) return 'failed';
    if (touched !== this.#touched) return 'stale';
    const now = client.serverNow();
    const unsure = this.#unsure(reply, now);
    this.apply({ type: 'mine', holds: reply.holds, orders: reply.orders, now, unsure });
    this.onKnown();
    return unsure.size === 0 ? 'done' : 'failed';
  }

  /** Between its sale and its order a hold is in neither list. */
  #unsure({ holds, orders }: Pick<DownOf<'mine'>, 'holds' | 'orders'>, now: number): ReadonlySet<HoldId> {
    const there = new Set(holds.map(({ hold }) => hold));
    const vanished = this.now.holds.filter(
      (one) =>
        one.paying &&
        !one.awaited &&
        one.expiresAt > now &&
        !there.has(one.hold) &&
        orderOf(one, orders) === undefined,
    );
    this.#doubts = vanished.length > 0 ? this.#doubts + 1 : 0;
    return new Set(this.#doubts > DOUBTS ? [] : vanished.map(({ hold }) => hold));
  }

  #awaitEnd(): void {
    this.#overdue();
    this.#overdue = () => {};
    const end = earliestEnd(this.now.holds);
    if (end === null) return;
    const ms = Math.max(0, end - this.options.client.serverNow()) + OVERDUE_MS;
    this.#overdue = this.options.time.after(ms, () => void this.own.find());
  }
}
