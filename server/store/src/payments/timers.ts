/** Waits that end with their owner: `close` rejects every one under way, so that nobody waits for what will not come. */
export class Timers {
  readonly #waits = new Set<(error: Error) => void>();
  #closed = false;

  pause(ms: number): Promise<void> {
    return this.#wait(ms, (resolve) => resolve());
  }

  /** Until `close`. */
  never(): Promise<never> {
    return this.#wait<never>(null, () => undefined);
  }

  /** What `work` comes to, unless that takes longer: then it rejects, and the work goes on unheard. */
  within<T>(ms: number, work: Promise<T>): Promise<T> {
    return this.#wait<T>(
      ms,
      (_, reject) => reject(new Error(`no answer within ${ms} ms`)),
      (resolve, reject) => work.then(resolve, reject),
    );
  }

  close(): void {
    this.#closed = true;
    for (const end of [...this.#waits]) end(new Error('closed'));
  }

  #wait<T>(
    ms: number | null,
    atTheEnd: (resolve: (value: T) => void, reject: (error: unknown) => void) => void,
    meanwhile?: (resolve: (value: T) => void, reject: (error: unknown) => void) => void,
  ): Promise<T> {
    return new Promise<T>((resolve, reject) => {
      const settle =
        <A>(how: (value: A) => void) =>
        (value: A) => {
          clearTimeout(timer);
          this.#waits.delete(end);
          how(value);
        };
      const end = settle<unknown>(reject);
      const done = settle<T>(resolve as (value: T) => void);
      const timer = ms === null ? undefined : setTimeout(() => atTheEnd(done, end), ms);
      if (this.#closed) {
        end(new Error('closed'));
        return;
      }
      this.#waits.add(end);
      meanwhile?.(done, end);
    });
  }
}
