/** Asking for seats: the ones picked, or the best there are. */
import type { DownOf, OpId, Result } from '@seatwire/protocol';
import { newOp, UNKNOWN } from './ask-again.ts';
import type { Wish } from './sale-client.ts';
import type { SaleDesk } from './sale-desk.ts';
import { ownPlaces } from './sale-state.ts';

type Held = Result<DownOf<'held'>>;

export class Holding {
  readonly #desk: SaleDesk;
  /** A hold whose outcome nobody told: the same wish is put under the same op. */
  #open: { readonly wish: string; readonly op: OpId } | null = null;

  constructor(desk: SaleDesk) {
    this.#desk = desk;
  }

  /** Whether seats may have become the buyer's without the page knowing it. */
  get unknown(): boolean {
    return this.#open !== null;
  }

  forget(): void {
    this.#open = null;
  }

  async hold(): Promise<void> {
    const { client, event } = this.#desk.options;
    const wanted = this.#desk.now.selection;
    if (wanted.length === 0) return;
    await this.#put('hold', JSON.stringify(wanted), (asked) => client.hold(event, wanted, asked));
  }

  async holdBest(wish: Wish): Promise<void> {
    const { client, event } = this.#desk.options;
    await this.#put('best', JSON.stringify(wish), (asked) => client.holdBest(event, wish, asked));
  }

  #put(control: 'hold' | 'best', wish: string, call: (asked: { op: OpId }) => Promise<Held>): Promise<void> {
    const desk = this.#desk;
    return desk.during(control, async (current) => {
      const op = this.#open?.wish === wish ? this.#open.op : newOp();
      const reply = await desk.ask(current, call, op);
      if (!current()) return;
      if (reply.ok) {
        this.#open = null;
        desk.apply({ type: 'held', hold: reply });
      } else if (UNKNOWN.has(reply.code)) {
        this.#open = { wish, op };
        desk.refuse(reply.code, control);
        void desk.own.find();
      } else {
        await this.#refused(reply, control, current);
      }
    });
  }

  /** What the buyer has is known: either the seats are among it, or the wish may be put again. */
  settle(): void {
    const { refusal, holds, activity } = this.#desk.now;
    if (this.#open === null || activity === 'hold' || activity === 'best') return;
    this.#open = null;
    const asked = refusal?.at === 'hold' || refusal?.at === 'best';
    if (holds.length > 0 && asked) this.#desk.apply({ type: 'dismissed' });
  }

  async #refused(
    reply: Held & { ok: false },
    control: 'hold' | 'best',
    current: () => boolean,
  ): Promise<void> {
    const desk = this.#desk;
    const inTheWay = reply.places ?? [];
    const taken = reply.code === 'place_taken' || reply.code === 'place_blocked';
    // Before anybody is said to have a seat, it must be known that it is not the buyer.
    if (taken && (this.unknown || !desk.now.known)) {
      await desk.own.find();
      if (!current()) return;
      if (desk.now.known) this.#open = null;
    }
    const own = ownPlaces(desk.now);
    const others = inTheWay.filter((place) => !own.has(place));
    if (taken) {
      const selection = desk.now.selection.filter((place) => !others.includes(place) && !own.has(place));
      desk.apply({ type: 'selected', selection });
      if (others.length === 0 && inTheWay.length > 0) return;
    }
    desk.refuse(reply.code, others.length === 0 ? control : 'map', { places: others });
  }
}
