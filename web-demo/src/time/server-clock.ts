/**
 * What time it is at the server, by the page's steady clock: the machine's own may be wrong, and setting it while the page is open
 * changes nothing here.
 *
 * The socket tells the time to some milliseconds, an answer's `Date` header to two seconds (whole seconds, renewed once a second).
 * What is known is therefore a span of offsets; each answer narrows it. An answer that does not fit shows that the steady clock
 * stood still (machines that sleep stop it), and begins anew.
 */
/** A socket's word and a header may differ by so much without being at odds: half a slow round trip. */
const SLACK_MS = 1000;
const DATE_MS = 2000;
/** The machine's clock and the steady one drift apart by less than this unless one was set or slept. */
const JUMP_MS = 1000;

export interface Clocks {
  /** Ms from any beginning; never set. */
  readonly steady: () => number;
  /** Epoch ms of the machine, right or wrong: believed only while nothing better is known. */
  readonly wall: () => number;
}

export class ServerClock {
  readonly #clocks: Clocks;
  readonly #watchers = new Set<() => void>();
  /** Server time less steady time lies between these. */
  #span: { readonly least: number; readonly most: number } | null = null;
  #drift: number;

  constructor(clocks: Clocks) {
    this.#clocks = clocks;
    this.#drift = clocks.wall() - clocks.steady();
  }

  /** Epoch ms of the server, our best guess. */
  now(): number {
    if (this.#span === null) return Math.floor(this.#clocks.wall());
    return Math.floor(this.#clocks.steady() + (this.#span.least + this.#span.most) / 2);
  }

  /** For `heardDate`: when the request left, when its answer came. */
  steady(): number {
    return this.#clocks.steady();
  }

  /** The socket says what time it is now. */
  heard(serverTime: number): void {
    const offset = serverTime - this.#clocks.steady();
    this.#know({ least: offset, most: offset });
  }

  /** An answer's `Date`, epoch ms; it was asked for at `askedAt` and has just come (steady times). */
  heardDate(date: number, askedAt: number): void {
    if (!Number.isFinite(date)) return;
    const [least, most] = [date - this.#clocks.steady(), date + DATE_MS - askedAt];
    const known = this.#span;
    if (known === null || known.most < least - SLACK_MS || known.least > most + SLACK_MS) {
      this.#know({ least, most });
      return;
    }
    const both = { least: Math.max(known.least, least), most: Math.min(known.most, most) };
    if (both.least <= both.most) this.#know(both);
  }

  /** Whether the machine's clock was set, or the machine slept, since this was last asked: time to ask the server. */
  jumped(): boolean {
    const drift = this.#clocks.wall() - this.#clocks.steady();
    const jumped = Math.abs(drift - this.#drift) > JUMP_MS;
    this.#drift = drift;
    return jumped;
  }

  /** Told when it is another time than was thought. */
  watch(listener: () => void): () => void {
    this.#watchers.add(listener);
    return () => this.#watchers.delete(listener);
  }

  #know(span: { least: number; most: number }): void {
    const before = this.now();
    this.#span = span;
    if (this.now() !== before) for (const tell of [...this.#watchers]) tell();
  }
}
