/** One socket: the protocol's own client in k6, with each answer timed, each purchase followed to its end, and the last map reported. */
import type { Down, HoldId, RejectCode } from '@seatwire/protocol';
import { SeatwireClient } from '@seatwire/protocol/client';
import { K6Socket } from './k6-socket.ts';
import { bought, confirmMs, granted, holdMs, joinMs, refused, report, run, time, until } from './run.ts';

/** Refusals that a busy sale is full of; any other is trouble. */
const ORDINARY: readonly RejectCode[] = [
  'place_taken',
  'place_blocked',
  'orphan_seat',
  'not_enough_places',
  'not_together',
  'buyer_limit',
];
const CONFIRM_WITHIN_MS = 15_000;

type Order = Extract<Down, { type: 'order' }>;
type Held = Extract<Awaited<ReturnType<SeatwireClient['hold']>>, { ok: true }>;

export class Buyer {
  readonly #socket: number;
  readonly #client: SeatwireClient;
  /** The last word on each order, and who waits for it: the notice may come before the answer to `pay` does. */
  readonly #words = new Map<string, Order['status']>();
  readonly #waiting = new Map<string, (status: Order['status']) => void>();
  /** Whether this buyer may have no more. */
  full = false;

  constructor(socket: number) {
    this.#socket = socket;
    const token = run.tokens[socket % run.tokens.length]!;
    this.#client = new SeatwireClient({
      url: run.socketUrl,
      WebSocket: K6Socket,
      name: 'k6',
      token: async () => token,
    });
    this.#client.on('order', ({ order, status }) => {
      this.#words.set(order, status);
      if (status !== 'accepted') this.#waiting.get(order)?.(status);
    });
  }

  /** False, and reported, when the room could not be entered. */
  async enter(): Promise<boolean> {
    const began = Date.now();
    this.#client.start();
    const joined = await this.#client.join(run.event);
    time(joinMs, this.#socket, began);
    if (!joined.ok) this.#trouble(`join: ${joined.code}`);
    return joined.ok;
  }

  /** Free places of the map as this client has it, at most `limit`, from `from` on and around. */
  free(from: number, limit: number): number[] {
    const map = this.#client.room(run.event)?.map;
    const places: number[] = [];
    if (!map) return places;
    for (let i = 0; i < map.places && places.length < limit; i++) {
      const place = (from + i) % map.places;
      if (map.get(place) === 0) places.push(place);
    }
    return places;
  }

  get places(): number {
    return this.#client.room(run.event)?.map.places ?? 0;
  }

  hold(places: readonly number[]): Promise<Held | null> {
    return this.#held(this.#client.hold(run.event, places));
  }

  holdBest(count: number): Promise<Held | null> {
    return this.#held(this.#client.holdBest(run.event, { count, together: true }));
  }

  async #held(answer: ReturnType<SeatwireClient['hold']>): Promise<Held | null> {
    const began = Date.now();
    const held = await answer;
    time(holdMs, this.#socket, began);
    if (held.ok) {
      granted.add(1);
      return held;
    }
    refused.add(1);
    if (held.code === 'buyer_limit') this.full = true;
    if (!ORDINARY.includes(held.code)) this.#trouble(`hold: ${held.code}`);
    return null;
  }

  async release(hold: HoldId): Promise<void> {
    const released = await this.#client.release(run.event, hold);
    if (!released.ok) this.#trouble(`release: ${released.code}`);
  }

  /** Pays, and waits for the ledger's word. */
  async buy(held: Held): Promise<void> {
    const out = await this.#client.checkout(run.event, held.hold);
    if (!out.ok) return this.#trouble(`checkout: ${out.code}`);
    const began = Date.now();
    const accepted = await this.#client.pay(run.event, held.hold, 'tok_ok');
    if (!accepted.ok) return this.#trouble(`pay: ${accepted.code}`);
    const status = await this.#word(accepted.order);
    time(confirmMs, this.#socket, began);
    if (status === 'confirmed') bought.add(held.places.length);
    else this.#trouble(`order ${accepted.order} is ${status} after ${Date.now() - began} ms`);
    report({ kind: 'order', socket: this.#socket, order: accepted.order, places: held.places, status });
  }

  async #word(order: string): Promise<Order['status']> {
    const known = this.#words.get(order);
    if (known !== undefined && known !== 'accepted') return known;
    const status = await new Promise<Order['status']>((resolve) => {
      const late = setTimeout(() => resolve('accepted'), CONFIRM_WITHIN_MS);
      this.#waiting.set(order, (last) => {
        // A timer left behind would keep k6's iteration open.
        clearTimeout(late);
        resolve(last);
      });
    });
    this.#waiting.delete(order);
    return status;
  }

  /** Waits until all is over, says what this client's map is, and leaves. */
  async leave(): Promise<void> {
    await until(run.readsAt);
    const room = this.#client.room(run.event);
    if (room === null) this.#trouble(`no map at the end; session ${this.#client.state}`);
    else {
      const { map, epoch, version } = room;
      if (run.wrongMap && this.#socket === run.sockets - 1) map.set(0, map.get(0) === 2 ? 0 : 2);
      const finding = { epoch, version, checksum: map.checksum, sold: map.count(2), held: map.count(1) };
      report({ kind: 'map', socket: this.#socket, ...finding });
    }
    this.#client.stop();
  }

  #trouble(what: string): void {
    report({ kind: 'trouble', socket: this.#socket, what });
  }
}
