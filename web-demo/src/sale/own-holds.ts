/**
 * Finds out what the buyer has here (`mine`): one question at a time, asked again with growing pauses until it is answered.
 * An answer that something overtook is old news: the question is put anew.
 */
import type { SaleTime } from './sale-client.ts';

/** done: known. stale: overtaken. failed: no answer, or not a whole one. */
export type Asked = 'done' | 'stale' | 'failed';

const PAUSES_MS = [1_000, 2_000, 4_000, 8_000, 15_000, 30_000];

export class OwnHolds {
  readonly #ask: () => Promise<Asked>;
  readonly #time: SaleTime;
  readonly #urgent: () => boolean;
  #asking: Promise<boolean> | null = null;
  #again = false;
  #tries = 0;
  #cancel: () => void = () => {};

  /** `urgent`: somebody waits for what only the answer brings, so the question is not given up. */
  constructor(ask: () => Promise<Asked>, time: SaleTime, urgent: () => boolean) {
    this.#ask = ask;
    this.#time = time;
    this.#urgent = urgent;
  }

  /** Settles when the question was put once more: true if it was answered. It goes on being put until then. */
  find(): Promise<boolean> {
    this.#tries = 0;
    this.#cancel();
    if (this.#asking) this.#again = true;
    this.#asking ??= this.#run();
    return this.#asking;
  }

  stop(): void {
    this.#cancel();
    this.#again = false;
    this.#tries = PAUSES_MS.length;
  }

  async #run(): Promise<boolean> {
    let asked: Asked = 'failed';
    let overtaken = 0;
    try {
      do {
        this.#again = false;
        asked = await this.#ask();
        // Overtaken time and again, it is left to the next pause.
        if (asked === 'stale' && ++overtaken < 4) this.#again = true;
      } while (this.#again);
    } finally {
      // Before anybody else runs: a question put from now on is a new one.
      this.#asking = null;
    }
    const ms = PAUSES_MS[this.#tries++] ?? (this.#urgent() ? PAUSES_MS.at(-1) : undefined);
    if (asked !== 'done' && ms !== undefined) this.#cancel = this.#time.after(ms, () => this.#retry());
    return asked === 'done';
  }

  #retry(): void {
    const tries = this.#tries;
    void this.find();
    this.#tries = tries;
  }
}
