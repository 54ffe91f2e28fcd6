/** A sale with a scripted server and a clock that goes when told, for the tests beside. */
import type { EventId, HoldId, OpId, OrderId, RejectCode, UserId } from '@seatwire/protocol';
import type { PaymentMemory } from '../open-payments.ts';
import { Sale } from '../sale.ts';
import type { SaleClient } from '../sale-client.ts';
import type { SelectionMemory } from '../selection-memory.ts';

export const event = '01980000-0000-7000-8000-0000000000e1' as EventId;
export const order = '01980000-0000-7000-8000-0000000000f1' as OrderId;
export const otherOrder = '01980000-0000-7000-8000-0000000000f2' as OrderId;
export const ann = '01980000-0000-7000-8000-0000000000a1' as UserId;
export const bob = '01980000-0000-7000-8000-0000000000b1' as UserId;
export const HOLD_MS = 300_000;

type Command = Exclude<keyof SaleClient, 'serverNow'>;
const COMMANDS = ['hold', 'holdBest', 'extend', 'release', 'checkout', 'pay', 'mine'] as const;
/** An answer; or how it is found; a promise is one that takes its time. */
type Script = unknown | ((...args: never[]) => unknown);

export const holdId = (name: string) => name.repeat(22).slice(0, 22) as HoldId;

/** As the server tells a hold. */
export function hold(
  name: string,
  places: number[],
  more: { expiresAt?: number; paying?: boolean; order?: OrderId | null } = {},
) {
  return {
    hold: holdId(name),
    fence: 1,
    places,
    prices: places.map(() => 500),
    amount: 500 * places.length,
    currency: 'EUR',
    expiresAt: HOLD_MS,
    paying: false,
    order: null,
    ...more,
  };
}
export const held = (name: string, places: number[], more: { expiresAt?: number } = {}) => ({
  ok: true as const,
  type: 'held' as const,
  op: 'op-12345678' as OpId,
  event,
  ...hold(name, places, more),
});
export const mine = (
  holds: ReturnType<typeof hold>[] = [],
  orders: {
    order: OrderId;
    status: 'accepted' | 'confirmed' | 'rejected' | 'cancelled';
    places: number[];
  }[] = [],
) => ({ ok: true as const, type: 'mine' as const, op: 'op-12345678' as OpId, event, holds, orders });
export const no = (code: RejectCode, places: number[] | null = null) => ({
  ok: false as const,
  code,
  places,
});

export class ScriptedSale {
  /** What each command is answered; a list is used up from its front, its last entry stays. */
  readonly answers: Partial<Record<Command, Script>> = { mine: mine() };
  readonly asked: [Command, ...unknown[]][] = [];
  /** Places that are not free on the map. */
  readonly taken = new Set<number>();
  /** Ms; also the server's clock. */
  time = 0;
  readonly sale: Sale;
  readonly #timers = new Set<{ at: number; callback: () => void }>();

  constructor(options: { memory?: SelectionMemory; payments?: PaymentMemory; maxPerHold?: number } = {}) {
    const client = Object.fromEntries(
      COMMANDS.map((name) => [name, (...args: unknown[]) => this.#answer(name, args)]),
    );
    this.sale = new Sale({
      event,
      maxPerHold: options.maxPerHold ?? 3,
      holdMs: HOLD_MS,
      client: { ...client, serverNow: () => this.time } as unknown as SaleClient,
      isFree: (place) => !this.taken.has(place),
      time: { now: () => this.time, after: (ms, callback) => this.#after(ms, callback) },
      ...(options.memory ? { memory: options.memory } : {}),
      ...(options.payments ? { payments: options.payments } : {}),
    });
  }

  get state() {
    return this.sale.state.get();
  }

  /** Names of the commands so far. */
  get names(): Command[] {
    return this.asked.map(([name]) => name);
  }

  /** Each command's op so far. */
  ops(name: Command): unknown[] {
    return this.asked.filter(([one]) => one === name).map((one) => (one.at(-1) as { op?: OpId }).op);
  }

  /** A buyer with these holds. */
  async as(user: UserId, ...holds: ReturnType<typeof hold>[]): Promise<void> {
    this.answers.mine = mine(holds);
    this.sale.setUser(user);
    await settled();
    this.asked.length = 0;
  }

  /** Lets time pass, and what waits for it happen. */
  async pass(ms: number): Promise<void> {
    const end = this.time + ms;
    for (;;) {
      await settled();
      const next = [...this.#timers].filter(({ at }) => at <= end).sort((a, b) => a.at - b.at)[0];
      if (!next) break;
      this.#timers.delete(next);
      this.time = Math.max(this.time, next.at);
      next.callback();
    }
    this.time = end;
  }

  async #answer(name: Command, args: unknown[]): Promise<unknown> {
    this.asked.push([name, ...args]);
    let script = this.answers[name];
    if (Array.isArray(script)) script = script.length > 1 ? script.shift() : script[0];
    return typeof script === 'function' ? script(...args) : script;
  }

  #after(ms: number, callback: () => void): () => void {
    const timer = { at: this.time + ms, callback };
    this.#timers.add(timer);
    return () => this.#timers.delete(timer);
  }
}

/** All that can happen without time passing has happened. */
export async function settled(): Promise<void> {
  for (let i = 0; i < 50; i++) await Promise.resolve();
}

/** A promise that the test settles. */
export function later<T>(): { promise: Promise<T>; come: (value: T) => Promise<void> } {
  let resolve: (value: T) => void = () => {};
  const promise = new Promise<T>((done) => {
    resolve = done;
  });
  return {
    promise,
    come: async (value) => {
      resolve(value);
      await settled();
    },
  };
}
