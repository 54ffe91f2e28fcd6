/**
 * What this worker has taken from the outbox and not finished: entries that wait for a transaction, and all that are not acked yet, so
 * that what is taken over after a while is not taken twice by the one who has it.
 */
import type { OutboxBatch } from '@seatwire/store';

export class InHand {
  #waiting: OutboxBatch[] = [];
  #entries = 0;
  readonly #unfinished = new Set<string>();
  readonly #wakes = new Set<() => void>();

  /** Entries that wait for a transaction; 1 if there are only unreadable ones. */
  get waiting(): number {
    return Math.max(this.#entries, Math.min(1, this.#waiting.length));
  }

  /** Leaves out what is in hand already. Returns how many entries are new. */
  add({ partition, entries, unreadable }: OutboxBatch): number {
    const fresh = <E extends { readonly id: string }>(all: readonly E[]) =>
      all.filter(({ id }) => {
        const key = `${partition} ${id}`;
        if (this.#unfinished.has(key)) return false;
        this.#unfinished.add(key);
        return true;
      });
    const batch = { partition, entries: fresh(entries), unreadable: fresh(unreadable) };
    const count = batch.entries.length;
    if (count === 0 && batch.unreadable.length === 0) return 0;
    this.#waiting.push(batch);
    this.#entries += count;
    this.#wake();
    return count;
  }

  /** The first ones, at most so many entries. */
  take(most: number): OutboxBatch[] {
    const taken: OutboxBatch[] = [];
    let room = most;
    while (room > 0 && this.#waiting.length > 0) {
      const { partition, entries, unreadable } = this.#waiting.shift()!;
      const some = entries.slice(0, room);
      taken.push({ partition, entries: some, unreadable });
      if (some.length < entries.length)
        this.#waiting.unshift({ partition, entries: entries.slice(room), unreadable: [] });
      room -= some.length;
      this.#entries -= some.length;
    }
    this.#wake();
    return taken;
  }

  /** Acked, or left for a later round. */
  finished(batches: readonly OutboxBatch[]): void {
    for (const { partition, entries, unreadable } of batches) {
      for (const { id } of entries) this.#unfinished.delete(`${partition} ${id}`);
      for (const { id } of unreadable) this.#unfinished.delete(`${partition} ${id}`);
    }
  }

  /** Resolves once something waits, or the signal says to end. */
  some(signal: AbortSignal): Promise<void> {
    return this.#until(() => this.#waiting.length > 0, signal);
  }

  /** Resolves once fewer than so many entries wait, or the signal says to end. */
  below(most: number, signal: AbortSignal): Promise<void> {
    return this.#until(() => this.#entries < most, signal);
  }

  async #until(holds: () => boolean, signal: AbortSignal): Promise<void> {
    while (!holds() && !signal.aborted) {
      await new Promise<void>((resolve) => {
        const wake = () => {
          signal.removeEventListener('abort', wake);
          this.#wakes.delete(wake);
          resolve();
        };
        signal.addEventListener('abort', wake);
        this.#wakes.add(wake);
      });
    }
  }

  #wake(): void {
    for (const wake of [...this.#wakes]) wake();
  }
}
