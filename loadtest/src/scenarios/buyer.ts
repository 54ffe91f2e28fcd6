/** One socket: the protocol's own client in k6, with each answer timed, each purchase followed to its end, and the last map reported. */
import type { DownOf, HoldId, RejectCode } from '@seatwire/protocol';
import { SeatwireClient } from '@seatwire/protocol/client';
import { tokenOf } from './accounts.ts';
import { holdHeard, holdRefused, holdSeen, holdSent } from './diff-age.ts';
import { breakable } from './k6-socket.ts';
import * as metrics from './metrics.ts';
import { report, run, TIMED, until } from './run.ts';
import { tally } from './tally.ts';

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
const REJOIN_WITHIN_MS = 20_000;

type Order = DownOf<'order'>;
type Held = Extract<Awaited<ReturnType<SeatwireClient['hold']>>, { ok: true }>;

export class Buyer {
  readonly socket: number;
  /** Whether this socket's times count. */
  readonly timed: boolean;
  readonly #client: SeatwireClient;
  readonly #line = breakable();
  /** The last word on each order, and who waits for it: the notice may come before the answer to `pay` does. */
  readonly #words = new Map<string, Order['status']>();
  readonly #waiting = new Map<string, (status: Order['status']) => void>();
  /** When the connection was broken on purpose, and who waits for it to be whole again. */
  #cutAt: number | null = null;
  #whole: () => void = () => {};
  /** Whether this buyer may have no more. */
  full = false;

  constructor(socket: number) {
    this.socket = socket;
    this.timed = socket < TIMED;
    this.#client = new SeatwireClient({
      url: run.socketUrl,
      WebSocket: this.#line.Socket,
      name: 'k6',
      token: (refused) => tokenOf(socket, refused),
      // The first wait before coming back is none, so that a storm is one.
      random: () => 0,
    });
    this.#client.on('order', ({ order, status }) => {
      this.#words.set(order, status);
      if (status !== 'accepted') this.#waiting.get(order)?.(status);
    });
    this.#client.on('rejoined', ({ how }) => this.#rejoined(how));
    // Timed sockets are all of one virtual user, the one that can tell a change's age; the others save themselves the trouble.
    if (this.timed)
      this.#client.on('changes', ({ room, places }) => {
        for (const place of places) if (room.map.get(place) === 1) holdSeen(place, this.socket);
      });
  }

  /** False, and reported, when the room could not be entered. */
  async enter(): Promise<boolean> {
    const began = Date.now();
    this.#client.start();
    const joined = await this.#client.join(run.event);
    this.#time(metrics.joinMs, began);
    if (joined.ok) tally.joined++;
    else this.trouble(`join: ${joined.code}`);
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

  /** A free place anywhere in the hall. */
  freeAnywhere(): number[] {
    return this.free(Math.floor(Math.random() * this.places), 1);
  }

  get places(): number {
    return this.#client.room(run.event)?.map.places ?? 0;
  }

  async hold(places: readonly number[]): Promise<Held | null> {
    const [first] = places;
    if (this.timed) holdSent(places);
    const held = await this.#held(this.#client.hold(run.event, places));
    if (this.timed) {
      if (held === null) holdRefused(first!);
      else holdHeard(first!);
    }
    return held;
  }

  holdBest(count: number): Promise<Held | null> {
    return this.#held(this.#client.holdBest(run.event, { count, together: true }));
  }

  async #held(answer: ReturnType<SeatwireClient['hold']>): Promise<Held | null> {
    const began = Date.now();
    const held = await answer;
    this.#time(metrics.holdMs, began);
    if (held.ok) {
      metrics.granted.add(1);
      tally.granted++;
      return held;
    }
    metrics.refused.add(1);
    tally.refused++;
    if (held.code === 'place_taken') metrics.conflicts.add(1);
    if (held.code === 'buyer_limit') this.full = true;
    if (!ORDINARY.includes(held.code)) this.trouble(`hold: ${held.code}`);
    return null;
  }

  async release({ hold }: { hold: HoldId }): Promise<void> {
    const released = await this.#client.release(run.event, hold);
    if (!released.ok) this.trouble(`release: ${released.code}`);
  }

  /** Pays, and waits for the ledger's word. */
  async buy(held: Held): Promise<void> {
    const out = await this.#client.checkout(run.event, held.hold);
    if (!out.ok) return this.trouble(`checkout: ${out.code}`);
    const began = Date.now();
    const accepted = await this.#client.pay(run.event, held.hold, 'tok_ok');
    if (!accepted.ok) return this.trouble(`pay: ${accepted.code}`);
    const acceptedAt = Date.now();
    const { order } = accepted;
    const status = await this.#word(order);
    this.#time(metrics.confirmMs, began);
    this.#time(metrics.confirmedLagMs, acceptedAt);
    if (status === 'confirmed') {
      metrics.bought.add(held.places.length);
      tally.bought += held.places.length;
    } else this.trouble(`order ${order} is ${status} after ${Date.now() - began} ms`);
    const { places, prices, amount, currency } = held;
    report({ kind: 'order', socket: this.socket, order, places, prices, amount, currency, status });
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

  /** Breaks the connection, as a network does, and resolves once the map is live again. Not while one is broken already. */
  async reconnect(): Promise<void> {
    this.#cutAt = Date.now();
    const whole = new Promise<boolean>((resolve) => {
      const late = setTimeout(() => resolve(false), REJOIN_WITHIN_MS);
      this.#whole = () => {
        clearTimeout(late);
        resolve(true);
      };
    });
    this.#line.cut();
    if (!(await whole))
      this.trouble(`not back in the room after ${REJOIN_WITHIN_MS} ms; ${this.#client.state}`);
  }

  #rejoined(how: 'resumed' | 'snapshot'): void {
    if (this.#cutAt === null) {
      metrics.resyncs.add(1);
      return;
    }
    (how === 'resumed' ? metrics.resumed : metrics.reloaded).add(1);
    tally.rejoined++;
    this.#time(metrics.rejoinMs, this.#cutAt);
    this.#cutAt = null;
    this.#whole();
  }

  /** Waits until all is over, says what this client's map is, and leaves. */
  async leave(): Promise<void> {
    await until(run.readsAt);
    const room = this.#client.room(run.event);
    if (room === null) this.trouble(`no map at the end; session ${this.#client.state}`);
    else {
      const { map, epoch, version } = room;
      if (run.wrongMap && this.socket === run.sockets - 1) map.set(0, map.get(0) === 2 ? 0 : 2);
      const finding = { epoch, version, checksum: map.checksum, sold: map.count(2), held: map.count(1) };
      report({ kind: 'map', socket: this.socket, ...finding });
    }
    this.#client.stop();
  }

  trouble(what: string): void {
    report({ kind: 'trouble', socket: this.socket, what });
  }

  #time(trend: { add(value: number, tags?: Record<string, string>): void }, began: number): void {
    if (this.timed) trend.add(Date.now() - began, { third: thirdOf(began) });
  }
}

/** Which third of the run a moment is in: a soak compares the last with the first. */
function thirdOf(at: number): string {
  const share = (at - run.opensAt) / (run.closesAt - run.opensAt);
  return share < 1 / 3 ? 'first' : share < 2 / 3 ? 'middle' : 'last';
}
